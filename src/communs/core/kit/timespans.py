"""Hours that come back, as a sign says them: « lundi à samedi, 9 h – 19 h, sauf jours fériés ».

A sign is read with the clock on the wall. On the night that has an hour twice it says the same
twice; what it says of an hour that does not exist, it says of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
EVERY_DAY = frozenset(range(7))
_MIDNIGHT = time()
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """Hours of certain days; without `begins` from midnight, without `ends` until midnight."""

    days: frozenset[int] = EVERY_DAY  # 0 is Monday
    begins: time | None = None
    ends: time | None = None  # not after `begins`: past midnight, of the day on which it began
    since: date | None = None
    until: date | None = None  # the last day that counts
    holidays: bool | None = None  # True: public holidays only; False: never on one

    @property
    def overnight(self) -> bool:
        """Tell whether it goes on past midnight."""
        return self.ends is not None and _MIDNIGHT < self.ends <= (self.begins or _MIDNIGHT)


def holds(span: TimeSpan, at: datetime, *, zone: tzinfo = PARIS) -> bool:
    """Tell whether the span holds at an instant, read on the clocks of the zone."""
    local = at.astimezone(zone)
    day, clock = local.date(), local.time()
    begins, ends = span.begins or _MIDNIGHT, span.ends or _MIDNIGHT
    if ends == _MIDNIGHT:
        return begins <= clock and _counts(span, day)
    if not span.overnight:
        return begins <= clock < ends and _counts(span, day)
    if clock >= begins and _counts(span, day):
        return True
    return clock < ends and _counts(span, day - _DAY)


def next_change(
    spans: Iterable[TimeSpan], at: datetime, *, days: int = 14, zone: tzinfo = PARIS
) -> datetime | None:
    """Give the next instant (UTC) at which one of them begins or ends to hold, or None."""
    return next(changes(spans, at, days=days, zone=zone), None)


def changes(
    spans: Iterable[TimeSpan], at: datetime, *, days: int = 14, zone: tzinfo = PARIS
) -> Iterator[datetime]:
    """Give, in order, the instants (UTC) at which one of them begins or ends to hold."""
    known = tuple(spans)
    now = at.astimezone(UTC)
    before = [holds(span, now, zone=zone) for span in known]
    for moment in _moments(known, now, days, zone):
        after = [holds(span, moment, zone=zone) for span in known]
        if after != before:
            yield moment
        before = after


def _moments(
    spans: tuple[TimeSpan, ...], now: datetime, days: int, zone: tzinfo
) -> Iterator[datetime]:
    """Give, in order, every instant after now at which a span may change."""
    clocks = {_MIDNIGHT}
    for span in spans:
        clocks |= {span.begins or _MIDNIGHT, span.ends or _MIDNIGHT}
    first, last = now.astimezone(zone).date(), now + days * _DAY
    for ahead in range(days + 2):
        day = first + ahead * _DAY
        moments = {moment for clock in clocks for moment in _instants(day, clock, zone)}
        moments |= _shifts(day, zone)
        yield from sorted(moment for moment in moments if now < moment <= last)


def _instants(day: date, clock: time, zone: tzinfo) -> set[datetime]:
    """Give when the clocks of a day show an hour: once, twice, or never."""
    shown = [datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1)]
    moments = {moment.astimezone(UTC) for moment in shown}
    return {moment for moment in moments if moment.astimezone(zone).time() == clock}


def _shifts(day: date, zone: tzinfo) -> set[datetime]:
    """Give the instants of a day at which its clocks are put forward or back."""
    low = datetime.combine(day, _MIDNIGHT, zone).astimezone(UTC)
    high = datetime.combine(day + _DAY, _MIDNIGHT, zone).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return set()
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return {high}


def _counts(span: TimeSpan, day: date) -> bool:
    """Tell whether the span begins on this day."""
    if day.weekday() not in span.days:
        return False
    if (span.since and day < span.since) or (span.until and day > span.until):
        return False
    return span.holidays is None or span.holidays == (day in public_holidays(day.year))


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Give the eleven public holidays of metropolitan France (Code du travail, L. 3133-1)."""
    easter = easter_sunday(year)
    moving = {easter + timedelta(days=ahead) for ahead in (1, 39, 50)}
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset(moving | {date(year, month, day) for month, day in fixed})


def easter_sunday(year: int) -> date:
    """Give Easter of the Gregorian calendar: the Sunday after the paschal full moon."""
    golden, century = year % 19 + 1, year // 100 + 1
    leap_years_dropped = 3 * century // 4 - 12
    moon_correction = (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + moon_correction - leap_years_dropped) % 30
    if epact == 24 or (epact == 25 and golden > 11):  # noqa: PLR2004 -- Clavius' two exceptions
        epact += 1
    full_moon = 44 - epact if epact < 24 else 74 - epact  # noqa: PLR2004 -- days from 1 March
    moon = date(year, 3, 1) + timedelta(days=full_moon - 1)
    return moon + timedelta(days=6 - moon.weekday() or 7)
