"""How many spaces are asked for at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

Interval = tuple[datetime, datetime]  # the end is not part of it


def peak(intervals: Iterable[Interval], begins: datetime, ends: datetime) -> int:
    """Give the most intervals that overlap at one instant of a window."""
    held = [(start, end) for start, end in intervals if start < ends and end > begins]
    starts = {max(start, begins) for start, _end in held}
    return max((_at(held, moment) for moment in starts), default=0)


def first_full(intervals: Sequence[Interval], room: int, at: datetime) -> datetime | None:
    """Give the first instant from `at` on at which `room` intervals overlap; None if never."""
    moments = sorted({max(start, at) for start, end in intervals if end > at})
    return next((moment for moment in moments if _at(intervals, moment) >= room), None)


def _at(intervals: Iterable[Interval], moment: datetime) -> int:
    return sum(start <= moment < end for start, end in intervals)
