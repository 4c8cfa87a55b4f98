"""Editors of the metropolis write what is known, with its source; nobody else finds the way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.services.fund import actions, queries
from communs.services.fund.models import Fact, Grant
from tests import pages
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
GOOD = {
    "when": "2019-06",
    "text_fr": "Les capteurs ont été posés  rue Houdan.",
    "text_en": "",
    "source": "Bulletin municipal, juin 2019",
}


@pytest.fixture
def editor(metropolis: Community) -> Person:
    person = Person.objects.create_user("redaction@demo.example", name="Rédaction")
    with within(metropolis):
        Membership.objects.create(person=person, role=Role.EDITOR)
    return person


@pytest.fixture
def client_of_editor(editor: Person) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def grant(in_metropolis: Community) -> Grant:
    make(1)
    return Grant.objects.get(reference__startswith="test-", number=1)


@pytest.fixture
def fact(grant: Grant) -> Fact:
    return grant.facts.get()


def correct(fact: Fact, by: Any, **changes: str) -> Fact:
    values = GOOD | {"seen": fact.version} | changes
    return actions.correct_fact(fact=fact, **values, at=AT, by=by)


def test_a_correction_is_kept_told_and_found(fact: Fact, editor: Person) -> None:
    row = correct(fact, editor)
    assert (row.text_fr, row.when, row.source, row.corrected_at) == (
        "Les capteurs ont été posés rue Houdan.",
        "2019-06",
        "Bulletin municipal, juin 2019",
        AT,
    )
    event = Event.objects.latest("id")
    assert (event.name, event.actor, event.data) == (
        "fund.fact_corrected",
        editor.pk,
        {
            "grant": fact.grant.reference,
            "code": "test",
            "before": {"when": "", "text_fr": "Essai.", "text_en": "Test.", "source": "tests"},
            "after": {**GOOD, "text_fr": "Les capteurs ont été posés rue Houdan."},
        },
    )
    assert "capteur" in queries.searchable(queries.grant(fact.grant.reference)).text


def test_the_search_of_the_site_follows_a_correction(fact: Fact, editor: Person) -> None:
    client = Client()
    found = lambda: fact.grant.title in pages.text(client.get("/recherche/?q=capteurs+houdan"))  # noqa: E731
    assert not found()
    correct(fact, editor)
    assert found()
    actions.withdraw_fact(fact=fact, seen=AT.isoformat(), reason="Erreur de rue", at=AT, by=editor)
    assert not found()


def test_the_same_again_changes_nothing(fact: Fact, editor: Person) -> None:
    row = correct(fact, editor)
    before = Event.objects.count()
    assert correct(row, editor, text_fr="Les capteurs ont été posés rue Houdan. ") == row
    assert Event.objects.count() == before


def test_two_editors_do_not_overwrite_each_other(fact: Fact, editor: Person) -> None:
    seen = fact.version
    correct(fact, editor)
    with pytest.raises(Refused, match="Quelqu’un d’autre"):
        correct(fact, editor, seen=seen, text_fr="Autre chose.")


@pytest.mark.parametrize("field", ["text_fr", "source"])
def test_a_fact_without_its_text_or_its_source_is_refused(
    fact: Fact, editor: Person, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        correct(fact, editor, **{field: "   "})
    assert refused.value.field == field


def test_a_new_fact_takes_a_free_name(grant: Grant, editor: Person) -> None:
    made = [actions.add_fact(grant=grant, **GOOD, at=AT, by=editor).code for _ in range(3)]
    assert made == [
        "les-capteurs-ont-ete-poses-rue-houda",
        "les-capteurs-ont-ete-poses-rue-houda-2",
        "les-capteurs-ont-ete-poses-rue-houda-3",
    ]


def test_a_withdrawn_fact_is_shown_no_more_and_stays_in_the_journal(
    fact: Fact, editor: Person, client: Client
) -> None:
    with pytest.raises(Refused):
        actions.withdraw_fact(fact=fact, seen="first", reason=" ", at=AT, by=editor)
    actions.withdraw_fact(fact=fact, seen="first", reason="Source introuvable", at=AT, by=editor)
    assert queries.fact(fact.grant.reference, fact.code) is None
    page = pages.text(client.get(f"/fonds/registre/{fact.grant.reference}/"))
    assert "Aucune source publique" in page
    assert Event.objects.latest("id").data["reason"] == "Source introuvable"


def test_reading_the_communique_again_keeps_corrections(
    in_metropolis: Community, editor: Person
) -> None:
    fact = queries.shown_facts().first()
    correct(fact, editor)
    call_command("load_demo", verbosity=0)
    fact.refresh_from_db()
    assert fact.text_fr == "Les capteurs ont été posés rue Houdan."


def address(fact: Fact, verb: str = "modifier") -> str:
    return f"/fonds/registre/{fact.grant.reference}/faits/{fact.code}/{verb}/"


def test_the_page_corrects_and_leads_back_to_the_grant(
    fact: Fact, client_of_editor: Client
) -> None:
    shown = client_of_editor.get(address(fact))
    assert 'name="seen" value="first"' in shown.content.decode()
    answer = client_of_editor.post(address(fact), GOOD | {"seen": "first"}, follow=True)
    assert answer.redirect_chain == [(f"/fonds/registre/{fact.grant.reference}/", 302)]
    page = pages.text(answer)
    assert "Les capteurs ont été posés rue Houdan." in page
    assert "Corrigé, avec sa source." in page


def test_bad_input_keeps_what_was_typed_beside_its_sentence(
    fact: Fact, client_of_editor: Client
) -> None:
    answer = client_of_editor.post(
        address(fact), GOOD | {"seen": "first", "when": "juin 2019", "source": ""}
    )
    assert answer.status_code == 422
    content = answer.content.decode()
    assert "Écrivez 2019, 2019-06 ou 2019-06-21." in content
    assert "Les capteurs ont été posés" in content
    assert 'value="juin 2019"' in content


def test_the_page_refuses_what_somebody_else_changed(
    fact: Fact, editor: Person, client_of_editor: Client
) -> None:
    correct(fact, editor)
    answer = client_of_editor.post(
        address(fact), GOOD | {"seen": "first", "text_fr": "Autre chose."}
    )
    assert answer.status_code == 422
    assert "Quelqu’un d’autre" in pages.text(answer)
    assert "Autre chose." in answer.content.decode()


def test_the_pages_add_and_withdraw(fact: Fact, client_of_editor: Client) -> None:
    add = f"/fonds/registre/{fact.grant.reference}/faits/ajouter/"
    assert client_of_editor.get(add).status_code == 200
    assert client_of_editor.post(add, GOOD).status_code == 302
    assert client_of_editor.get(address(fact, "retirer")).status_code == 200
    assert client_of_editor.post(address(fact, "retirer"), {"seen": "first"}).status_code == 422
    gone = {"seen": "first", "reason": "Erreur"}
    assert client_of_editor.post(address(fact, "retirer"), gone).status_code == 302
    assert client_of_editor.get(address(fact)).status_code == 404


@pytest.mark.parametrize("verb", ["modifier", "retirer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_communitys_agent_does_not_find_the_page(
    fact: Fact, signed_in: Client, verb: str, method: str
) -> None:
    assert getattr(signed_in, method)(address(fact, verb)).status_code == 404
    assert fact.grant.facts.get().text_fr == "Essai."


def test_a_visitor_is_asked_to_sign_in(fact: Fact, client: Client) -> None:
    answer = client.get(address(fact))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/compte/connexion/")


def test_only_editors_are_shown_the_way(
    fact: Fact, client: Client, client_of_editor: Client, signed_in: Client
) -> None:
    page = f"/fonds/registre/{fact.grant.reference}/"
    shown = [address(fact) in c.get(page).content.decode() for c in (client, signed_in)]
    assert shown == [False, False]
    assert address(fact) in client_of_editor.get(page).content.decode()
