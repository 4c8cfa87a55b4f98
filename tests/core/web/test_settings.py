"""An administrator sets their own community, and no other."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Literal

import pytest
from django.test import Client
from pydantic import Field

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.registry.models import Activation
from communs.core.registry.service import Options
from communs.core.web.options_form import form_for
from tests import pages

pytestmark = pytest.mark.django_db

FUND = "/antony/reglages/services/fund/"
LOOK = "/antony/reglages/apparence/"
GOOD = {"on": "on", "page_size": "25", "contact_email": "fonds@antony.example", "show_map": "on"}


@pytest.mark.parametrize("path", ["/antony/reglages/", FUND, LOOK])
def test_who_is_nobody_is_asked_to_sign_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/antony/compte/connexion/?next={path}"


@pytest.mark.parametrize("start", ["", "/sceaux", "/vallee-sud-grand-paris", "/en/sceaux"])
def test_who_administers_elsewhere_is_refused_and_changes_nothing(
    signed_in: Client, start: str, sceaux: Community
) -> None:
    for path in ("/reglages/", "/reglages/services/fund/", "/reglages/apparence/"):
        assert signed_in.get(f"{start}{path}").status_code == 404
    assert signed_in.post(f"{start}/reglages/services/fund/", GOOD).status_code == 404
    with within(sceaux):
        assert not Activation.objects.exists()
        assert not Event.objects.exists()


def test_a_role_that_is_over_is_no_role(administrator: Person, antony: Community) -> None:
    with within(antony):
        Membership.objects.filter(person=administrator).update(until="2020-01-01")
    client = Client()
    client.force_login(administrator)
    assert client.get("/antony/reglages/").status_code == 404


def test_an_editor_does_not_administer(antony: Community) -> None:
    editor = Person.objects.create_user("editor@demo.example", name="Rédaction")
    with within(antony):
        Membership.objects.create(person=editor, role=Role.EDITOR)
    client = Client()
    client.force_login(editor)
    assert client.get("/antony/reglages/").status_code == 403


def test_switching_on_and_setting_is_one_recorded_event(
    signed_in: Client, antony: Community, administrator: Person
) -> None:
    assert signed_in.get("/antony/fonds/registre/").status_code == 404
    response = signed_in.post(FUND, GOOD, follow=True)
    assert "Réglages enregistrés." in pages.text(response)
    options = {"page_size": 25, "contact_email": "fonds@antony.example", "show_map": True}
    with within(antony):
        row = Activation.objects.get(service="fund")
        event = Event.objects.get(name="registry.service_set")
    assert (row.on, row.options) == (True, options)
    assert (event.name, event.actor, event.subject, event.data) == (
        "registry.service_set",
        administrator.pk,
        f"registry.activation:{row.pk}",
        {"service": "fund", "on": True, "options": options},
    )
    assert signed_in.get("/antony/fonds/registre/").status_code == 200


def test_switching_off_keeps_what_was_set(signed_in: Client, antony: Community) -> None:
    signed_in.post(FUND, GOOD)
    signed_in.post(FUND, GOOD | {"on": ""})
    assert signed_in.get("/antony/fonds/registre/").status_code == 404
    with within(antony):
        assert Activation.objects.get(service="fund").options["page_size"] == 25


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"page_size": "9"}, "Subventions par page du registre", "au moins 10"),
        ({"page_size": "201"}, "Subventions par page du registre", "au plus 200"),
        ({"page_size": "beaucoup"}, "Subventions par page du registre", "nombre entier"),
        ({"page_size": "9" * 30}, "Subventions par page du registre", "au plus 200"),
        ({"contact_email": "pas une adresse"}, "Adresse électronique", "pas celle attendue"),
        ({"contact_email": "a" * 300}, "Adresse électronique", "au plus 254 caractères"),
    ],
)
def test_a_wrong_option_is_named_and_what_was_typed_is_kept(
    signed_in: Client, antony: Community, change: dict[str, str], field: str, sentence: str
) -> None:
    response = signed_in.post(FUND, GOOD | change)
    assert response.status_code == 422
    text = pages.text(response)
    assert field in text
    assert sentence in text
    typed = next(iter(change.values()))
    assert typed in response.content.decode()
    with within(antony):
        assert not Activation.objects.exists()


def test_a_service_that_does_not_exist_has_no_settings(signed_in: Client) -> None:
    assert signed_in.get("/antony/reglages/services/nope/").status_code == 404


def test_colours_that_can_be_read_are_kept_and_used(signed_in: Client, antony: Community) -> None:
    response = signed_in.post(LOOK, {"brand": "#7A1FA2", "warm": "#8a3b00"}, follow=True)
    assert "Couleurs enregistrées." in pages.text(response)
    antony.refresh_from_db()
    assert (antony.brand, antony.warm) == ("#7a1fa2", "#8a3b00")
    assert "#7a1fa2" in signed_in.get("/antony/couleurs.css").content.decode()
    assert "/antony/couleurs.css" in signed_in.get("/antony/").content.decode()
    assert "couleurs.css" not in signed_in.get("/sceaux/").content.decode()


@pytest.mark.parametrize(
    ("colours", "sentence"),
    [
        ({"brand": "#ffee00", "warm": "#8a3b00"}, "se lit mal"),
        ({"brand": "red", "warm": "#8a3b00"}, "s’écrit #rrvvbb"),
        ({"brand": "#0b5b63", "warm": "#12345g"}, "s’écrit #rrvvbb"),
        ({"brand": "#0b5b63"}, "obligatoire"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(
    signed_in: Client, antony: Community, colours: dict[str, str], sentence: str
) -> None:
    response = signed_in.post(LOOK, colours)
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert colours["brand"] in response.content.decode()
    antony.refresh_from_db()
    assert antony.css_tokens == ""


class Speed(Enum):
    SLOW = "slow"
    FAST = "fast"


class Everything(Options):
    """One option of each kind that a settings form knows."""

    flag: bool = Field(default=True, title="Flag", description="d")
    count: int = Field(default=3, ge=1, le=9, title="Count", description="d")
    price: Decimal = Field(default=Decimal("1.50"), ge=0, title="Price", description="d")
    share: float = Field(default=0.5, le=1, title="Share", description="d")
    name: str = Field(default="a", min_length=1, title="Name", description="d")
    mode: Literal["one", "two"] = Field(default="one", title="Mode", description="d")
    speed: Speed = Field(default=Speed.SLOW, title="Speed", description="d")
    lines: list[str] = Field(default=["x", "y"], max_length=3, title="Lines", description="d")


def test_a_form_is_made_for_every_kind_of_option() -> None:
    data = {
        "count": "4",
        "price": "2,50",
        "share": "0,25",
        "name": "b",
        "mode": "two",
        "speed": "fast",
        "lines": "un\n\n deux \n",
    }
    form = form_for(Everything)(data)
    assert form.is_valid(), form.errors
    assert form.options == Everything(
        flag=False,
        count=4,
        price=Decimal("2.50"),
        share=0.25,
        name="b",
        mode="two",
        speed=Speed.FAST,
        lines=["un", "deux"],
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mode": "three"}, "mode"),
        ({"lines": "a\nb\nc\nd"}, "lines"),
        ({"name": ""}, "name"),
        ({"price": "-1"}, "price"),
        ({"share": "2"}, "share"),
        ({"count": "1.5"}, "count"),
    ],
)
def test_each_kind_refuses_what_it_is_not(change: dict[str, str], field: str) -> None:
    data = {
        "count": "4", "price": "2", "share": "0", "name": "b", "mode": "two", "speed": "slow",
        "lines": "",
    }  # fmt: skip
    form = form_for(Everything)(data | change)
    assert list(form.errors) == [field]


def test_options_describe_themselves_as_json_schema() -> None:
    schema = Everything.model_json_schema()
    assert schema["properties"]["count"] == {
        "default": 3,
        "description": "d",
        "maximum": 9,
        "minimum": 1,
        "title": "Count",
        "type": "integer",
    }
