"""What an evaluation is worked out from, frozen: plain JSON whose digest anybody can compute.

A line of figures is `{"first": day, "values": […]}`: one value a day (or a month), null where none
is known. Everything else that the estimates depend on stands beside it, so that the same document
gives the same results again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

FORMAT = "communs-evaluation/2"  # 1 kept of a change of the protocol its day and reason alone
DAY, MONTH = "day", "month"
Line = dict[str, Any]


class Known(NamedTuple):
    """A value on the first day of its span, and the definition by which it was counted."""

    day: str
    value: float | None
    version: int | None = 1


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def line(
    known: Iterable[tuple[str, float | None, int | None]], first: date, last: date, step: str = DAY
) -> Line:
    """Give a line of figures; of a day counted in two ways, the latest counts.

    `known` are in order, as `Known` has them. `breaks` are the first days of another way.
    """
    held = {one[0]: one for one in known}
    days = _written(first, last, step)
    values: list[float | int | None] = []
    changed: list[str] = []
    by: int | None = None
    for day in days:
        found = held.get(day)
        if found is None:
            values.append(None)
            continue
        values.append(_plain(found[1]))
        if by is not None and found[2] != by:
            changed.append(day)
        by = found[2] or by
    return {"first": days[0] if days else first.isoformat(), "values": values, "breaks": changed}


@lru_cache(maxsize=64)
def _written(first: date, last: date, step: str) -> tuple[str, ...]:
    """Write the spans of a line: the lines of an indicator have the same."""
    return tuple(day.isoformat() for day in spans(first, last, step))


def spans(first: date, last: date, step: str) -> Iterable[date]:
    """Give the first day of each span from `first` to `last`; a month that is cut is left out."""
    day = first
    if step == MONTH and day.day != 1:
        day = _next_month(day)
    while day <= last:
        after = _next_month(day) if step == MONTH else day + timedelta(days=1)
        if after - timedelta(days=1) > last:
            return
        yield day
        day = after


def days_of(found: Mapping[str, Any], step: str) -> tuple[date, ...]:
    """Give the day of each value of a line."""
    return _days(found["first"], len(found["values"]), step)


@lru_cache(maxsize=64)
def _days(begins: str, count: int, step: str) -> tuple[date, ...]:
    first = date.fromisoformat(begins)
    if step == DAY:
        start = first.toordinal()
        return tuple(date.fromordinal(start + number) for number in range(count))
    days = [first]
    while len(days) < count:
        days.append(_next_month(days[-1]))
    return tuple(days[:count])


def canonical(frozen: Mapping[str, Any]) -> bytes:
    """Write a frozen document as its digest takes it: keys in order, no space, UTF-8."""
    told = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode()


def digest(frozen: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a frozen document."""
    return hashlib.sha256(canonical(frozen)).hexdigest()


def _plain(value: float | None) -> float | int | None:
    """Write whole numbers without a point: what comes back from a database has none either."""
    if value is None:
        return None
    return int(value) if value.is_integer() else value


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
