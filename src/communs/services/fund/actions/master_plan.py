"""The master plan: its workstreams, and the lessons that evaluations bring into it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, clean_text
from communs.core.kit.timespans import PARIS
from communs.services.fund.engine.sharing import moves
from communs.services.fund.enums import Challenge, LessonState, SessionKind
from communs.services.fund.models import Evaluation, Lesson, Session, Workstream
from communs.services.fund.queries import master_plan

CODE_LENGTH = 40
_REVIEWED = (LessonState.ACCEPTED, LessonState.SENT_BACK, LessonState.REFUSED)


@action("fund.workstream_added")
def add_workstream(
    *, challenge: str, title: str, summary: str = "", position: int | None = None, by: Any
) -> Workstream:
    """Add a piece of work under a challenge, after the others unless a place is given."""
    line = _title(title)
    code = slugify(line)[:CODE_LENGTH]
    if not code:
        raise Refused(_("Write a name in letters and digits."), field="title")
    if Workstream.objects.filter(code=code).exists():
        raise Refused(_("Another workstream has this name."), field="title")
    held = Workstream.objects.filter(challenge=_challenge(challenge))
    last = held.aggregate(last=Max("position"))["last"] or 0
    row = Workstream.objects.create(
        challenge=challenge,
        code=code,
        title=line,
        summary=clean_line(summary),
        position=last + 1 if position is None else position,
    )
    record(row, code=code, challenge=challenge)
    return row


@action("fund.workstream_changed")
def change_workstream(
    *,
    workstream: Workstream,
    challenge: str,
    title: str,
    summary: str = "",
    position: int | None = None,
    by: Any,
) -> Workstream:
    """Change a piece of work; its code stays, as others may have written it down."""
    held = Workstream.objects.select_for_update().get(pk=workstream.pk)
    held.challenge, held.title = _challenge(challenge), _title(title)
    held.summary = clean_line(summary)
    held.position = held.position if position is None else position
    held.save(update_fields=["challenge", "title", "summary", "position"])
    record(held, code=held.code, challenge=challenge)
    return held


@action("fund.workstream_closed")
def close_workstream(*, workstream: Workstream, on: date, at: datetime, by: Any) -> Workstream:
    """Say on which day a piece of work ended; its lessons stay."""
    if on > at.astimezone(PARIS).date():
        raise Refused(_("This day is still to come."), field="on")
    mine = Workstream.objects.filter(pk=workstream.pk, closed_on=None)
    if not mine.update(closed_on=on):
        raise Refused(_("This workstream is closed already."))
    workstream.refresh_from_db()
    record(workstream, code=workstream.code, on=on.isoformat())
    return workstream


@action("fund.lesson_proposed")
def propose_lesson(
    *,
    evaluation: Evaluation,
    challenge: str,
    finding: str,
    recommendation: str = "",
    workstream: Workstream | None = None,
    at: datetime,
    by: Any,
) -> Lesson:
    """Draw from a decided evaluation what the master plan should learn; one lesson each.

    Whatever the verdict: what failed teaches too.
    """
    if evaluation.decided_at is None:
        raise Refused(_("Nobody has decided on this evaluation yet."))
    held = Lesson.objects.filter(evaluation=evaluation).first()
    if held is not None:
        nothing_done()
        return held
    row = Lesson(evaluation=evaluation, written_at=at)
    _write(row, challenge, workstream, finding, recommendation)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_("Somebody else wrote this lesson meanwhile.")) from error
    record(row, **_named(evaluation), challenge=challenge)
    return row


@action("fund.lesson_written")
def write_lesson(
    *,
    lesson: Lesson,
    challenge: str,
    finding: str,
    recommendation: str = "",
    workstream: Workstream | None = None,
    at: datetime,
    by: Any,
) -> Lesson:
    """Write a lesson anew, before it is reviewed or when it was sent back."""
    held = _held(lesson)
    if not moves.reviewable(held.state, LessonState.PROPOSED):
        raise Refused(_("This lesson was reviewed: it can no longer be changed."))
    _write(held, challenge, workstream, finding, recommendation)
    held.state, held.written_at = LessonState.PROPOSED, at
    held.save()
    record(held, **_named(held.evaluation), challenge=challenge)
    return held


@action("fund.lesson_reviewed")
def review_lesson(
    *,
    lesson: Lesson,
    outcome: str,
    reason: str = "",
    session: Session | None = None,
    at: datetime,
    by: Any,
) -> Lesson:
    """Note what the steering committee made of a lesson: into the plan, sent back, or refused.

    What is not accepted says why. What is accepted enters an edition of the plan, and changes no
    more.
    """
    why = clean_line(reason)
    held = _held(lesson)
    if outcome not in _REVIEWED or not moves.reviewable(held.state, outcome):
        raise Refused(_("This lesson does not wait for a review."))
    if outcome != LessonState.ACCEPTED and not why:
        raise Refused(_("Say why: whoever wrote it will read it."), field="reason")
    if session is not None and session.kind != SessionKind.COMMITTEE:
        raise Refused(_("Choose a session of the committee."), field="session")
    held.state, held.reason, held.reviewed_at, held.reviewed_in = outcome, why, at, session
    if outcome == LessonState.ACCEPTED:
        held.edition = master_plan.edition_for(session, at.astimezone(PARIS).date())
    held.save()
    told = {"outcome": outcome, "reason": why, "edition": held.edition}
    record(held, **_named(held.evaluation), **told)
    return held


def _write(
    row: Lesson, challenge: str, workstream: Workstream | None, finding: str, recommendation: str
) -> None:
    if not finding.strip():
        raise Refused(_("Write what was found."), field="finding")
    if workstream is not None and workstream.challenge != challenge:
        raise Refused(_("Choose a workstream of this challenge."), field="workstream")
    row.challenge, row.workstream = _challenge(challenge), workstream
    row.finding, row.recommendation = clean_text(finding), clean_text(recommendation)


def _held(lesson: Lesson) -> Lesson:
    rows = Lesson.objects.select_related("evaluation__experiment")
    return rows.select_for_update(of=("self",)).get(pk=lesson.pk)


def _named(evaluation: Evaluation) -> dict[str, Any]:
    return {"experiment": evaluation.experiment.code, "number": evaluation.number}


def _challenge(challenge: str) -> str:
    if challenge not in Challenge.values:
        raise Refused(_("Choose a challenge of the master plan."), field="challenge")
    return challenge


def _title(title: str) -> str:
    line = clean_line(title)
    if not line:
        raise Refused(_("Write its name."), field="title")
    return line
