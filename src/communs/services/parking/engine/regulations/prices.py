"""What a stay costs, walked through the hours that are paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from .conditions import charged
from .model import Piece, Tariff

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def price(pieces: Iterable[Piece], *, at: datetime, ends: datetime) -> int | None:
    """Give the cents of a stay, None where a rule or a tariff does not say.

    The minutes that are paid for are counted by tariff, anew each 24 hours after arrival.
    """
    spent: dict[tuple[int, Tariff], timedelta] = defaultdict(timedelta)
    for piece in _clipped(pieces, at, ends):
        tariff = piece.conditions.tariff
        if tariff is None:
            return None
        if charged(piece.conditions, piece.begins):
            block = (piece.begins - at) // _DAY
            spent[block, tariff] += _length(piece)
    costs = [
        cost(tariff, -(-passed // _MINUTE), first=block == 0)
        for (block, tariff), passed in spent.items()
    ]
    known = [cents for cents in costs if cents is not None]
    return sum(known) if len(known) == len(costs) else None


def cost(tariff: Tariff, minutes: int, *, first: bool = True) -> int | None:
    """Give the cents of some minutes within 24 hours; free minutes are given on arrival alone."""
    if minutes <= 0 or (first and minutes <= tariff.free_minutes):
        return 0
    found = next((cents for length, cents in tariff.steps if length >= minutes), None)
    if found is None:
        found = _beyond(tariff, minutes)
    if found is None:
        return tariff.most_cents
    return found if tariff.most_cents is None else min(found, tariff.most_cents)


def _beyond(tariff: Tariff, minutes: int) -> int | None:
    """Give the price of more minutes than the last step has."""
    if tariff.further is None:
        return None
    length, cents = tariff.steps[-1] if tariff.steps else (tariff.free_minutes, 0)
    each, more = tariff.further
    return cents + -(-(minutes - length) // each) * more


def _clipped(pieces: Iterable[Piece], at: datetime, ends: datetime) -> Iterator[Piece]:
    """Cut pieces at the end of the stay and each 24 hours after arrival."""
    for piece in pieces:
        begins, last = piece.begins, min(piece.ends or ends, ends)
        while begins < last:
            block_end = at + ((begins - at) // _DAY + 1) * _DAY
            cut = min(last, block_end)
            yield Piece(begins=begins, ends=cut, conditions=piece.conditions)
            begins = cut


def _length(piece: Piece) -> timedelta:
    return (piece.ends or piece.begins) - piece.begins
