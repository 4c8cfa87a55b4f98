"""What happens during an experiment: milestones, difficulties, visits, and who tests."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.models import (
    AdviserVisit,
    Difficulty,
    Experiment,
    Feedback,
    Milestone,
    Tester,
)
from communs.services.fund.queries import experiments as queries

_BEST = 5
MOST_TESTERS = 500
_KEPT = timedelta(days=90)  # after the end, to ask a last time
OPEN = (State.CONFIGURED, State.LIVE, State.PAUSED)


@action("fund.milestone_added")
def add_milestone(
    *, experiment: Experiment, title: str, due_on: date, note: str = "", by: Any
) -> Milestone:
    """Add something to be reached by a day."""
    _refuse_over(experiment)
    line = clean_line(title)
    if not line:
        raise Refused(_("Say what is to be reached."), field="title")
    row = Milestone.objects.create(
        experiment=experiment, title=line[:160], due_on=due_on, note=clean_line(note)[:500]
    )
    record(experiment, code=experiment.code, milestone=row.title)
    return row


@action("fund.milestone_reached")
def reach_milestone(*, milestone: Milestone, on: date, at: datetime, by: Any) -> Milestone:
    """Say on which day a milestone was reached."""
    row = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if row.reached_on is not None:
        raise Refused(_("It was reached already."))
    _refuse_to_come(on, at)
    row.reached_on = on
    row.save(update_fields=["reached_on"])
    record(row.experiment, code=row.experiment.code, milestone=row.title, on=on.isoformat())
    return row


@action("fund.difficulty_logged")
def log_difficulty(
    *, experiment: Experiment, on: date, what: str, consequence: str = "", at: datetime, by: Any
) -> Difficulty:
    """Log what went wrong and what follows; everybody reads it, so it names nobody."""
    _refuse_over(experiment)
    _refuse_to_come(on, at)
    line = clean_line(what)
    if not line:
        raise Refused(_("Say what went wrong."), field="what")
    row = Difficulty.objects.create(
        experiment=experiment, on=on, what=line[:500], consequence=clean_line(consequence)[:500]
    )
    record(experiment, code=experiment.code, on=on.isoformat())
    return row


@action("fund.difficulty_settled")
def settle_difficulty(
    *, difficulty: Difficulty, on: date, solution: str, at: datetime, by: Any
) -> Difficulty:
    """Say how a difficulty was settled, and when."""
    row = Difficulty.objects.select_for_update().get(pk=difficulty.pk)
    if row.settled_on is not None:
        raise Refused(_("It was settled already."))
    _refuse_to_come(on, at)
    if on < row.on:
        raise Refused(_("It cannot be settled before it happened."), field="on")
    row.settled_on, row.solution = on, clean_line(solution)[:500]
    row.save(update_fields=["settled_on", "solution"])
    record(row.experiment, code=row.experiment.code, on=on.isoformat())
    return row


@action("fund.visit_noted")
def note_visit(
    *, experiment: Experiment, on: date, seen: str, advice: str = "", at: datetime, by: Any
) -> AdviserVisit:
    """Note what an adviser saw on the spot, and advises."""
    _refuse_to_come(on, at)
    line = clean_line(seen)
    if not line:
        raise Refused(_("Say what was seen."), field="seen")
    row = AdviserVisit.objects.create(
        experiment=experiment,
        on=on,
        seen=line[:1000],
        advice=clean_line(advice)[:1000],
        by=getattr(by, "pk", None),
    )
    record(experiment, code=experiment.code, on=on.isoformat())
    return row


@action("fund.tester_enrolled")
def enrol_tester(
    *,
    experiment: Experiment,
    name: str,
    contact: str = "",
    consent: str,
    agrees: bool,
    with_help: bool = False,
    at: datetime,
    by: Any,
) -> tuple[Tester, str]:
    """Have a resident test, with the words that they agreed to; give the row and its link's token.

    `with_help` says that an agent wrote for them. The token is given once: its digest is kept.
    """
    if experiment.state not in OPEN:
        raise Refused(_("The panel of this experiment is not open."))
    if not agrees or not consent:
        raise Refused(_("Nobody tests without agreeing to it."), field="agrees")
    line = clean_line(name)
    if not line:
        raise Refused(_("Write a first name, or how to call you."), field="name")
    if queries.testers(experiment).count() >= MOST_TESTERS:
        raise Refused(_("The panel is full. Thank you for offering."))
    token = secrets.token_urlsafe(24)
    today = at.astimezone(PARIS).date()
    row = Tester.objects.create(
        experiment=experiment,
        name=line[:80],
        contact=clean_line(contact)[:200],
        token_digest=queries.token_digest(token),
        consented_at=at,
        consent=consent,
        with_help=with_help,
        forget_on=max(experiment.ends_on or today, today) + _KEPT,
    )
    record(experiment, code=experiment.code, with_help=with_help)
    return row, token


@action("fund.tester_left")
def leave_panel(*, tester: Tester, at: datetime, by: Any = None) -> Experiment:
    """Let a tester go: name and contact are erased; what they said stays, tied to nobody."""
    row = Tester.objects.select_for_update().get(pk=tester.pk)
    experiment = row.experiment
    Feedback.objects.filter(tester=row).update(tester=None)
    row.delete()
    record(experiment, code=experiment.code)
    return experiment


@action("fund.feedback_given")
def give_feedback(
    *, tester: Tester, useful: int, easy: int, words: str = "", at: datetime, by: Any = None
) -> Feedback:
    """Say how useful and how easy it is, from 1 to 5; a second answer of a day replaces it.

    Words that are new wait to be read before everybody sees them. Answers count until the verdict.
    """
    experiment = Experiment.objects.get(pk=tester.experiment_id)
    if experiment.state in (State.EVALUATED, State.ABANDONED):
        raise Refused(_("This experiment is over: answers count no more."))
    if not (1 <= useful <= _BEST and 1 <= easy <= _BEST):
        raise Refused(_("Answer from 1 to 5."), field="useful")
    on, line = at.astimezone(PARIS).date(), clean_line(words)[:1000]
    row = Feedback.objects.filter(tester=tester, on=on).first()
    if row is None:
        row = Feedback(tester=tester, on=on, experiment=experiment)
    if line != row.words:
        row.shown = None
    row.useful, row.easy, row.words = useful, easy, line
    row.save()
    record(experiment, code=experiment.code)
    return row


@action("fund.feedback_read")
def moderate_feedback(*, feedback: Feedback, show: bool, at: datetime, by: Any) -> Feedback:
    """Show a resident's words to everybody, or not; the answer counts all the same."""
    feedback.shown = show
    feedback.save(update_fields=["shown"])
    record(feedback.experiment, code=feedback.experiment.code, shown=show)
    return feedback


def _refuse_over(experiment: Experiment) -> None:
    if experiment.state in (State.EVALUATED, State.ABANDONED):
        raise Refused(_("This experiment is over."))


def _refuse_to_come(on: date, at: datetime) -> None:
    if on > at.astimezone(PARIS).date():
        raise Refused(_("This day is still to come."), field="on")
