"""Which files an envelope pays, by a rule; amounts in cents inside, in euros outside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

_MOST = 20_000  # ways of spending that are followed at once; beyond, the nearest are taken as one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that asks: its score out of 100 (None: not scored), the euros that it would get."""

    key: str
    score: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Choice:
    key: str
    before: _Choice | None


_Ways = list[tuple[int, int, _Choice | None]]


def by_score(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Order files: the best score first, then who asks less, then by key; unscored ones last."""
    return sorted(candidates, key=lambda c: (c.score is None, -(c.score or 0), c.amount, c.key))


def strict(candidates: Sequence[Candidate], limit: Decimal) -> frozenset[str]:
    """Pay by score until the first file that does not fit, and none after it."""
    paid: set[str] = set()
    left = limit
    for one in by_score(candidates):
        left -= one.amount
        if left < 0:
            break
        paid.add(one.key)
    return frozenset(paid)


def fill(candidates: Sequence[Candidate], limit: Decimal) -> frozenset[str]:
    """Pay by score, leaving out each file that does not fit in what is left."""
    paid: set[str] = set()
    left = limit
    for one in by_score(candidates):
        if one.amount <= left:
            left -= one.amount
            paid.add(one.key)
    return frozenset(paid)


def points(candidates: Sequence[Candidate], limit: Decimal) -> frozenset[str]:
    """Pay the files whose scores add up to the most; of equals, what costs least.

    Exact (every way of spending that no other betters is followed) up to some twenty thousand
    ways at once; unscored files are not paid.
    """
    room = _cents(limit)
    ways: _Ways = [(0, 0, None)]  # cost, points, what was chosen
    for one in by_score(candidates):
        if one.score is None or one.score <= 0:
            continue
        cost, worth = _cents(one.amount), int(one.score * 10)
        more: _Ways = [
            (spent + cost, got + worth, _Choice(one.key, before))
            for spent, got, before in ways
            if spent + cost <= room
        ]
        ways = _thinned(_unbettered(ways, more))
    return frozenset(_keys(ways[-1][2]))


RULES: dict[str, Callable[[Sequence[Candidate], Decimal], frozenset[str]]] = {
    "strict": strict,
    "fill": fill,
    "points": points,
}


def _unbettered(one: _Ways, other: _Ways) -> _Ways:
    """Merge two lists by cost, dropping what costs more and is not worth more."""
    kept: _Ways = []
    for way in sorted([*one, *other], key=lambda w: (w[0], -w[1])):
        if not kept or way[1] > kept[-1][1]:
            kept.append(way)
    return kept


def _thinned(ways: _Ways) -> _Ways:
    """Keep at most so many ways, spread over what they cost, the dearest among them."""
    if len(ways) <= _MOST:
        return ways
    costs = [way[0] for way in ways]
    step = costs[-1] / _MOST
    places = sorted({bisect_left(costs, int(step * n)) for n in range(_MOST)} | {len(ways) - 1})
    return [ways[place] for place in places]


def _keys(choice: _Choice | None) -> list[str]:
    found = []
    while choice is not None:
        found.append(choice.key)
        choice = choice.before
    return found


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
