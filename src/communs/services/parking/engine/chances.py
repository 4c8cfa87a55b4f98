"""How likely a free space is, by street and hour of the week, and how far to trust that.

The share of free spaces at an hour of the week is that of the eight weeks before, drawn towards
that of all places where little is known. How much it differs from week to week makes it a beta
distribution; of n spaces none is free with the chance that a beta-binomial gives. Its one figure,
the precision, is chosen on the two weeks before those on which all of it is judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, lgamma
from typing import NamedTuple

WEEKS = 8
JUDGED = 14  # days on which it is judged; as many before choose the precision
LEAST_DAYS = 2  # of the same hour of the week
BINS = 5
_PRECISIONS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
_PULL = 4.0  # spaces' worth of what all places together say
_EDGE = 0.005

Cell = tuple[int, int]  # spaces known, and free among them, at half past
History = Mapping[date, Sequence[Cell]]


class Case(NamedTuple):
    """An hour of a place: what was known of it before, its spaces seen, whether one was free."""

    share: float
    spaces: int
    happened: bool
    usual: float


class Pair(NamedTuple):
    """What was said and what happened; `usual` is what the hour alone would have said."""

    said: float
    happened: bool
    usual: float


class Bin(NamedTuple):
    """The cases in which a chance from `low` to `high` was said, and how often it came true."""

    low: float
    high: float
    cases: int
    said: float
    observed: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How good chances were: Brier scores (0 is perfect), of chances and of the hour alone."""

    cases: int
    brier: float
    usual: float
    bins: tuple[Bin, ...]

    @property
    def better(self) -> bool:
        """Tell whether chances were better than what the hour of the day alone says."""
        return self.brier < self.usual


@dataclass(slots=True)
class Memory:
    """What the last weeks said of each hour of the week, place by place and altogether."""

    places: dict[str, dict[tuple[int, int], list[int]]] = field(default_factory=dict)
    together: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    some: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, place: str, day: date, cells: Sequence[Cell], times: int = 1) -> None:
        """Count a day, or with -1 forget one."""
        mine = self.places.setdefault(place, {})
        for hour, (known, free) in enumerate(cells):
            if not known:
                continue
            key = (day.weekday(), hour)
            for held in (mine, self.together):
                _count(held.setdefault(key, [0, 0, 0]), (known, free, 1), times)
            _count(self.some[hour], (1, free > 0), times)

    def share(self, place: str, weekday: int, hour: int) -> float | None:
        """Give the share of spaces free at an hour of the week; None where too little is known."""
        known, free, days = self.places.get(place, {}).get((weekday, hour), (0, 0, 0))
        if days < LEAST_DAYS:
            return None
        all_known, all_free, _days = self.together[weekday, hour]
        return (free + _PULL * all_free / all_known) / (known + _PULL)

    def usual(self, hour: int) -> float:
        """Give how often a place had a free space at that hour, of all places and days."""
        cases, happened = self.some[hour]
        return happened / cases if cases else 0.5


def some_free(share: float, spaces: int, precision: float) -> float:
    """Give the chance that at least one of so many spaces is free."""
    mean = min(max(share, _EDGE), 1 - _EDGE)
    taken = (1 - mean) * precision
    none = lgamma(taken + spaces) - lgamma(taken) + lgamma(precision) - lgamma(precision + spaces)
    return 1 - exp(none)


def remembered(histories: Mapping[str, History], on: date) -> Memory:
    """Give what the weeks before a day say."""
    found = Memory()
    for place, history in histories.items():
        for ago in range(1, WEEKS * 7 + 1):
            day = on - timedelta(days=ago)
            if day in history:
                found.add(place, day, history[day])
    return found


def cases(histories: Mapping[str, History], first: date, days: int) -> Iterator[Case]:
    """Give on each day what the days before told of each hour, and what happened."""
    memory = remembered(histories, first)
    for n in range(days):
        day = first + timedelta(days=n)
        for place, history in histories.items():
            yield from _cases(memory, place, day, history.get(day, ()))
        for place, history in histories.items():
            _slide(memory, place, day, history)


def pairs(met: Iterable[Case], precision: float) -> list[Pair]:
    """Say the chance of each case, beside what happened."""
    return [
        Pair(some_free(one.share, one.spaces, precision), one.happened, one.usual) for one in met
    ]


def best_precision(histories: Mapping[str, History], first: date) -> float:
    """Give the precision that would have been best in the two weeks before a day."""
    met = list(cases(histories, first - timedelta(days=JUDGED), JUDGED))
    missed = {p: brier((x.said, x.happened) for x in pairs(met, p)) for p in _PRECISIONS}
    return min(missed, key=lambda p: (missed[p], p))


def judged(said: Sequence[Pair]) -> Scores | None:
    """Give how good chances were; None where there was nothing to judge."""
    if not said:
        return None
    return Scores(
        len(said),
        brier((one.said, one.happened) for one in said),
        brier((one.usual, one.happened) for one in said),
        tuple(_bins(said)),
    )


def brier(said: Iterable[tuple[float, bool]]) -> float:
    """Give the mean square of what chances were away from what happened; 0 of nothing."""
    squares = [(chance - happened) ** 2 for chance, happened in said]
    return sum(squares) / len(squares) if squares else 0.0


def _cases(memory: Memory, place: str, day: date, cells: Sequence[Cell]) -> Iterator[Case]:
    for hour, (known, free) in enumerate(cells):
        share = memory.share(place, day.weekday(), hour) if known else None
        if share is not None:
            yield Case(share, known, free > 0, memory.usual(hour))


def _slide(memory: Memory, place: str, day: date, history: History) -> None:
    """Add a day that is over, and forget the one that is too old from then on."""
    if day in history:
        memory.add(place, day, history[day])
    old = day - timedelta(days=WEEKS * 7)
    if old in history:
        memory.add(place, old, history[old], -1)


def _bins(said: Sequence[Pair]) -> Iterator[Bin]:
    for n in range(BINS):
        held = [one for one in said if min(int(one.said * BINS), BINS - 1) == n]
        if held:
            chances = sum(one.said for one in held) / len(held)
            observed = sum(one.happened for one in held) / len(held)
            yield Bin(n / BINS, (n + 1) / BINS, len(held), chances, observed)


def _count(held: list[int], values: Sequence[int], times: int) -> None:
    for n, value in enumerate(values):
        held[n] += times * value
