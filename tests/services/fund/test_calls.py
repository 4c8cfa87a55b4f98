"""Calls: prepared with rules as data, published whole, and no longer changed under applicants."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.search.models import Document
from communs.services.fund import actions, queries
from communs.services.fund.enums import CallKind, CallState, Duty
from communs.services.fund.models import Appointment, Call, FundingRules, Programme
from tests.pages import text
from tests.services.fund import cases
from tests.services.fund.cases import AT, CLOSES, OPENS, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)


@pytest.fixture
def boss(in_metropolis: Community) -> Client:
    return client_of(cases.appointed(Duty.MANAGER))


def kept(call: Call, **changed: Any) -> dict[str, Any]:
    names = ("title", "summary", "text", "opens_at", "closes_at", "rules", "form", "envelope")
    found = {name: getattr(call, name) for name in names}
    return found | {"challenges": call.challenges} | changed


def test_a_call_is_published_whole_or_not_at_all(in_metropolis: Community) -> None:
    programme = actions.add_programme(acronym="ESSAI", name="Programme d’essai", by=None)
    call = actions.add_call(
        programme=programme, kind=CallKind.SUBSIDY, title="Un appel", opens_at=AT, by=None
    )
    refused = []
    for step in (
        lambda: None,
        lambda: actions.change_call(
            call=call, **kept(call, form=cases.form_version()), at=AT, by=None
        ),
        lambda: actions.change_call(
            call=call,
            **kept(
                queries.call(call.code, drafts=True),  # type: ignore[arg-type]
                rules=actions.add_rules(code="r", title="R", terms=cases.TERMS, by=None),
            ),
            at=AT,
            by=None,
        ),
        lambda: actions.add_criterion(call=call, title="Utilité", by=None),
    ):
        step()
        try:
            actions.publish_call(call=call, at=AT, by=None)
        except Refused as one:
            refused.append(one.field)
    assert refused == ["form", "rules", None]
    assert Call.objects.get(pk=call.pk).state == CallState.PUBLISHED
    with pytest.raises(Refused):
        actions.publish_call(call=call, at=AT, by=None)


def test_a_call_says_all_that_it_lacks_before_it_is_published(
    in_metropolis: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    programme = Programme.objects.create(code="t", acronym="T", name="T")
    dates = {"opens_at": OPENS, "closes_at": AT - timedelta(days=1)}
    call = actions.add_call(programme=programme, kind="subsidy", title="Essai", **dates, by=None)
    lacks = [
        "Cette fermeture est déjà passée",
        "Choisissez le formulaire",
        "Choisissez le règlement",
        "Ajoutez d’abord les critères",
    ]
    manager = cases.client_of(cases.appointed(Duty.MANAGER))
    page = f"/fonds/gestion/appels/{call.code}/"
    shown = text(manager.get(page))
    refused = text(manager.post(f"{page}publier/", follow=True))
    for words in lacks:
        assert words in shown
        assert refused.count(words) == 2
    assert Call.objects.get(pk=call.pk).state == CallState.DRAFT


def test_a_call_that_lacks_nothing_lists_nothing(in_metropolis: Community) -> None:
    call = cases.call_made()
    manager = cases.client_of(cases.appointed(Duty.MANAGER))
    assert "Avant de publier cet appel" not in text(
        manager.get(f"/fonds/gestion/appels/{call.code}/")
    )


def test_a_published_call_keeps_what_applicants_count_on(in_metropolis: Community) -> None:
    call = cases.call_made()
    other = actions.add_rules(code="essai", title="Autres", terms=cases.TERMS, by=None)
    for field, value in (
        ("rules", other),
        ("opens_at", AT),
        ("closes_at", CLOSES - timedelta(seconds=1)),
    ):
        with pytest.raises(Refused) as refused:
            actions.change_call(call=call, **kept(call, **{field: value}), at=AT, by=None)
        assert refused.value.field == field
    later = CLOSES + timedelta(days=7)
    actions.change_call(call=call, **kept(call, closes_at=later, title="Prolongé"), at=AT, by=None)
    found = queries.call(call.code)
    assert found is not None
    assert (found.closes_at, found.title) == (later, "Prolongé")
    assert Document.objects.get(subject=f"fund.call:{call.pk}").title == "Prolongé"
    with pytest.raises(Refused):
        actions.add_criterion(call=call, title="Autre", by=None)


def test_no_call_is_published_or_prolonged_to_an_end_that_is_past(in_metropolis: Community) -> None:
    call = cases.call_made()
    after = CLOSES + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        actions.change_call(
            call=call, **kept(call, closes_at=CLOSES + timedelta(days=7)), at=after, by=None
        )
    assert refused.value.field == "closes_at"
    actions.change_call(call=call, **kept(call, title="Clos, corrigé"), at=after, by=None)
    assert Call.objects.get(pk=call.pk).closes_at == CLOSES
    Call.objects.filter(pk=call.pk).update(state=CallState.DRAFT, published_at=None)
    with pytest.raises(Refused) as refused:
        actions.publish_call(call=call, at=CLOSES, by=None)
    assert refused.value.field == "closes_at"


def test_rules_are_versions_and_a_call_keeps_its_own(in_metropolis: Community) -> None:
    call = cases.call_made()
    actions.add_rules(code="essai", title="Règles", terms=cases.TERMS | {"rate": "40"}, by=None)
    assert list(FundingRules.objects.filter(code="essai").values_list("version", flat=True)) == [
        2,
        1,
    ]
    found = queries.call(call.code)
    assert found is not None
    rules = queries.terms_of(found)
    assert rules is not None
    assert rules.rate == Decimal(50)


def test_rules_that_cannot_be_are_refused_with_their_place(in_metropolis: Community) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_rules(code="r", title="R", terms=cases.TERMS | {"rate": "101"}, by=None)
    assert (refused.value.field, str(refused.value)) == (
        "rate",
        "Écrivez un pourcentage de 0 à 100, avec deux décimales au plus.",
    )


def test_parts_of_an_envelope_never_exceed_it(in_metropolis: Community) -> None:
    programme = Programme.objects.get(code="fmin")
    given: dict[str, Any] = {"programme": programme, "year": 2026, "by": None}
    whole = actions.add_envelope(title="Tout", amount=Decimal("100.00"), **given)
    actions.add_envelope(title="Une part", amount=Decimal("60.00"), parent=whole, **given)
    with pytest.raises(Refused) as refused:
        actions.add_envelope(title="Trop", amount=Decimal("40.01"), parent=whole, **given)
    assert refused.value.field == "amount"
    actions.add_envelope(title="Le reste", amount=Decimal("40.00"), parent=whole, **given)
    shared = {one.title: one.shared for one in queries.envelopes()}
    assert shared == {
        "Tout": Decimal("100.00"),
        "Une part": None,
        "Le reste": None,
    }


def test_a_task_is_given_to_an_account_and_taken_back(in_metropolis: Community) -> None:
    with pytest.raises(Refused) as refused:
        actions.appoint(email="personne@case.example", duty="chair", since=AT.date(), by=None)
    assert refused.value.field == "email"
    person = cases.appointed(Duty.CHAIR)
    with pytest.raises(Refused) as refused:
        actions.appoint(email=person.email, duty="chair", since=AT.date(), by=None)
    assert refused.value.field == "duty"
    row = Appointment.objects.get(person=person)
    actions.end_appointment(appointment=row, on=AT.date(), by=None)
    assert Appointment.objects.get(pk=row.pk).until == AT.date()
    actions.appoint(email=person.email, duty="chair", since=AT.date(), by=None)


def test_a_call_is_opened_through_the_pages(now: None, boss: Client) -> None:
    assert boss.get("/fonds/gestion/").status_code == 200
    programme = Programme.objects.get(code="fmin")
    rules = {
        "title": "Règles",
        "code": "regles",
        "base": "before_tax",
        "rate": "50",
        "owner_share": "20",
        "roles": ["lead", "financial"],
        "ceiling_1_partners": "1",
        "ceiling_1_amount": "30 000",
        "ceiling_2_partners": "3",
        "ceiling_2_amount": "60 000,00",
        "type_1_label": "Matériel",
        "type_1_counts": "on",
        "example": "on",
    }
    wrong = boss.post("/fonds/gestion/regles/ajouter/", rules | {"rate": "0", "title": "Gardé"})
    assert wrong.status_code == 422
    assert 'value="Gardé"' in wrong.content.decode()
    assert 'id="id_rate_error"' in wrong.content.decode()
    assert boss.post("/fonds/gestion/regles/ajouter/", rules).status_code == 302
    kept_rules = FundingRules.objects.get(code="regles")
    assert kept_rules.terms["ceilings"] == [
        {"partners": 1, "amount": "30000.00"},
        {"partners": 3, "amount": "60000.00"},
    ]
    call = {
        "programme": str(programme.pk),
        "kind": "subsidy",
        "title": "FMIN 2027",
        "opens_at": "2026-11-01T09:00",
        "closes_at": "2026-12-01T00:00",
        "rules": str(kept_rules.pk),
        "form": str(cases.form_version().pk),
        "challenges": ["inclusive"],
    }
    assert boss.post("/fonds/gestion/appels/ajouter/", call).status_code == 302
    assert Client().get("/fonds/appels/fmin-2027/").status_code == 404
    page = "/fonds/gestion/appels/fmin-2027/"
    boss.post(f"{page}publier/")
    assert Call.objects.get(code="fmin-2027").state == CallState.DRAFT
    boss.post(f"{page}criteres/ajouter/", {"title": "Utilité", "weight": "3", "scale": "5"})
    boss.post(f"{page}publier/")
    shown = Client().get("/fonds/appels/fmin-2027/").content.decode()
    assert "jusqu’au 1er décembre 2026, 00:00 (heure de Paris)" in shown
    assert '<time datetime="2026-12-01T00:00:00+01:00">' in shown
    assert "les taux et plafonds propres au fonds ne sont pas publiés" in shown


def test_only_who_runs_the_fund_finds_its_pages(in_metropolis: Community, manager: Person) -> None:
    call = cases.call_made()
    pages = (
        "/fonds/gestion/",
        "/fonds/gestion/appels/ajouter/",
        f"/fonds/gestion/appels/{call.code}/",
    )
    for person in (cases.appointed(Duty.INSTRUCTOR), cases.person_of("sceaux")):
        assert {client_of(person).get(page).status_code for page in pages} == {404}
    assert {client_of(manager).get(page).status_code for page in pages} == {200}


def test_a_call_that_is_over_is_archived_and_found_no_more(in_metropolis: Community) -> None:
    call = cases.call_made()
    with pytest.raises(Refused):
        actions.archive_call(call=call, at=AT, by=None)
    actions.archive_call(call=call, at=CLOSES, by=None)
    assert not Document.objects.filter(subject=f"fund.call:{call.pk}").exists()


def test_the_funds_page_costs_the_same_for_one_call_and_for_four(in_metropolis: Community) -> None:
    costs = []
    for count in (1, 3):
        for n in range(count):
            cases.call_made(f"Appel {count} {n}", closes_at=None)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/fonds/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]
