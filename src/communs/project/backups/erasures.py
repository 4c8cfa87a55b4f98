"""Accounts that were erased stay so: a backup put back later loses them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, transaction

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.privacy.actions import erase
from communs.core.privacy.models import Erasure

BESIDE = "erased-accounts.txt"


def write_beside(folder: Path) -> None:
    """Write the keys of erased accounts beside the backups, which may outlive this machine."""
    keys = known(folder / "any")
    if not keys:
        return
    fresh = folder / f"{BESIDE}.fresh"
    fresh.write_text("".join(f"{key}\n" for key in sorted(map(str, keys))), encoding="utf-8")
    fresh.replace(folder / BESIDE)


def known(backup: Path) -> set[UUID]:
    """Give the accounts erased so far, as this database and the file beside a backup tell."""
    return _kept() | _read(backup.parent / BESIDE)


def erase_again(keys: Iterable[UUID], *, at: datetime) -> tuple[int, list[str]]:
    """Erase the accounts that a backup brought back; gives how many, and why some stay."""
    back = list(Person.objects.filter(pk__in=list(keys)))
    gone, reasons = 0, []
    for person in back:
        with within(Community.objects.get(kind=Kind.METROPOLIS)):
            try:
                erase(person=person, tell=False, at=at, by=None)
                gone += 1
            except Refused as refusal:
                reasons.append(str(refusal))
    return gone, reasons


def _kept() -> set[UUID]:
    try:
        with transaction.atomic():
            return set(Erasure.objects.values_list("person", flat=True))
    except DatabaseError:  # an empty database, or one of an older version
        return set()


def _read(file: Path) -> set[UUID]:
    try:
        return {UUID(line) for line in file.read_text(encoding="utf-8").split()}
    except FileNotFoundError:
        return set()
