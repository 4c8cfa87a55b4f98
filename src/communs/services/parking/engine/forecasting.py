"""How full places will be, hour by hour, and how wrong that was, beside a plain guess.

The plain guess is the same hour of the week, over the weeks before. The forecast moves it by half
of what the day before was away from its own plain guess: a cold week stays cold for a while.
Both are judged on days they had not seen; where the plain guess was better, it is what is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 8
HOURS = 24
LEAST_WEEKS = 2
_KEPT = 0.5  # of yesterday's distance
_DAY = timedelta(days=1)

Shares = Sequence[float | None]
Series = Mapping[date, Shares]


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean distance from what happened, as a share, of the forecast and of the plain guess."""

    hours: int
    forecast: float
    plain: float

    @property
    def better(self) -> bool:
        """Tell whether the forecast was better than the plain guess."""
        return self.forecast < self.plain


def plain(series: Series, on: date) -> list[float | None]:
    """Give the same hour of the week over the weeks before; None where too little is known."""
    weeks = [series.get(on - timedelta(weeks=n), ()) for n in range(1, WEEKS + 1)]
    return [_mean([day[hour] for day in weeks if day]) for hour in range(HOURS)]


def forecast(series: Series, on: date) -> list[float | None]:
    """Give what the plain guess becomes with what the day before was like."""
    moved = _KEPT * _away(series, on - _DAY)
    return [_moved(share, moved) for share in plain(series, on)]


def judged(many: Mapping[str, Series], first: date, days: int) -> Errors | None:
    """Give how wrong both were on some days, over all places; None where nothing was known."""
    moments = [first + n * _DAY for n in range(days)]
    told = [one for series in many.values() for day in moments for one in _told(series, day)]
    if not told:
        return None
    ours = sum(abs(f - h) for f, _p, h in told)
    theirs = sum(abs(p - h) for _f, p, h in told)
    return Errors(len(told), ours / len(told), theirs / len(told))


def _told(series: Series, day: date) -> Iterator[tuple[float, float, float]]:
    """Give what both said of each hour of a day, and what happened."""
    happened = series.get(day) or (None,) * HOURS
    for said in zip(forecast(series, day), plain(series, day), happened, strict=True):
        ours, theirs, there = said
        if ours is not None and theirs is not None and there is not None:
            yield ours, theirs, there


def _moved(share: float | None, by: float) -> float | None:
    return None if share is None else min(1.0, max(0.0, share + by))


def _away(series: Series, day: date) -> float:
    happened = series.get(day)
    if not happened:
        return 0.0
    both = zip(plain(series, day), happened, strict=True)
    away = [h - p for p, h in both if p is not None and h is not None]
    return sum(away) / len(away) if away else 0.0


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) >= LEAST_WEEKS else None
