"""How many vehicles recurring deliveries will bring to a bay, half hour by half hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from communs.core.kit.timespans import public_holidays

HALVES = 48  # half hours of a day
_HALF = 30  # minutes
_DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A delivery that comes back: one vehicle, which arrives when it may between two hours."""

    key: str
    days: frozenset[int]  # 0 is Monday
    begins: time
    ends: time
    minutes: int  # of the stop, which fits between the two hours
    since: date
    until: date | None = None  # the last day
    holidays: bool = False
    pauses: tuple[tuple[date, date], ...] = ()  # first and last day without it


@dataclass(frozen=True, slots=True)
class Half:
    """Half an hour: vehicles there on average, and at most, if all come at the same time."""

    mean: float = 0.0
    most: int = 0


def comes(coming: Coming, day: date) -> bool:
    """Tell whether a delivery comes on a day."""
    if day.weekday() not in coming.days or day < coming.since:
        return False
    if coming.until is not None and day > coming.until:
        return False
    if any(first <= day <= last for first, last in coming.pauses):
        return False
    return coming.holidays or day not in public_holidays(day.year)


def load(found: Iterable[Coming], day: date) -> list[Half]:
    """Give the 48 half hours of a day; a vehicle is as likely to arrive at any minute it may."""
    mean, most = [0.0] * HALVES, [0] * HALVES
    for coming in found:
        if comes(coming, day):
            first, last = _minute(coming.begins), _minute(coming.ends)
            for half in range(first // _HALF, -(-last // _HALF)):
                most[half] += 1
            for half, share in enumerate(_shares(first, last, coming.minutes)):
                mean[half] += share
    return [Half(share, count) for share, count in zip(mean, most, strict=True)]


def crowded(halves: Sequence[Half], spaces: int, share: float) -> list[int]:
    """Give the half hours in which the spaces’ time is expected to be taken to that share."""
    return [number for number, half in enumerate(halves) if half.mean >= spaces * share]


def clashing(halves: Sequence[Half], spaces: int) -> list[int]:
    """Give the half hours in which more vehicles may come than there are spaces."""
    return [number for number, half in enumerate(halves) if half.most > spaces]


def runs(halves: Sequence[Half]) -> list[tuple[int, int, int]]:
    """Give, for half hours with the same count of vehicles in a row: first, end, count."""
    found: list[tuple[int, int, int]] = []
    for number, half in enumerate(halves):
        if not half.most:
            continue
        if found and found[-1][1:] == (number, half.most):
            found[-1] = (found[-1][0], number + 1, half.most)
        else:
            found.append((number, number + 1, half.most))
    return found


def clock(half: int) -> time:
    """Give the hour at which a half hour begins; that of the 48th is midnight."""
    return time(half // 2 % 24, half % 2 * _HALF)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _shares(first: int, last: int, minutes: int) -> list[float]:
    """Give the share of each half hour during which a vehicle is there, on average."""
    present = [0] * (_DAY + 1)  # differences: how many arrivals begin or cease to be there
    arrivals = range(first, max(first, last - minutes) + 1)
    for arrival in arrivals:
        present[arrival] += 1
        present[min(_DAY, arrival + minutes)] -= 1
    taken, there = [0] * HALVES, 0
    for minute in range(_DAY):
        there += present[minute]
        taken[minute // _HALF] += there
    return [minutes_taken / (len(arrivals) * _HALF) for minutes_taken in taken]
