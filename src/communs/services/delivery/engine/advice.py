"""How full a bay is by hour and weekday, and what its numbers advise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from communs.core.kit.timespans import PARIS

_HOUR = timedelta(hours=1)
ENOUGH_DAYS = 14
_OFTEN = 3  # hours of the week, and people turned away a week, from which it is no chance

Slot = tuple[int, int]  # weekday (0 is Monday), hour


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week; `share` is the part of the spaces' time that was taken."""

    share: float
    turned: int = 0
    reports: int = 0


class Counsel(StrEnum):
    """What the numbers advise; a person decides."""

    UNKNOWN = "unknown"
    LARGER = "larger"
    SMALLER = "smaller"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Advice:
    """An advice with its numbers."""

    counsel: Counsel
    days: int
    saturated: int  # hours of the week
    busiest: float
    turned: int
    reports: int
    crowded: int = 0  # half hours of the week to come, as shops have declared


def cells(
    visits: Iterable[tuple[datetime, datetime]],
    turned: Iterable[datetime],
    reports: Iterable[datetime],
    *,
    spaces: int,
    days: Iterable[date],
) -> dict[Slot, Cell]:
    """Give every hour of the week of the days looked at."""
    of_weekday = Counter(day.weekday() for day in days)
    taken: defaultdict[Slot, float] = defaultdict(float)
    for begins, ends in visits:
        for slot, seconds in _spread(begins, ends):
            taken[slot] += seconds
    away, told = Counter(map(slot_of, turned)), Counter(map(slot_of, reports))
    return {
        (weekday, hour): Cell(
            share=min(1.0, taken[weekday, hour] / (3600 * spaces * count)),
            turned=away[weekday, hour],
            reports=told[weekday, hour],
        )
        for weekday, count in sorted(of_weekday.items())
        for hour in range(24)
    }


def advise(
    found: Mapping[Slot, Cell],
    *,
    days: int,
    saturated: float,
    quiet: float,
    crowded: int = 0,
    declared: float = 0.0,
) -> Advice:
    """Give what a bay's hours advise, and why; with too few days, only what shops declare is known.

    `crowded` is how many half hours of a week declared deliveries fill, `declared` the fullest.
    """
    full = sum(cell.share >= saturated for cell in found.values())
    busiest = max((cell.share for cell in found.values()), default=0.0)
    turned = sum(cell.turned for cell in found.values())
    reports = sum(cell.reports for cell in found.values())
    is_quiet = max(busiest, declared) < quiet
    counsel = _counsel(days, max(full, crowded // 2), is_quiet, turned + reports)
    if days < ENOUGH_DAYS and crowded // 2 >= _OFTEN:
        counsel = Counsel.LARGER
    return Advice(counsel, days, full, busiest, turned, reports, crowded)


def slot_of(at: datetime) -> Slot:
    """Give the weekday and the hour of an instant on the clocks of the commune."""
    local = at.astimezone(PARIS)
    return local.weekday(), local.hour


def _counsel(days: int, full: int, is_quiet: bool, troubles: int) -> Counsel:
    if days < ENOUGH_DAYS:
        return Counsel.UNKNOWN
    if full >= _OFTEN or troubles * 7 >= _OFTEN * days:
        return Counsel.LARGER
    if is_quiet and not troubles:
        return Counsel.SMALLER
    return Counsel.KEEP


def _spread(begins: datetime, ends: datetime) -> Iterable[tuple[Slot, float]]:
    """Give the seconds of an interval, hour by hour."""
    at = begins
    while at < ends:
        local = at.astimezone(PARIS)
        left = _HOUR - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        until = min(ends, at + left)
        yield slot_of(at), (until - at).total_seconds()
        at = until
