"""Reads about files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from communs.core.files import scanners
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.purposes import Purpose
from communs.core.files.storages import Contents


def contents() -> Contents:
    """Give the storage of contents."""
    found: Any = default_storage
    return found


def file(key: UUID) -> StoredFile | None:
    """Give a file of this community, or None; one of elsewhere is not there."""
    return StoredFile.objects.filter(pk=key).first()


def files_of(subject: models.Model | str) -> QuerySet[StoredFile]:
    """Give the files that something owns, oldest first; one query."""
    return StoredFile.objects.filter(subject=subject_of(subject))


def sent_by(person: UUID) -> QuerySet[StoredFile]:
    """Give the files that an account sent here, for its export or its erasure."""
    return StoredFile.objects.filter(uploaded_by=person)


def subject_of(subject: models.Model | str) -> str:
    """Give how an owner is written: `label:key`."""
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.label_lower}:{subject.pk}"


def draft(key: UUID, purpose: Purpose, *, at: datetime) -> StoredFile | None:
    """Give a file that was sent with a refused form and still waits for the right one."""
    waiting = StoredFile.objects.filter(state__in=[State.PENDING, State.CLEAN], subject="")
    return waiting.filter(pk=key, purpose=purpose.key, expires_at__gt=at).first()


def pending() -> QuerySet[StoredFile]:
    """Give the files that wait for the antivirus, oldest first."""
    return StoredFile.objects.filter(state=State.PENDING)


def due(*, at: datetime) -> QuerySet[StoredFile]:
    """Give the files whose time is over."""
    return StoredFile.objects.filter(expires_at__lte=at).exclude(state=State.EXPIRED)


def storage_used() -> int:
    """Give the bytes that this community's files take; reduced images are not counted."""
    kept = StoredFile.objects.exclude(state=State.EXPIRED)
    return kept.aggregate(total=Sum("size"))["total"] or 0


def shards() -> list[str]:
    """Give the beginnings of digests by which contents are parted into folders."""
    rows = StoredFile.objects.exclude(state=State.EXPIRED).order_by()
    return list(rows.annotate(shard=Left("sha256", 2)).values_list("shard", flat=True).distinct())


def contents_named(shard: str) -> dict[str, UUID]:
    """Give the path of each content of a folder that a row names, and that row's key."""
    rows = StoredFile.objects.filter(sha256__startswith=shard).exclude(state=State.EXPIRED)
    return {file.path: file.pk for file in rows.only("id", "community_id", "sha256")}


def is_kept(key: UUID) -> bool:
    """Tell whether a file still has its row and should have its content."""
    return StoredFile.objects.filter(pk=key).exclude(state=State.EXPIRED).exists()


@dataclass(frozen=True, slots=True)
class Use:
    """What the files of one purpose take."""

    purpose: str
    files: int
    bytes: int


def storage_by_purpose() -> Sequence[Use]:
    """Give what each purpose takes here, the largest first; one query."""
    kept = StoredFile.objects.exclude(state=State.EXPIRED).order_by().values("purpose")
    rows = kept.annotate(files=Count("pk"), total=Sum("size")).order_by("-total", "purpose")
    return [Use(row["purpose"], row["files"], row["total"]) for row in rows]


def scanner_health() -> tuple[str, str]:
    """Give `ok`, `warning` or `error`, and the sentence, about the antivirus."""
    scanner = scanners.configured()
    if scanner is None:
        return "warning", _("No antivirus is set: files are checked by their structure alone.")
    try:
        scanner.ping()
    except scanners.ScannerUnavailable as error:
        return "error", _("The antivirus does not answer (%(why)s).") % {"why": error}
    return "ok", _("The antivirus answers.")


def quota() -> int:
    """Give the bytes that a community's files may take."""
    return settings.COMMUNS_FILES_QUOTA
