"""Writes: a file is kept, attached to what owns it, scanned, expired or forgotten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.files import purposes, queries, scanners, words
from communs.core.files.enums import State
from communs.core.files.examining import Examined, Upload, examined
from communs.core.files.images import delete_all
from communs.core.files.models import StoredFile
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused

DRAFT_HOURS = 24
_ANONYMOUS_SHARE = 10  # drafts of visitors without an account take at most a tenth of the room


def keep(
    *,
    upload: Upload,
    purpose: str,
    subject: models.Model | str | None = None,
    field: str | None = None,
    at: datetime,
    by: Any,
) -> StoredFile:
    """Look at an upload and keep it; without a subject it is a draft, for a day.

    The look takes time: call it outside any transaction, then `attach` inside your action. Raises
    Refused with what is taken, naming the field. The content is on the disk before the row is: a
    death in between leaves a content that `sweep` removes, never a row without its content.
    """
    use = purposes.named(purpose)
    owner = queries.subject_of(subject) if subject else ""
    with examined(upload, use, field=field) as found:
        row = StoredFile(
            community=current(),
            purpose=use.key,
            state=State.PENDING if scanners.configured() else State.CLEAN,
            subject=owner,
            uploaded_by=getattr(by, "pk", None),
            at=at,
            expires_at=_expiry(use, owner, at),
            **_columns(found),
        )
        return _store(file=row, content=found.content, field=field, by=by)


@action("files.attached")
def attach(
    *,
    file: StoredFile,
    subject: models.Model | str,
    until: datetime | None = None,
    at: datetime,
    by: Any,
) -> StoredFile:
    """Give a draft to what owns it; it is kept as long as its purpose says, or `until` then."""
    owner = queries.subject_of(subject)
    row = _latest(file)
    if row is not None and row.subject == owner:
        nothing_done()
        return row
    if row is None or row.subject or row.state not in {State.PENDING, State.CLEAN}:
        raise Refused(_("This file can no longer be used: send it again."))
    row.subject = owner
    row.expires_at = until or _expiry(row.use, owner, at)
    row.save(update_fields=["subject", "expires_at"])
    record(row, owner=owner, purpose=row.purpose)
    return row


@action("files.forgotten")
def forget(*, file: StoredFile, by: Any) -> None:
    """Erase a file: its row now, its content as soon as that is written."""
    path = file.path
    record(file, purpose=file.purpose, sha256=file.sha256)
    file.delete()
    transaction.on_commit(lambda: delete_all(path))


@action("files.expired")
def expire(*, file: StoredFile, at: datetime, by: Any) -> None:
    """Remove a file whose time is over: a draft entirely, of another its owner can still say so."""
    row = _latest(file)
    if row is None or row.expires_at is None or row.expires_at > at or row.state == State.EXPIRED:
        nothing_done()
        return
    path = row.path
    record(row, purpose=row.purpose, sha256=row.sha256)
    if row.is_draft:
        row.delete()
    else:
        row.state, row.name, row.uploaded_by, row.marks = State.EXPIRED, "", None, []
        row.save(update_fields=["state", "name", "uploaded_by", "marks"])
    transaction.on_commit(lambda: delete_all(path))


@action("files.scanned")
def judge(*, file: StoredFile, verdict: scanners.Verdict, by: Any) -> None:
    """Write what the antivirus said: the file is served from now on, or never."""
    row = _latest(file)
    if row is None or row.state != State.PENDING:
        nothing_done()
        return
    row.state = State.CLEAN if verdict.clean else State.QUARANTINED
    row.verdict = verdict.name
    row.save(update_fields=["state", "verdict"])
    record(row, state=row.state, verdict=verdict.name)


def _latest(file: StoredFile) -> StoredFile | None:
    """Give the row as it is now, held until the action ends; another may have been quicker."""
    return StoredFile.objects.select_for_update().filter(pk=file.pk).first()


def _store(*, file: StoredFile, content: Any, field: str | None, by: Any) -> StoredFile:
    contents = queries.contents()
    _check_room(file, field)
    with _removed_on_failure(file.path):
        contents.save(file.path, File(content, name=file.path))
        return _write(file=file, by=by)


@action("files.kept")
def _write(*, file: StoredFile, by: Any) -> StoredFile:
    file.save(force_insert=True)
    record(file, purpose=file.purpose, kind=file.kind, size=file.size, sha256=file.sha256)
    return file


@contextlib.contextmanager
def _removed_on_failure(path: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):  # the sweep will; the first failure is what matters
            queries.contents().delete(path)
        raise


def _check_room(file: StoredFile, field: str | None) -> None:
    room = queries.quota()
    full = queries.storage_used() + file.size > room
    if not full and file.is_draft and file.uploaded_by is None:
        drafts = StoredFile.objects.filter(subject="", uploaded_by__isnull=True)
        waiting = drafts.aggregate(total=models.Sum("size"))["total"] or 0
        full = waiting + file.size > room // _ANONYMOUS_SHARE
    if full:
        sentence = _("There is no room left for files here (%(size)s are kept at most).")
        raise Refused(sentence % {"size": words.size(room)}, field=field)


def _expiry(use: purposes.Purpose, owner: str, at: datetime) -> datetime | None:
    if not owner:
        return at + timedelta(hours=DRAFT_HOURS)
    return None if use.keep_days is None else at + timedelta(days=use.keep_days)


def _columns(found: Examined) -> dict[str, Any]:
    names = ("name", "kind", "size", "sha256", "width", "height", "marks")
    return {name: getattr(found, name) for name in names}
