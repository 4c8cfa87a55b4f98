"""A program acts for its person in one community, within what its key may do, until a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.api import actions, security, tokens
from communs.core.api.models import Token
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.services.fund.models import Fact, Grant
from tests import pages
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
BODY = {"text_fr": "Posé.", "source": "Bulletin", "when": "2019"}


@pytest.fixture(autouse=True)
def that_day() -> Any:
    with time_machine.travel("2026-11-23T10:00:00+01:00", tick=True):
        yield


@pytest.fixture
def grant(in_metropolis: Community) -> Grant:
    make(1)
    return Grant.objects.get(reference__startswith="test-", number=1)


def key_of(person: Person, *permissions: str, days: int = 30) -> str:
    wanted = permissions or ("fund.edit",)
    until = TODAY + timedelta(days=days)
    return actions.make_token(name="Essai", permissions=wanted, until=until, on=TODAY, by=person)[1]


def post(grant: Grant, key: str, start: str = "") -> Any:
    address = f"{start}/api/fonds/registre/{grant.reference}/faits"
    return Client().post(address, BODY, "application/json", headers=bearer(key))


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_writes_for_its_person(grant: Grant, manager: Person) -> None:
    answer = post(grant, key_of(manager))
    assert answer.status_code == 201
    assert answer.json() == {
        "code": "pose",
        "when": "2019",
        "value": "",
        "unit": "",
        "text_fr": "Posé.",
        "text_en": "",
        "source": "Bulletin",
        "version": Fact.objects.get(code="pose").version,
    }
    event = Event.objects.get(name="fund.fact_added")
    assert event.actor == manager.pk
    assert Token.objects.get().last_used_on == TODAY


def test_only_a_digest_of_a_key_is_kept(in_metropolis: Community, manager: Person) -> None:
    key = key_of(manager)
    secret = key.rpartition("_")[2] if key.count("_") == 2 else key.split("_", 2)[2]
    row = Token.objects.values().get()
    assert secret not in str(row)
    assert row["digest"] == tokens.digest_of(secret)
    assert secret not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_program_corrects_and_withdraws_as_a_page_does(grant: Grant, manager: Person) -> None:
    key = key_of(manager)
    address = f"/api/fonds/registre/{grant.reference}/faits/test"
    send = {"content_type": "application/json", "headers": bearer(key)}
    client = Client()
    stale = client.put(address, BODY | {"seen": "x"}, **send)
    assert (stale.status_code, stale.headers["Content-Type"]) == (409, "application/problem+json")
    assert client.put(address, BODY | {"seen": "first"}, **send).json()["text_fr"] == "Posé."
    version = Fact.objects.get(code="test").version
    gone = client.delete(f"{address}?reason=Erreur", **send)
    assert gone.status_code == 422
    query = {"reason": "Erreur", "seen": version}
    gone = client.delete(address, query_params=query, **send)
    assert gone.status_code == 204
    assert client.put(address, BODY | {"seen": version}, **send).status_code == 404


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.replace("communs_", "communs-"),
        lambda key: "communs_" + "0" * 32 + "_" + key.rpartition("_")[2][-43:].rjust(43, "A"),
        lambda _key: "",
        lambda _key: "\x00",
        lambda key: f"{key} {key}",
    ],
)
def test_another_key_is_not_taken(grant: Grant, manager: Person, spoil: Any) -> None:
    answer = post(grant, spoil(key_of(manager)))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "Dites qui vous êtes"


def test_a_key_may_no_more_than_it_was_given(grant: Grant, manager: Person) -> None:
    assert post(grant, key_of(manager, "community.manage")).status_code == 403


def test_a_key_of_one_community_opens_no_other(
    grant: Grant, antony: Community, administrator: Person, switch: Any
) -> None:
    switch(antony, "fund")
    with within(antony):
        key = key_of(administrator, "fund.edit")
    assert post(grant, key).status_code == 401
    assert post(grant, key, "/antony").status_code == 404


def test_a_key_ends_with_its_day_its_role_and_its_account(grant: Grant, manager: Person) -> None:
    key = key_of(manager, days=1)
    with time_machine.travel("2026-11-24T23:00:00+01:00"):
        assert post(grant, key).status_code == 201
    with time_machine.travel("2026-11-25T00:01:00+01:00"):
        assert post(grant, key).status_code == 401
    key = key_of(manager)
    Membership.objects.filter(person=manager).update(until=TODAY)
    assert post(grant, key).status_code == 404
    Person.objects.filter(pk=manager.pk).update(is_active=False)
    assert post(grant, key).status_code == 401


def test_a_key_taken_back_is_refused(grant: Grant, manager: Person) -> None:
    key = key_of(manager)
    actions.take_back(token=Token.objects.get(), by=manager)
    assert post(grant, key).status_code == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({"until": TODAY + timedelta(days=400)}, "until"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["platform.nothing"]}, "permissions"),
    ],
)
def test_a_key_that_cannot_be_is_refused_with_its_reason(
    in_metropolis: Community, manager: Person, changes: dict[str, Any], field: str
) -> None:
    values = {"name": "Essai", "permissions": ["fund.edit"], "until": TODAY, "on": TODAY}
    with pytest.raises(Refused) as refused:
        actions.make_token(**(values | changes), by=manager)
    assert refused.value.field == field


def test_nobody_makes_a_key_for_what_they_may_not(antony: Community) -> None:
    editor = Person.objects.create_user("e@demo.example", name="E")
    with within(antony):
        Membership.objects.create(person=editor, role=Role.EDITOR)
        with pytest.raises(Refused):
            key_of(editor, "community.manage")


def test_a_session_without_the_forms_secret_writes_nothing(grant: Grant, manager: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    address = f"/api/fonds/registre/{grant.reference}/faits"
    answer = client.post(address, BODY, "application/json")
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "Envoyez le secret de la page dans X-CSRFToken, ou servez-vous d’une clé de programme.",
    )
    client.logout()
    nobody = client.post(address, BODY, "application/json")
    assert (nobody.status_code, "Authorization" in nobody.json()["detail"]) == (401, True)
    assert Fact.objects.filter(grant=grant).count() == 1


def test_a_body_that_is_no_document_is_refused_in_words(grant: Grant, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    address = f"/api/fonds/registre/{grant.reference}/faits"
    answer = client.post(address, "{", "application/json")
    told = (answer.status_code, answer.json()["title"])
    assert told == (400, "Le corps de la requête ne peut pas être lu")


def test_the_page_shows_a_key_once(signed_in: Client, antony: Community) -> None:
    form = {"name": "Tableau", "permissions": ["community.manage"], "until": "2026-12-31"}
    shown = signed_in.post("/antony/reglages/cles/", form)
    assert "communs_" in pages.text(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    again = pages.text(signed_in.get("/antony/reglages/cles/"))
    assert "communs_" not in again
    assert "Tableau" in again
    with within(antony):
        key = Token.objects.get().pk
    signed_in.post(f"/antony/reglages/cles/{key}/reprendre/")
    assert "Vous n’avez aucune clé ici." in pages.text(signed_in.get("/antony/reglages/cles/"))


def test_the_page_names_what_is_wrong_and_is_for_agents(signed_in: Client, client: Client) -> None:
    wrong = signed_in.post("/antony/reglages/cles/", {"name": "x", "until": "demain"})
    assert wrong.status_code == 422
    assert "Écrivez la date ainsi\u00a0: 27/11/2018." in pages.text(wrong)
    assert signed_in.get("/sceaux/reglages/cles/").status_code == 404
    assert client.get("/antony/reglages/cles/").status_code == 302


def test_one_does_not_take_back_the_key_of_another(
    signed_in: Client, antony: Community, manager: Person
) -> None:
    with within(antony):
        Membership.objects.create(person=manager, role=Role.ADMINISTRATOR)
        key_of(manager, "community.manage")
        key = Token.objects.get().pk
    assert signed_in.post(f"/antony/reglages/cles/{key}/reprendre/").status_code == 404


class TestPace:
    """So many requests a minute, then 429."""

    @pytest.fixture(autouse=True)
    def slow(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
        settings.COMMUNS_API_RATE = 3
        monkeypatch.setattr(security.time, "time", lambda: 1_000_000_010.0)
        cache.clear()
        yield
        cache.clear()

    def test_the_fourth_request_of_a_minute_is_told_when_to_come_back(self, client: Client) -> None:
        codes = [client.get("/api/territoires").status_code for _ in range(3)]
        answer = client.get("/api/territoires")
        assert (codes, answer.status_code) == ([200] * 3, 429)
        assert answer.headers["Retry-After"] == "10"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Trop de demandes",
            "status": 429,
            "detail": "Réessayez dans 10 secondes.",
        }

    def test_another_address_is_counted_apart(self, client: Client, settings: Any) -> None:
        settings.COMMUNS_PROXIES = 1
        codes = [
            client.get("/api/territoires", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
            for n in range(5)
        ]
        assert codes == [200] * 5

    def test_a_forged_header_does_not_reset_the_count(self, client: Client) -> None:
        codes = [
            client.get("/api/territoires", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
            for n in range(5)
        ]
        assert codes == [200, 200, 200, 429, 429]


@pytest.mark.parametrize(
    "address", ["/api/communes", "/api/territoires", "/donnees/communes.csv", "/api/openapi.json"]
)
def test_who_has_the_answer_already_is_told_so(client: Client, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
