"""What changed where something was tried, beside where nothing was, and how sure that is.

The interval is a bootstrap by day: the days of each period are drawn again, with replacement, a
thousand times from a fixed seed; 95 of 100 of the differences so found lie inside. Days are drawn
whole, as the hours of one day are much alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from random import Random
from typing import NamedTuple

from .uses import DAY, Day, quantile

LEAST_DAYS = 5  # of each period, with something known
DRAWS = 1_000
METRES_A_SPACE = 6.0
METRES_A_SECOND = 12 / 3.6  # twelve kilometres an hour, looking for a space
_HOUR = 3_600


class Measure(StrEnum):
    """What a campaign is judged by."""

    OCCUPANCY = "occupancy"
    IN_BAND = "in_band"
    ROTATION = "rotation"
    DWELL = "dwell"
    SEARCH = "search"


class Share(NamedTuple):
    """A part of a whole; days add up before they are divided."""

    part: float
    whole: float


Figures = dict[Measure, Share]


@dataclass(frozen=True, slots=True)
class Target:
    """The band aimed at, in per cent, during the hours that count."""

    low: int
    high: int
    hour_from: int
    hour_until: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure before and after in both parts; None is unknown.

    `effect` is the change where it was tried less that of the control zones, or that change alone
    where there are none; `low` and `high` are its interval. Without enough days it is None.
    """

    before: float | None
    after: float | None
    control_before: float | None = None
    control_after: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def sure(self) -> bool:
        """Tell whether the whole interval lies on one side of nothing."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def figures(places: Iterable[Day], target: Target) -> Figures:
    """Give the figures of one day of a part, over its places."""
    found = {measure: [0.0, 0.0] for measure in Measure}
    for place in places:
        _add(found[Measure.DWELL], sum(place.dwells), len(place.dwells))
        known = sum(hour[0] for hour in place.hours)
        _add(found[Measure.ROTATION], place.arrivals, known / DAY)
        for hour in place.hours[target.hour_from : target.hour_until]:
            _add(found[Measure.OCCUPANCY], hour[1], hour[0])
            if hour[0] >= _HOUR:
                share = hour[1] / hour[0]
                _add(found[Measure.IN_BAND], target.low <= share * 100 <= target.high, 1)
                _add(found[Measure.SEARCH], search_seconds(hour[1], hour[0]), 1)
    return {measure: Share(*values) for measure, values in found.items()}


def search_seconds(taken: float, known: float) -> float:
    """Estimate how long one drives past taken spaces before a free one, from seconds of spaces.

    Spaces passed = (1 - f) / f, with f the share of free ones; half a space is added to the free
    ones and one to all, so that a full street is long to search and not endless.
    """
    spaces = known / _HOUR
    free = ((known - taken) / _HOUR + 0.5) / (spaces + 1)
    return (1 - free) / free * METRES_A_SPACE / METRES_A_SECOND


def estimate(
    tried: tuple[Mapping[date, Figures], Mapping[date, Figures]],
    control: tuple[Mapping[date, Figures], Mapping[date, Figures]] | None,
    measure: Measure,
    *,
    seed: int = 2018,
) -> Estimate:
    """Compare before with after, and what was tried with the control zones if there are some."""
    cells = [_known(days, measure) for days in (*tried, *(control or ()))]
    values = [_together(cell) for cell in cells]
    if any(len(cell) < LEAST_DAYS for cell in cells):
        return _told(values)
    chance = Random(seed)  # noqa: S311 -- nothing secret: the same days give the same interval
    drawn = sorted(
        _effect([_together(chance.choices(cell, k=len(cell))) for cell in cells])
        for _draw in range(DRAWS)
    )
    return replace(
        _told(values),
        effect=_effect(values),
        low=quantile(drawn, 0.025),
        high=quantile(drawn, 0.975),
    )


def _told(values: Sequence[float | None]) -> Estimate:
    before, after, *control = values
    return Estimate(before, after, *control[:1], *control[1:2])


def _add(held: list[float], part: float, whole: float) -> None:
    held[0] += part
    held[1] += whole


def _known(days: Mapping[date, Figures], measure: Measure) -> list[Share]:
    return [days[day][measure] for day in sorted(days) if days[day][measure].whole]


def _together(days: Sequence[Share]) -> float | None:
    whole = sum(day.whole for day in days)
    return sum(day.part for day in days) / whole if whole else None


def _effect(values: Sequence[float | None]) -> float:
    known = [value or 0.0 for value in values]
    changes = [after - before for before, after in zip(known[::2], known[1::2], strict=True)]
    return changes[0] - sum(changes[1:])
