"""The first run: five steps, open with the code only, closed for good once somebody administers."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Affiliation, Community, Outline, Population
from communs.core.communities.owned import owned_models
from communs.core.communities.scope import across, as_owner, within
from communs.core.jobs.worker import Worker
from communs.core.people.models import FailedSignIns, Person
from communs.core.registry.models import Activation
from communs.core.web import installation
from tests import pages

pytestmark = pytest.mark.django_db

START = "/en/installation/"
STEPS = ["metropole/", "verifications/", "services/", "compte/"]
SIREN = "200054781"
LIST = "insee,name,siren,postcodes,population\n92002,Antony,,92160,63000\n92071,Sceaux,,,\n"
ME = {"name": "Nina", "email": "nina@example.org", "password": "several words together"}


@pytest.fixture
def empty(db: None) -> None:
    """A database as after `migrate`: no community, nobody."""
    models = list(reversed(owned_models(apps)))
    with across("a test empties everything"):
        held = {key for m in models for key in m.everywhere.values_list("community", flat=True)}
    for community in Community.objects.filter(pk__in=held):
        with within(community), as_owner():  # nobody else shortens the journal
            for model in models:
                model.objects.all()._raw_delete(DEFAULT_DB_ALIAS)
    Community.objects.update(merged_into=None)
    for shared in (Affiliation, Population, Outline, Community, EmailAddress, Person):
        shared.objects.all()._raw_delete(DEFAULT_DB_ALIAS)


@pytest.fixture
def no_mail(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def let_in(empty: None) -> Client:
    client = Client()
    response = client.post(START, {"code": installation.set_up_code()})
    assert response.headers["Location"] == f"{START}metropole/"
    return client


@pytest.fixture
def founded(let_in: Client) -> Client:
    given = {"start": "own", "name": "Metropolis", "siren": SIREN, "communes": upload(LIST)}
    response = let_in.post(f"{START}metropole/", given)
    assert response.headers["Location"] == f"{START}verifications/"
    return let_in


def upload(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", text.encode() if isinstance(text, str) else text)


def test_before_a_metropolis_every_page_shows_the_way_to_the_wizard(empty: None) -> None:
    response = Client().get("/en/")
    assert response.status_code == 503
    assert START in pages.links(response)
    assert Client().get(START).status_code == 200
    assert Client().get("/installation/").status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_no_step_works_without_the_code(empty: None, step: str) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(f"{START}{step}", {"start": "reference", **ME})
        assert (response.status_code, response.headers["Location"]) == (302, START)
    assert not Community.objects.exists()
    assert not Person.objects.exists()


def test_a_wrong_code_is_refused_and_five_wrong_ones_make_wait(empty: None) -> None:
    client = Client()
    codes = [client.post(START, {"code": "AAAA-AAAA-AAAA-AAAA"}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert client.post(START, {"code": installation.set_up_code()}).status_code == 429
    FailedSignIns.objects.all().delete()
    assert client.post(START, {"code": installation.set_up_code()}).status_code == 302


def test_the_code_may_be_typed_as_people_do(empty: None) -> None:
    said = installation.set_up_code()
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", said)
    for typed in (said.lower(), said.replace("-", " "), f" {said} "):
        assert Client().post(START, {"code": typed}).status_code == 302


def test_the_whole_way_ends_signed_in_and_closes_the_wizard(founded: Client, no_mail: None) -> None:
    assert founded.get(START).headers["Location"] == f"{START}verifications/"
    founded.post(f"{START}verifications/", {"action": "continue"})
    assert founded.get(START).headers["Location"] == f"{START}services/"
    founded.post(f"{START}services/", {"services": ["fund"]})
    assert founded.get(START).headers["Location"] == f"{START}compte/"
    response = founded.post(f"{START}compte/", ME, follow=True)
    assert response.redirect_chain == [("/en/reglages/", 302)]
    assert response.status_code == 200
    metropolis = Community.objects.get(kind="metropolis")
    with within(metropolis):
        row = Membership.objects.get()
        assert (row.person.email, row.role) == ("nina@example.org", Role.ADMINISTRATOR)
        assert row.person.check_password(ME["password"])
        assert Activation.objects.get(service="fund").on
    codes = {Client().get(f"{START}{step}").status_code for step in ["", *STEPS]}
    assert codes == {404}
    assert founded.post(START, {"code": installation.set_up_code()}).status_code == 404


def test_it_goes_on_where_it_stopped(founded: Client) -> None:
    another = Client()
    response = another.post(START, {"code": installation.set_up_code()})
    assert response.headers["Location"] == f"{START}verifications/"
    response = another.get(f"{START}metropole/")
    assert response.headers["Location"] == f"{START}verifications/"


def test_an_own_metropolis_has_the_communes_of_its_list(founded: Client) -> None:
    metropolis = Community.objects.get(kind="metropolis")
    assert (metropolis.name, metropolis.slug, metropolis.siren) == (
        "Metropolis",
        "metropolis",
        SIREN,
    )
    found = Community.objects.filter(kind="commune").values_list(
        "slug", "insee", "department", "postal_codes"
    )
    assert list(found) == [("antony", "92002", "92", "92160"), ("sceaux", "92071", "92", "")]
    assert list(Population.objects.values_list("community__slug", "inhabitants")) == [
        ("antony", 63000)
    ]
    assert Affiliation.objects.filter(group=metropolis).count() == 2
    assert Client().get("/en/sceaux/").status_code == 200


def test_the_reference_can_be_loaded_instead(let_in: Client) -> None:
    let_in.post(f"{START}metropole/", {"start": "reference"})
    assert Community.objects.filter(kind="commune").count() > 100


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Fill this in"),
        ({"siren": "123456789"}, "no SIREN number"),
        ({"communes": None}, "Fill this in"),
        ({"communes": "insee,name\n"}, "column “siren” is missing"),
        ({"communes": LIST.splitlines()[0] + "\n"}, "no commune in it"),
        ({"communes": LIST + "92002,Again,,,\n"}, "is there twice"),
        ({"communes": LIST + "92003,Antony,,,\n"}, "the same address"),
        ({"communes": LIST + "92003,Installation,,,\n"}, "the same address"),
        ({"communes": LIST + "92003,En,,,\n"}, "the same address"),
        ({"communes": LIST + "x,Bagneux,,,\n"}, "no INSEE code"),
        ({"communes": LIST + "92007,Bagneux,,,many\n"}, "no whole number"),
        ({"communes": LIST + "92007,2,,,\n"}, "cannot be a name"),
        ({"communes": b"\xff\xfe"}, "not UTF-8"),
        ({"start": "moon"}, "valid choice"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_words_and_nothing_is_made(
    let_in: Client, change: dict[str, object], sentence: str
) -> None:
    given = {"start": "own", "name": "Metropolis", "siren": SIREN, "communes": LIST} | change
    file = given.pop("communes")
    response = let_in.post(
        f"{START}metropole/", given | ({"communes": upload(file)} if file else {})
    )
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert not Community.objects.exists()


def test_a_list_with_semicolons_is_read_as_well(let_in: Client) -> None:
    given = {"start": "own", "name": "Metropolis", "siren": SIREN}
    file = upload("\ufeff" + LIST.replace(",", ";"))
    assert let_in.post(f"{START}metropole/", given | {"communes": file}).status_code == 302
    assert Community.objects.filter(kind="commune").count() == 2


def test_a_test_message_leaves_or_the_reason_is_told(
    founded: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = founded.post(f"{START}verifications/", {"email": "nina@example.org"})
    assert (page.status_code, [m.to for m in mail.outbox]) == (200, [["nina@example.org"]])

    def refuse(_message: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    page = founded.post(f"{START}verifications/", {"email": "nina@example.org"})
    assert page.status_code == 422
    assert "nobody listens" in pages.text(page)


def test_where_mail_leaves_the_address_is_proven_by_a_code(founded: Client) -> None:
    page = founded.post(f"{START}compte/", ME)
    assert "nina@example.org" in pages.text(page)
    assert not Person.objects.exists()
    while Worker().turn(at=timezone.now()):
        pass
    code = re.findall(r"^    (\d{4}-\d{4})$", mail.outbox[-1].body, re.MULTILINE)[0]
    assert founded.post(f"{START}compte/", {"code": "0000-0000"}).status_code == 422
    assert founded.post(f"{START}compte/", {"code": code}).status_code == 302
    assert Person.objects.get().check_password(ME["password"])


def test_after_three_wrong_codes_another_must_be_asked_for(founded: Client) -> None:
    founded.post(f"{START}compte/", ME)
    for _ in range(3):
        assert founded.post(f"{START}compte/", {"code": "1"}).status_code == 422
    assert founded.post(f"{START}compte/", {"code": "1"}).status_code == 302
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nobody"}, "Write an e-mail address"),
        ({"password": "short"}, "12"),
        ({"name": ""}, "required"),
    ],
)
def test_a_wrong_account_is_named(
    founded: Client, no_mail: None, change: dict[str, str], sentence: str
) -> None:
    response = founded.post(f"{START}compte/", ME | change)
    assert response.status_code == 422
    assert sentence in pages.text(response)
    assert not Person.objects.exists()


def test_an_account_that_exists_is_taken_only_when_its_address_is_proven(
    founded: Client, no_mail: None
) -> None:
    person = Person.objects.create_user(ME["email"], "its own password", name="N")
    assert founded.post(f"{START}compte/", ME).status_code == 422
    person.refresh_from_db()
    assert person.check_password("its own password")


def test_the_command_tells_the_code_until_the_wizard_is_closed(empty: None) -> None:
    out = StringIO()
    call_command("set_up_code", stdout=out)
    assert out.getvalue().strip() == installation.set_up_code()


def test_an_installation_with_an_administrator_has_neither_wizard_nor_code(db: None) -> None:
    assert Client().get(START).status_code == 404
    with pytest.raises(CommandError):
        call_command("set_up_code", stdout=StringIO())


def test_the_wizard_is_of_no_commune(founded: Client) -> None:
    assert founded.get("/en/antony/installation/").status_code == 404
