"""Reads a community's journal from the database: to check it, or to take it out."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Field

from communs.core.communities.scope import current
from communs.core.journal import evidence, stamps
from communs.core.journal.chain import facts_of, facts_of_seal
from communs.core.journal.models import Chain, Event, Seal

_CHUNK = 2000
# What Django raises where a value in the database is none of its field's.
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, DatabaseError)


def check(*, certificates: Path | None = None) -> evidence.Checker:
    """Check the journal of the community in force, all of it; certificates check the stamps."""
    checker = evidence.Checker(str(current().pk))
    try:
        position, digest = _start()
        checker = evidence.Checker(checker.community, position=position, digest=digest)
        _check_rows(checker, certificates)
    except _UNREADABLE as error:
        checker.wrong.append(f"after event {checker.position}: a row cannot be read ({error})")
    return checker


def _check_rows(checker: evidence.Checker, certificates: Path | None) -> None:
    for event in _events():
        checker.event(facts_of(event), str(event.digest))
    for model in (Event, Seal):
        checker.wrong += _written_otherwise(model)
    for seal in Seal.objects.order_by("position").iterator(_CHUNK):
        if seal.position < checker.position - checker.events:
            continue
        checker.sealed(facts_of_seal(seal), seal.digest)
        if certificates and not _is_stamp_true(seal, certificates):
            checker.wrong.append(f"seal of {seal.day}: its time stamp is not true")
    end = Chain.objects.first()
    if end is not None:
        checker.end(end.position, end.digest, end.seal)
    elif checker.events:
        checker.wrong.append("end: the chain has lost its end")


def _written_otherwise(model: type[Event | Seal]) -> list[str]:
    """Name the rows whose text reads as it should, but is not what Communs wrote.

    SQLite keeps any text in any column, and Django reads a key in capitals like another.
    """
    if connection.vendor != "sqlite":
        return []
    fields = [field for field in model._meta.concrete_fields if field.name != "stamp"]
    columns = ", ".join(f'CAST("{field.column}" AS TEXT)' for field in fields)
    rows = model.objects.exclude(position=None).order_by("position").iterator(_CHUNK)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608 -- our own names
            " WHERE community_id = %s AND position IS NOT NULL ORDER BY position",
            [current().pk.hex],
        )
        return [
            f"{model._meta.model_name} {row.position}: not written as the journal writes it"
            for row, stored in zip(rows, cursor, strict=True)
            if list(stored) != [_text_of(field, row) for field in fields]
        ]


def _text_of(field: Field[Any, Any], row: Event | Seal) -> str | None:
    value = field.get_db_prep_save(getattr(row, field.attname), connection)
    return None if value is None else str(value)


def _is_stamp_true(seal: Seal, certificates: Path) -> bool:
    """Tell whether the stamp is what it says; a seal may still wait for its own."""
    if seal.stamp is None:
        return True
    return stamps.is_true(bytes(seal.stamp), seal.digest, certificates=certificates)


def export() -> Iterator[bytes]:
    """Give the journal of the community in force line by line, as `evidence.py` checks it."""
    total = hashlib.sha256()
    for record in _records():
        line = evidence.canonical(record) + b"\n"
        total.update(line)
        yield line
    yield evidence.canonical({"sha256": total.hexdigest()}) + b"\n"


def _records() -> Iterator[evidence.Record]:
    position, digest = _start()
    place = str(current().pk)
    yield {
        "format": evidence.FORMAT,
        "community": place,
        "position": position,
        "digest": digest,
    }
    seals = Seal.objects.filter(position__gte=position).order_by("position").iterator(_CHUNK)
    seal = next(seals, None)
    for event in _events():
        position, digest = event.position or 0, str(event.digest)
        yield {"event": facts_of(event), "digest": digest}
        while seal is not None and seal.position <= position:
            stamp = b64encode(bytes(seal.stamp)).decode() if seal.stamp is not None else None
            yield {"seal": facts_of_seal(seal), "digest": seal.digest, "stamp": stamp}
            seal = next(seals, None)
    end = Chain.objects.first()
    last = end.seal if end else digest
    yield {"end": {"position": position, "digest": digest, "seal": last}}


def _events() -> Iterator[Event]:
    return Event.objects.exclude(position=None).order_by("position").iterator(_CHUNK)


def _start() -> tuple[int, str]:
    """Give the position and digest before the first event that is still kept."""
    first = Event.objects.exclude(position=None).order_by("position").first()
    before = (
        Seal.objects.filter(position=first.position - 1).last()
        if first and first.position and first.position > 1
        else None
    )
    if before:
        return before.position, before.event_digest
    return 0, evidence.origin(str(current().pk))
