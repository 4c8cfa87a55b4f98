"""Writing answers: to be called inside a service's own actions, which own the event."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.models import StoredFile
from communs.core.forms import keeping, queries
from communs.core.forms.engine import moving, sheets
from communs.core.forms.engine.checking import kept
from communs.core.forms.engine.definition import Definition
from communs.core.forms.engine.kinds import Fault, Given
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.enums import AnswersState
from communs.core.forms.models import Answers, Version
from communs.core.forms.telling import Told, conflicts_told, faults_told, problems_of
from communs.core.forms.wording import section_fault
from communs.core.kit.errors import Refused

Files = Mapping[str, StoredFile | Fault | None]
"""By path: a file that was kept as a draft, why it was not, or None to take it away."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a page asks for: answers to keep, then a row to add (`section`) or to take away.

    `revision` is that at which the page was opened; `since` a later one for some paths.
    """

    page: str
    posted: Mapping[str, Given]
    revision: int
    since: Mapping[str, int] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    add: str = ""
    remove: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers once a page was posted, what was typed and is no value, what two people changed."""

    answers: Answers
    problems: list[Told]
    conflicts: list[Told]
    changed: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        """The answers that are values."""
        found: Mapping[str, Any] = self.answers.values
        return found


class NotReady(Refused):
    """Answers that cannot be sent yet; `problems` says each, with its page and question."""

    def __init__(self, problems: list[Told]) -> None:
        first = problems[0]
        super().__init__(
            _("The form is not complete: “%(label)s”. %(why)s")
            % {"label": first.label, "why": first.sentence},
            field=first.path,
        )
        self.problems = problems


def begin(
    *,
    version: Version,
    subject: str = "",
    values: Mapping[str, Any] | None = None,
    at: datetime,
    by: Any,
) -> Answers:
    """Begin answers to a version in force; `values` are known answers to start from."""
    if version.retired_at is not None:
        raise Refused(_("This form is no longer open: another version replaced it."))
    definition = version.read()
    answers = Answers(
        version=version,
        subject=subject,
        begun_at=at,
        changed_at=at,
        changed_by=getattr(by, "pk", None),
        expires_at=at + timedelta(days=definition.draft_days),
    )
    _put(answers, sheets.begun(definition, values))
    answers.save(force_insert=True)
    return answers


def keep(
    *,
    answers: Answers,
    page: str,
    posted: Mapping[str, Given],
    files: Files | None = None,
    revision: int,
    since: Mapping[str, int] | None = None,
    at: datetime,
    by: Any,
) -> Kept:
    """Keep what a page posts, what is refused too; `revision` is that at which it was opened.

    Two people who change two answers both keep theirs; who changes an answer that another changed
    meanwhile is shown both, and what stands stays until they save again.
    """
    row = _held(answers)
    definition = row.version.read()
    communes = _communes(definition)
    given = {
        path: keeping.attached(row, definition, path, file, at=at, by=by)
        for path, file in (files or {}).items()
    }
    taken = sheets.take(
        definition,
        sheet_of(row),
        page,
        posted,
        opened=revision,
        since=since,
        given=given,
        communes=communes,
    )
    keeping.forget_unused(given, taken.sheet, by=by)
    if taken.changed:
        keeping.forget_replaced(row, taken.sheet, by=by)
        _write(row, taken.sheet, at=at, by=by)
    return Kept(
        row,
        faults_told(definition, taken.sheet, taken.faults),
        conflicts_told(definition, taken.sheet, taken.conflicts),
        taken.changed,
        taken.agreed,
    )


def apply(*, answers: Answers, change: Change, at: datetime, by: Any) -> Kept:
    """Do all that a page asks for; nothing is lost of what was typed when a row is added."""
    kept_now = keep(
        answers=answers,
        page=change.page,
        posted=change.posted,
        files=change.files,
        revision=change.revision,
        since=change.since,
        at=at,
        by=by,
    )
    row = kept_now.answers
    if change.add:
        row = add_row(answers=row, section=change.add, at=at, by=by)
    elif change.remove:
        section, name = change.remove
        row = remove_row(answers=row, section=section, row=name, at=at, by=by)
    return replace(kept_now, answers=row)


def add_row(*, answers: Answers, section: str, at: datetime, by: Any) -> Answers:
    """Add an empty row to a section that repeats."""
    row = _held(answers)
    try:
        sheet = sheets.add_row(row.version.read(), sheet_of(row), section)
    except Fault as fault:
        raise Refused(_section_sentence(fault), field=section) from fault
    return _write(row, sheet, at=at, by=by)


def remove_row(*, answers: Answers, section: str, row: str, at: datetime, by: Any) -> Answers:
    """Take a row away from a section that repeats."""
    held = _held(answers)
    try:
        sheet = sheets.remove_row(held.version.read(), sheet_of(held), section, row)
    except Fault as fault:
        raise Refused(_section_sentence(fault), field=section) from fault
    keeping.forget_replaced(held, sheet, by=by)
    return _write(held, sheet, at=at, by=by)


def send(*, answers: Answers, at: datetime, by: Any) -> Answers:
    """Freeze answers that are complete, without what is hidden; raises NotReady otherwise."""
    row = _held(answers)
    definition = row.version.read()
    found = problems_of(row, communes=_communes(definition))
    if found:
        raise NotReady(found)
    sheet = Sheet(kept(definition, row.values), {}, {}, row.revision + 1)
    keeping.forget_replaced(row, sheet, by=by)
    row.state, row.sent_at, row.link = AnswersState.SENT, at, ""
    _write(row, sheet, at=at, by=by)
    row.expires_at = at + timedelta(days=definition.keep_days)
    row.save(update_fields=["state", "sent_at", "link", "expires_at"])
    return row


def reopen(*, answers: Answers, at: datetime, by: Any) -> Answers:
    """Let answers that were sent be written again, as when a file must be completed."""
    row = _locked(answers)
    if row.is_draft:
        raise Refused(_("These answers are already being written."))
    row.state, row.sent_at = AnswersState.DRAFT, None
    row.save(update_fields=["state", "sent_at"])
    return _write(row, sheet_of(row), at=at, by=by)


def rebase(*, answers: Answers, version: Version, at: datetime, by: Any) -> moving.Moved:
    """Move a draft to a newer version of its form: what still fits is kept, the rest is told."""
    row = _held(answers)
    if version.form_id != row.version.form_id or version.number <= row.version.number:
        raise Refused(_("These answers can only move to a newer version of the same form."))
    moved = moved_to(row, version)
    keeping.forget_replaced(row, moved.sheet, by=by)
    row.version = version
    row.save(update_fields=["version"])
    _write(row, moved.sheet, at=at, by=by)
    return moved


def moved_to(answers: Answers, version: Version) -> moving.Moved:
    """Tell what moving a draft to another version would keep and lose; nothing is written."""
    definition = version.read()
    communes = _communes(definition)
    return moving.move(answers.version.read(), definition, sheet_of(answers), communes)


def newer(answers: Answers) -> Version | None:
    """Give the version in force if a draft is on an older one, or None."""
    found = queries.latest(answers.version.form_id) if answers.is_draft else None
    return found if found is not None and found.pk != answers.version_id else None


def open_link(*, answers: Answers, at: datetime, by: Any) -> str:
    """Give a link's secret by which whoever has it may go on writing; the one before is over."""
    row = _held(answers)
    token = secrets.token_urlsafe(32)
    row.link = queries.digest_of(token)
    row.save(update_fields=["link"])
    return token


def close_link(*, answers: Answers, by: Any) -> None:
    """End the link to a draft."""
    row = _locked(answers)
    row.link = ""
    row.save(update_fields=["link"])


def forget(*, answers: Answers, by: Any) -> None:
    """Erase answers and their files."""
    row = _locked(answers)
    keeping.forget_replaced(row, Sheet(), by=by)
    row.delete()


def sheet_of(answers: Answers) -> Sheet:
    """Give answers as the engine knows them."""
    return Sheet(answers.values, answers.typed, answers.trace, answers.revision)


def _locked(answers: Answers) -> Answers:
    """Give the row as it is now, held until the action ends."""
    rows = Answers.objects.select_for_update(of=("self",)).select_related("version")
    found: Answers | None = rows.filter(pk=answers.pk).first()
    if found is None:
        raise Refused(_("These answers are no longer kept."))
    return found


def _held(answers: Answers) -> Answers:
    row = _locked(answers)
    if not row.is_draft:
        raise Refused(_("These answers were sent: they can no longer be changed."))
    return row


def _put(answers: Answers, sheet: Sheet) -> None:
    answers.values, answers.typed = sheet.values, sheet.typed
    answers.trace, answers.revision = sheet.trace, sheet.revision


def _write(row: Answers, sheet: Sheet, *, at: datetime, by: Any) -> Answers:
    _put(row, sheet)
    row.changed_at, row.changed_by = at, getattr(by, "pk", None)
    row.expires_at = at + timedelta(days=row.version.read().draft_days)
    names = ("values", "typed", "trace", "revision", "changed_at", "changed_by", "expires_at")
    row.save(update_fields=names)
    return row


def _communes(definition: Definition) -> Mapping[str, tuple[str, str]]:
    return queries.communes() if keeping.asks_for(definition, "address") else {}


def _section_sentence(fault: Fault) -> str:
    return section_fault(fault.code, fault.facts)
