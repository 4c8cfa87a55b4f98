"""The things of each source, remembered by each process for as long as they stay the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from communs.core.sensing.engine.states import Limits
from communs.core.sensing.models import Source, Thing

_MOST_SOURCES = 1_000


class Known(NamedTuple):
    """A thing as intake needs it: its number, and its key as the database gives it."""

    number: int
    key: Any


_remembered: dict[UUID, tuple[UUID, Mapping[tuple[str, str], Known]]] = {}


def things_of(source: Source) -> Mapping[tuple[str, str], Known]:
    """Give a source's things by code and property; they are read again when `revision` changed."""
    revision, things = _remembered.get(source.pk, (None, {}))
    if revision != source.revision:
        things = _read(source)
        if len(_remembered) >= _MOST_SOURCES:
            _remembered.clear()
        _remembered[source.pk] = (source.revision, things)
    return things


def _read(source: Source) -> Mapping[tuple[str, str], Known]:
    # In letters: they are looked up with each reading, and a UUID is slow to hash.
    stored = str if connection.vendor == "postgresql" else (lambda key: key.hex)
    rows = Thing.objects.filter(source=source, withdrawn_at=None).order_by()
    rows = rows.values_list("code", "property", "number", "pk")
    return {(code, name): Known(number, stored(key)) for code, name, number, key in rows}


def limits_of(source: Source) -> Limits:
    """Give when the states of a source's things stop being believed, in milliseconds."""
    stuck = None if source.stuck_after is None else source.stuck_after * 1000
    return Limits(source.silent_after * 1000, stuck, source.flips_most)
