"""Completeness, then eligibility: dated steps; what is missing is asked for, answered, settled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from communs.core.communities.models import Community
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.enums import Duty, Stage
from communs.services.fund.models import Application, Call
from tests.services.fund import cases
from tests.services.fund.cases import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


@pytest.fixture
def call(in_metropolis: Community) -> Call:
    return cases.call_made()


@pytest.fixture
def sent(call: Call) -> Application:
    return cases.sent(call)


def ask(application: Application, *items: Any, **more: Any) -> Application:
    return actions.ask_missing(
        application=application,
        items=items or [actions.Asked("Un devis")],
        at=LATER,
        by=None,
        **more,
    )


def test_what_is_missing_is_asked_answered_and_settled(sent: Application) -> None:
    ask(sent, actions.Asked("Un devis"), actions.Asked("Le besoin, plus clair", "besoin_constate"))
    made = cases.whole(sent)
    assert (made.stage, made.answers.is_draft) == (Stage.INCOMPLETE, True)
    assert [(one.what, one.field, one.asked_at) for one in made.missing.all()] == [
        ("Un devis", "", LATER),
        ("Le besoin, plus clair", "besoin_constate", LATER),
    ]
    with pytest.raises(actions.NotReady) as refused:
        actions.submit(application=made, at=LATER, by=None)
    assert [one.code for one in refused.value.obstacles] == ["missing", "missing"]
    quote = cases.paper("fund.piece", "devis.pdf")
    for item, answer, file in zip(
        made.missing.all(), ("", "C’est écrit."), (quote, None), strict=True
    ):
        actions.answer_missing(missing=item, answer=answer, file=file, at=LATER, by=None)
    actions.submit(application=cases.whole(sent), at=LATER + timedelta(days=60), by=None)
    back = cases.whole(sent)
    assert (back.stage, back.submitted_at, back.answers.is_draft) == (Stage.SUBMITTED, AT, False)
    done = cases.complete(back)
    assert [(one.answer, one.file, one.accepted_at) for one in done.missing.all()] == [
        ("", quote, AT),
        ("C’est écrit.", None, AT),
    ]
    assert [step.after for step in done.steps.all()] == [
        "draft",
        "submitted",
        "incomplete",
        "submitted",
        "complete",
    ]


def test_something_may_be_asked_for_twice(sent: Application) -> None:
    ask(sent)
    item = cases.whole(sent).missing.get()
    actions.answer_missing(missing=item, answer="Le voici.", file=None, at=LATER, by=None)
    actions.submit(application=cases.whole(sent), at=LATER, by=None)
    ask(cases.whole(sent), actions.Asked("Un devis daté"))
    states = [(one.what, one.accepted_at is not None) for one in cases.whole(sent).missing.all()]
    assert states == [("Un devis", True), ("Un devis daté", False)]
    with pytest.raises(Refused):
        actions.answer_missing(missing=item, answer="Encore.", file=None, at=LATER, by=None)


def test_nothing_is_asked_for_in_no_words_nor_for_a_day_gone_by(sent: Application) -> None:
    with pytest.raises(Refused) as refused:
        ask(sent, actions.Asked("  "))
    assert refused.value.field == "what_1"
    with pytest.raises(Refused) as refused:
        ask(sent, due_on=LATER.date() - timedelta(days=1))
    assert refused.value.field == "due_on"
    assert cases.whole(sent).stage == Stage.SUBMITTED


def test_an_answer_says_something(sent: Application) -> None:
    ask(sent)
    item = cases.whole(sent).missing.get()
    with pytest.raises(Refused) as refused:
        actions.answer_missing(missing=item, answer=" ", file=None, at=LATER, by=None)
    assert refused.value.field == "answer"


def test_whether_it_may_start_early_is_always_said(sent: Application) -> None:
    day = date(2026, 12, 1)
    for early, field in (
        (actions.EarlyStart(None), "early_start"),
        (actions.EarlyStart(allowed=True), "early_start_on"),
        (actions.EarlyStart(allowed=True, on=day), "early_start_reason"),
    ):
        with pytest.raises(Refused) as refused:
            actions.declare_complete(application=sent, early=early, at=LATER, by=None)
        assert refused.value.field == field
    assert cases.whole(sent).complete_at is None
    early = actions.EarlyStart(allowed=True, on=day, reason="Le marché est signé.")
    actions.declare_complete(application=sent, early=early, at=LATER, by=None)
    made = cases.whole(sent)
    told = (made.complete_at, made.early_start, made.early_start_on, made.early_start_reason)
    assert told == (LATER, True, day, "Le marché est signé.")


def test_eligibility_comes_after_completeness(sent: Application) -> None:
    with pytest.raises(Refused):
        actions.declare_eligible(application=sent, at=LATER, by=None)
    with pytest.raises(Refused):
        actions.declare_ineligible(application=sent, reason="Hors sujet.", at=LATER, by=None)
    made = cases.complete(sent)
    actions.declare_eligible(application=made, at=LATER, by=None)
    assert cases.whole(made).stage == Stage.UNDER_REVIEW


def test_what_is_not_eligible_says_why_and_may_be_looked_at_again(sent: Application) -> None:
    made = cases.complete(sent)
    with pytest.raises(Refused) as refused:
        actions.declare_ineligible(application=made, reason="", at=LATER, by=None)
    assert refused.value.field == "reason"
    actions.declare_ineligible(application=made, reason="Hors sujet.", at=LATER, by=None)
    with pytest.raises(Refused) as refused:
        actions.reopen(application=cases.whole(made), reason="", at=LATER, by=None)
    assert refused.value.field == "reason"
    actions.reopen(application=cases.whole(made), reason="Recours.", at=LATER, by=None)
    steps = [(one.after, one.reason) for one in cases.whole(made).steps.all()]
    assert steps[-2:] == [("ineligible", "Hors sujet."), ("complete", "Recours.")]


def test_two_people_who_move_a_file_at_once_do_not_both(sent: Application) -> None:
    first, second = cases.whole(sent), cases.whole(sent)
    cases.complete(first)
    with pytest.raises(Refused):
        ask(second)
    from communs.services.fund.actions.moving import move

    with pytest.raises(Refused) as refused:
        move(application=second, to=Stage.INCOMPLETE, at=LATER, by=None)
    assert "entre-temps" in str(refused.value)
    assert cases.whole(sent).stage == Stage.COMPLETE
    assert cases.whole(sent).missing.count() == 0


def test_only_who_examines_files_answers_for_one(sent: Application) -> None:
    nobody = cases.person_of("sceaux")
    on = AT.date()
    with pytest.raises(Refused) as refused:
        actions.assign_instructor(application=sent, instructor=nobody, on=on, by=None)
    assert refused.value.field == "instructor"
    instructor = cases.appointed(Duty.INSTRUCTOR)
    actions.assign_instructor(application=sent, instructor=instructor, on=on, by=None)
    count = Event.objects.count()
    actions.assign_instructor(application=sent, instructor=instructor, on=on, by=None)
    assert (cases.whole(sent).instructor, Event.objects.count()) == (instructor, count)


def test_a_file_is_closed_without_action_with_a_reason(sent: Application) -> None:
    with pytest.raises(Refused):
        actions.close(application=sent, reason="", at=LATER, by=None)
    actions.close(application=sent, reason="Doublon.", at=LATER, by=None)
    assert cases.whole(sent).stage == Stage.CLOSED


def test_what_is_measured_of_applications(call: Call) -> None:
    from decimal import Decimal

    from communs.core.indicators.definitions import Ratio
    from communs.services.fund import indicators

    on = LATER.date()
    assert indicators.days_to_complete(on) is None
    assert indicators.complete_at_first(on) == Ratio(0, 0)
    early = actions.EarlyStart(allowed=False)
    first, second = cases.sent(call), cases.sent(call, "sceaux", cost="40000.00", asked="20000.00")
    actions.declare_complete(application=first, early=early, at=LATER, by=None)
    ask(second)
    actions.answer_missing(
        missing=cases.whole(second).missing.get(), answer="Oui.", file=None, at=LATER, by=None
    )
    actions.submit(application=cases.whole(second), at=LATER, by=None)
    later = LATER + timedelta(hours=12)
    actions.declare_complete(application=cases.whole(second), early=early, at=later, by=None)
    cases.begun(call)
    assert indicators.applications_sent(AT.date() - timedelta(days=1)) == 0
    assert indicators.applications_sent(on) == 2
    assert indicators.days_to_complete(on) == Decimal("3.25")
    assert indicators.complete_at_first(on) == Ratio(1, 2)
    assert indicators.partners_per_application(on) == Ratio(4, 2)
