"""What days of places add up to: occupancy, rotation, dwell, and how much of it is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .stays import HOURS, Hours, nothing

DAY = 86_400  # seconds


class Day(NamedTuple):
    """A place on a day, as it is kept."""

    possible: int
    hours: Sequence[Sequence[int]]
    arrivals: int
    dwells: Sequence[int]


@dataclass(slots=True)
class Use:
    """Several days and places together. Whatever nothing is known of is None, never 0."""

    possible: int = 0
    hours: Hours = field(default_factory=nothing)
    arrivals: int = 0
    dwells: list[int] = field(default_factory=list)

    def add(self, day: Day) -> None:
        """Count a place on a day."""
        self.possible += day.possible
        self.arrivals += day.arrivals
        self.dwells += day.dwells
        for mine, theirs in zip(self.hours, day.hours, strict=True):
            if theirs[0] or theirs[2]:
                for n, value in enumerate(theirs):
                    mine[n] += value

    @property
    def known(self) -> int:
        """Seconds of spaces in which the state was known."""
        return sum(hour[0] for hour in self.hours)

    @property
    def taken(self) -> int:
        """Seconds of spaces known to be taken."""
        return sum(hour[1] for hour in self.hours)

    @property
    def quality(self) -> float | None:
        """Give the share of the time of all spaces in which their state was known."""
        return _share(self.known, self.possible)

    @property
    def occupancy(self) -> float | None:
        """Give the share of the known time in which spaces were taken."""
        return _share(self.taken, self.known)

    @property
    def rotation(self) -> float | None:
        """Give the stays that were seen to begin, by space and day of which the state was known."""
        return _share(self.arrivals * DAY, self.known)

    def dwell(self, part: float) -> float | None:
        """Give the minutes within which that part of the stays ended."""
        return quantile(sorted(self.dwells), part)

    @property
    def mean_dwell(self) -> float | None:
        """Give the mean minutes of the stays whose both ends are known."""
        return _share(sum(self.dwells), len(self.dwells))

    def by_hour(self) -> list[float | None]:
        """Give the occupancy of each hour of the clock."""
        return [_share(self.hours[hour][1], self.hours[hour][0]) for hour in range(HOURS)]


def together(days: Iterable[Day]) -> Use:
    """Add up days."""
    found = Use()
    for day in days:
        found.add(day)
    return found


def quantile(ordered: Sequence[float], part: float) -> float | None:
    """Give the value below which that part of them lies, between two of them where needed."""
    if not ordered:
        return None
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
