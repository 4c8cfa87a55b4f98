"""From what a sensor said to the stretches of time in which it may be believed, and to stays.

A reading counts until the next one, or until its network would no longer believe it: the same
rules as those of the live state. What lies between is unknown, and no stay crosses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, zip_longest
from typing import NamedTuple

from communs.core.kit.timespans import PARIS
from communs.core.sensing.engine.states import Limits, Said, Standing

HOURS = 24
_HOUR = timedelta(hours=1)
Hours = list[list[int]]


class Stretch(NamedTuple):
    """A space known to be taken, or free, from an instant until another; milliseconds."""

    begins: int
    ends: int
    taken: bool


class Stay(NamedTuple):
    """A space taken without a gap; an end that nobody saw is not known."""

    since: int
    until: int
    begins_known: bool
    ends_known: bool


class Hour(NamedTuple):
    """An hour of a day, by the clock on the wall; the night in autumn has one twice."""

    clock: int
    begins: int
    ends: int


def stretches(said: Iterable[Said], limits: Limits, *, until: int) -> list[Stretch]:
    """Give what was known from what was said, up to an instant; oldest first, none overlapping."""
    standing, found = Standing(), list[Stretch]()
    ordered = sorted(said)
    for one, after in zip_longest(ordered, ordered[1:]):
        following = after.at if after else until
        standing.hear([one], limits)
        begins = max(one.at, standing.calm_from)
        stuck = following if standing.stuck_from is None else standing.stuck_from
        end = min(following, until, standing.silent_from, stuck)
        if begins < end:
            _add(found, Stretch(begins, end, one.value > 0))
    return found


def stays(known: Sequence[Stretch]) -> list[Stay]:
    """Give the stays in what is known: both ends are known where the space is seen free beside."""
    padded: list[Stretch | None] = [None, *known, None]
    found = []
    for before, here, after in zip(padded, known, padded[2:], strict=False):
        if here.taken:
            begins = before is not None and before.ends == here.begins
            ends = after is not None and after.begins == here.ends
            found.append(Stay(here.begins, here.ends, begins, ends))
    return found


def hours_of(day: date) -> list[Hour]:
    """Give the hours of a day here: 24, on the two nights of the clocks 23 or 25."""
    start, end = (
        datetime.combine(day + timedelta(days=n), time(), PARIS).astimezone(UTC) for n in (0, 1)
    )
    moments = [start]
    while moments[-1] < end:
        moments.append(moments[-1] + _HOUR)
    return [
        Hour(begins.astimezone(PARIS).hour, _ms(begins), _ms(ends))
        for begins, ends in pairwise(moments)
    ]


def nothing() -> Hours:
    """Give a day's hours of which nothing is known: seconds known, taken; spaces known, free."""
    return [[0, 0, 0, 0] for _hour in range(HOURS)]


def add_to(hours: Hours, known: Sequence[Stretch], day: Sequence[Hour]) -> None:
    """Add one space to the hours of a day."""
    at = 0
    for hour in day:
        while at < len(known) and known[at].ends <= hour.begins:
            at += 1
        for stretch in _within(known, at, hour):
            seconds = (min(stretch.ends, hour.ends) - max(stretch.begins, hour.begins)) // 1000
            half = (hour.begins + hour.ends) // 2
            seen = stretch.begins <= half < stretch.ends
            cell = hours[hour.clock]
            cell[0] += seconds
            cell[1] += seconds * stretch.taken
            cell[2] += seen
            cell[3] += seen and not stretch.taken


def day_of(at: int) -> date:
    """Give the day here of an instant in milliseconds."""
    return datetime.fromtimestamp(at / 1000, PARIS).date()


def bounds(first: date, last: date) -> tuple[int, int]:
    """Give the first instant of a day and the first after another, in milliseconds."""
    moments = (first, last + timedelta(days=1))
    begins, ends = (_ms(datetime.combine(day, time(), PARIS)) for day in moments)
    return begins, ends


def _within(known: Sequence[Stretch], at: int, hour: Hour) -> Iterator[Stretch]:
    while at < len(known) and known[at].begins < hour.ends:
        yield known[at]
        at += 1


def _add(found: list[Stretch], one: Stretch) -> None:
    """Add a stretch; one that goes on from the last in the same state prolongs it."""
    last = found[-1] if found else None
    if last is not None and last.ends == one.begins and last.taken == one.taken:
        found[-1] = Stretch(last.begins, one.ends, one.taken)
    else:
        found.append(one)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
