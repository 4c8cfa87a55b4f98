"""Instruction: completeness, then eligibility, each a dated step with its own decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.forms import filling
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, clean_text
from communs.core.people.models import Person
from communs.services.fund.actions.moving import hold, move
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application, Missing, standing_of

MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a file lacks; `field` is the form's question that it is about, if any."""

    what: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class EarlyStart:
    """Whether a project may start before the award: always said, from which day, and why."""

    allowed: bool | None
    on: date | None = None
    reason: str = ""


@action("fund.instructor_assigned")
def assign_instructor(
    *, application: Application, instructor: Person, on: date, by: Any
) -> Application:
    """Say who answers for a file."""
    held = hold(application)
    if not standing_of(instructor, on=on).examines:
        raise Refused(_("This person examines no files on that day."), field="instructor")
    if held.instructor_id == instructor.pk:
        nothing_done()
        return held
    held.instructor = instructor
    held.save(update_fields=["instructor"])
    record(held, number=held.number, instructor=str(instructor.pk))
    return held


@action("fund.missing_asked")
def ask_missing(
    *,
    application: Application,
    items: Sequence[Asked],
    due_on: date | None = None,
    at: datetime,
    by: Any,
) -> Application:
    """Ask for what a file lacks; its applicants may write it again until they send it back."""
    held = hold(application)
    wanted = [Asked(clean_line(one.what), one.field) for one in items if clean_line(one.what)]
    if not wanted:
        raise Refused(_("Write what is missing."), field="what_1")
    if len(wanted) > MOST_ITEMS:
        raise Refused(_("Ask for at most %(most)s things at a time.") % {"most": MOST_ITEMS})
    if due_on is not None and due_on < at.date():
        raise Refused(_("The day by which to answer is over already."), field="due_on")
    move(application=held, to=Stage.INCOMPLETE, at=at, by=by)
    Missing.objects.filter(application=held, answered_at__isnull=False, accepted_at=None).update(
        accepted_at=at
    )
    Missing.objects.bulk_create(
        Missing(application=held, field=one.field, what=one.what, asked_at=at, due_on=due_on)
        for one in wanted
    )
    if held.answers is not None and not held.answers.is_draft:
        filling.reopen(answers=held.answers, at=at, by=by)
    day = due_on.isoformat() if due_on else None
    record(held, number=held.number, items=[one.what for one in wanted], due_on=day)
    return held


@action("fund.missing_answered")
def answer_missing(
    *, missing: Missing, answer: str, file: StoredFile | None, at: datetime, by: Any
) -> Missing:
    """Answer one thing that was asked for, in words, with a file, or by changing the form."""
    held = hold(missing.application)
    row = Missing.objects.select_for_update().get(pk=missing.pk)
    if held.stage != Stage.INCOMPLETE or row.accepted_at is not None:
        raise Refused(_("Nothing is asked for any more."))
    words = clean_text(answer)
    if not words and file is None and row.file_id is None:
        raise Refused(_("Write an answer or add a file."), field="answer")
    if file is not None:
        row.file = attach(file=file, subject=row, at=at, by=by)
    row.answer, row.answered_at = words, at
    row.save(update_fields=["answer", "file", "answered_at"])
    record(held, number=held.number, item=str(row.pk))
    return row


@action("fund.application_complete")
def declare_complete(
    *, application: Application, early: EarlyStart, at: datetime, by: Any
) -> Application:
    """Say that a file is complete, and whether the project may start before the award."""
    held = hold(application)
    if early.allowed is None:
        sentence = _("Say whether the project may start before the award: yes or no.")
        raise Refused(sentence, field="early_start")
    if early.allowed and early.on is None:
        raise Refused(_("Say from which day on."), field="early_start_on")
    why = clean_line(early.reason)
    if early.allowed and not why:
        raise Refused(_("Say why it may start before the award."), field="early_start_reason")
    also = {
        "complete_at": at,
        "early_start": early.allowed,
        "early_start_on": early.on if early.allowed else None,
        "early_start_reason": why,
    }
    move(application=held, to=Stage.COMPLETE, at=at, also=also, by=by)
    Missing.objects.filter(application=held, accepted_at=None).update(accepted_at=at)
    record(held, number=held.number, early_start=early.allowed)
    return held


@action("fund.application_eligible")
def declare_eligible(
    *, application: Application, reason: str = "", at: datetime, by: Any
) -> Application:
    """Say that a file is eligible: its merit is examined from now on."""
    held = hold(application)
    if held.stage != Stage.COMPLETE:
        raise Refused(_("Eligibility is looked at once the file is complete."))
    move(application=held, to=Stage.UNDER_REVIEW, at=at, reason=reason, by=by)
    record(held, number=held.number)
    return held


@action("fund.application_ineligible")
def declare_ineligible(
    *, application: Application, reason: str, at: datetime, by: Any
) -> Application:
    """Say that a file is not eligible, and why."""
    held = hold(application)
    move(application=held, to=Stage.INELIGIBLE, at=at, reason=reason, by=by)
    record(held, number=held.number, reason=clean_line(reason))
    return held


@action("fund.application_reopened")
def reopen(*, application: Application, reason: str, at: datetime, by: Any) -> Application:
    """Look at a file again that was found not eligible, and say why."""
    held = hold(application)
    if held.stage != Stage.INELIGIBLE:
        raise Refused(_("Only a file that was found not eligible is looked at again."))
    move(application=held, to=Stage.COMPLETE, at=at, reason=reason, by=by)
    record(held, number=held.number, reason=clean_line(reason))
    return held


@action("fund.application_closed")
def close(*, application: Application, reason: str, at: datetime, by: Any) -> Application:
    """Close a file without action, and say why."""
    held = hold(application)
    move(application=held, to=Stage.CLOSED, at=at, reason=reason, by=by)
    record(held, number=held.number, reason=clean_line(reason))
    return held
