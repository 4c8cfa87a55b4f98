"""What a manager's program may not write of a call, each time with the value that is wrong."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from communs.core.forms.models import Version
from communs.services.fund import actions
from communs.services.fund.enums import CallState, Duty
from communs.services.fund.models import Call, Envelope, Phase, Review, Score
from tests.services.fund import cases
from tests.services.fund.cases import AT, CLOSES
from tests.services.fund.preparing import CALLS, Program, new

pytestmark = pytest.mark.django_db


def test_a_name_that_finds_nothing_is_refused_with_its_field(
    boss: Program, money: Envelope
) -> None:
    refused = [
        boss.refused("post", CALLS, new(**named))
        for named in (
            {"programme": "RIEN"},
            {"rules": {"code": "essai", "version": 2}},
            {"form": {"key": "autre", "version": 1}},
            {"form": {"key": "essai", "version": 2}},
            {"envelope": str(uuid4())},
        )
    ]
    form = ("form", "No form for applications has this version in force.")
    assert refused == [
        ("programme", "No programme has this acronym."),
        ("rules", "There is no such version of funding rules."),
        form,
        form,
        ("envelope", "No envelope has this key."),
    ]
    elsewhere = boss.refused("post", CALLS, new(programme="FMIN", envelope=str(money.pk)))
    assert elsewhere == ("envelope", "This envelope belongs to another programme.")
    assert not Call.objects.exists()


def test_values_that_cannot_be_are_named(boss: Program, money: Envelope) -> None:
    boss.ask("post", CALLS, new(), status=201)
    one = f"{CALLS}/fmin-2027"
    before = boss.ask("get", one)
    for name, value in (
        ("title", ""),
        ("title", "x" * 161),
        ("title", "a\x00b"),
        ("summary", "x" * 301),
        ("opens_at", "2026-11-01T09:00:00"),
        ("opens_at", "0001-01-01T00:00:00+14:00"),
        ("closes_at", "9999-12-31T23:59:59-12:00"),
        ("envelope", "1"),
    ):
        wrong = new(summary="", text="", envelope=None) | {name: value}
        assert boss.invalid("put", one, wrong) == [name]
    whole = new(summary="", text="", envelope=None)
    for name in ("summary", "text", "opens_at", "closes_at", "rules", "form", "challenges"):
        left = {key: value for key, value in whole.items() if key != name}
        assert boss.invalid("put", one, left) == [name]
    for body in ({"weight": 0}, {"weight": 101}, {"scale": 0}, {"scale": 101}):
        wrong = {"title": "Utilité"} | body
        assert boss.invalid("post", f"{one}/criteres", wrong) == list(body)
    assert boss.invalid("post", f"{one}/phases", {"title": "P", "sees_others": "x"}) == [
        "sees_others"
    ]
    days = {"title": "P", "begins_on": "2026-12-02", "ends_on": "2026-12-01"}
    assert boss.refused("post", f"{one}/phases", days)[0] == "ends_on"
    assert boss.ask("get", one) == before


def test_a_published_call_keeps_what_applicants_count_on(boss: Program) -> None:
    call = cases.call_made()
    actions.add_rules(code="essai", title="Autres", terms=cases.TERMS, by=None)
    one = f"{CALLS}/{call.code}"
    shown = boss.ask("get", one)
    counted = "This call is published: what applicants count on no longer changes."
    for field, value, why in (
        ("rules", {"code": "essai", "version": 2}, counted),
        ("opens_at", AT.isoformat(), counted),
        (
            "closes_at",
            (CLOSES - timedelta(days=1)).isoformat(),
            "The end of a published call may come later, not sooner.",
        ),
    ):
        assert boss.refused("put", one, shown | {field: value}) == (field, why)
    assert boss.ask("get", one) == shown
    criterion = shown["criteria"][0]["id"]
    settled = (None, "This call is published: its criteria no longer change.")
    assert boss.refused("post", f"{one}/criteres", {"title": "Autre"}) == settled
    assert boss.refused("delete", f"{one}/criteres/{criterion}") == settled
    later = "2027-01-01T00:00:00Z"
    changed = boss.ask("put", one, shown | {"closes_at": later, "title": "Prolongé"})
    assert changed == shown | {"closes_at": later, "title": "Prolongé"}


def test_a_call_keeps_the_form_that_was_in_force_when_it_was_chosen(boss: Program) -> None:
    call = cases.call_made()
    Version.objects.update(retired_at=AT)
    one = f"{CALLS}/{call.code}"
    shown = boss.ask("get", one)
    assert boss.ask("put", one, shown | {"title": "Corrigé"}) == shown | {"title": "Corrigé"}
    refused = boss.refused("post", CALLS, new(programme="TEST"))
    assert refused[0] == "form"


def test_an_end_in_the_past_is_refused(boss: Program, money: Envelope) -> None:
    past = "2026-11-20T00:00:00+01:00"
    given = new(closes_at=past, criteria=[{"title": "Utilité"}])
    begun = boss.ask("post", CALLS, given, status=201)
    assert [one["field"] for one in begun["lacking"]] == ["closes_at"]
    one = f"{CALLS}/fmin-2027"
    assert boss.refused("post", f"{one}/publication")[0] == "closes_at"
    assert Call.objects.get().state == CallState.DRAFT
    before = {"opens_at": "2026-11-25T00:00:00+01:00"}
    assert boss.refused("put", one, begun | before) == (
        "closes_at",
        "A call closes after it opens.",
    )


def test_a_criterion_stands_once_and_in_its_own_call(boss: Program, money: Envelope) -> None:
    for title in ("Un appel", "Un autre"):
        boss.ask("post", CALLS, new(title=title), status=201)
    one, other = f"{CALLS}/un-appel", f"{CALLS}/un-autre"
    made = boss.ask("post", f"{one}/criteres", {"title": "Utilité"}, status=201)
    again = boss.refused("post", f"{one}/criteres", {"title": "utilité"})
    assert again == ("title", "This call has this criterion already.")
    twice = new(title="Deux fois", criteria=[{"title": "Utilité"}, {"title": "Utilité"}])
    assert boss.refused("post", CALLS, twice)[0] == "criterion_2_title"
    phase = boss.ask("get", one)["phases"][0]
    boss.ask("delete", f"{other}/criteres/{made['id']}", status=404)
    boss.ask("delete", f"{other}/phases/{phase['id']}", status=404)
    boss.ask("delete", f"{one}/sites/{made['id']}", status=404)
    assert boss.ask("get", one)["criteria"] == [made]
    boss.ask("delete", f"{one}/criteres/{made['id']}", status=204)
    boss.ask("delete", f"{one}/phases/{phase['id']}", status=204)
    shown = boss.ask("get", one)
    assert (shown["criteria"], shown["phases"]) == ([], [])


def test_a_phase_with_opinions_stays(boss: Program) -> None:
    call = cases.call_made()
    phase = actions.add_phase(call=call, phase={"title": "Avis"}, by=None)
    file = cases.sent(call)
    Review.objects.create(
        application=file, phase=phase, person=cases.appointed(Duty.ADVISER), assigned_at=AT
    )
    refused = boss.refused("delete", f"{CALLS}/{call.code}/phases/{phase.pk}")
    assert refused == (None, "Opinions were asked for in this phase: it stays.")
    page = boss.client.post(f"/fonds/gestion/phases/{phase.pk}/retirer/")
    assert page.status_code == 302
    assert Phase.objects.get() == phase


def test_a_criterion_by_which_somebody_judged_stays(boss: Program) -> None:
    call = cases.call_made()
    phase = actions.add_phase(call=call, phase={"title": "Avis"}, by=None)
    criterion = call.criteria.get()
    given = Review.objects.create(
        application=cases.sent(call),
        phase=phase,
        person=cases.appointed(Duty.ADVISER),
        assigned_at=AT,
    )
    Score.objects.create(review=given, criterion=criterion, value=3)
    Call.objects.filter(pk=call.pk).update(state=CallState.DRAFT)
    refused = boss.refused("delete", f"{CALLS}/{call.code}/criteres/{criterion.pk}")
    assert refused == (None, "Opinions were given by this criterion: it stays.")
    page = boss.client.post(f"/fonds/gestion/criteres/{criterion.pk}/retirer/")
    assert page.status_code == 302
    assert call.criteria.get() == criterion
