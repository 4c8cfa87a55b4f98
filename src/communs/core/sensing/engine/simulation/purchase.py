"""How many sensors to buy, before any is bought."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from communs.core.sensing.engine.simulation.faults import Faults

_Z = 1.96  # of a confidence of 95 %
_MONTHS = 12
_MOST_UNSURE = 0.5


class Purchase(NamedTuple):
    """How many sensors what one wants to know takes, and what to expect of them.

    `sensors` is enough for both; `to_buy` leaves as many at work after a month without repairs;
    `silent` is how many of those will be silent by then, on average.
    """

    for_occupancy: int
    for_rotation: int | None
    sensors: int
    to_buy: int
    silent: float


def size_purchase(
    spaces: int,
    *,
    points: float,
    occupancy: float = _MOST_UNSURE,
    turns: float | None = None,
    spread: float | None = None,
    faults: Faults | None = None,
) -> Purchase:
    """Give how many of so many spaces, drawn at random, need a sensor.

    For the share of taken spaces at an instant to be known within ± `points` (of 100) at 95 %,
    n₀ = z²p(1 − p) / e² sensors are needed in a town without end, and n = n₀ / (1 + (n₀ − 1) / N)
    among N spaces; p is the `occupancy` one expects, and one half, the worst, when it is unknown.
    For the vehicles a space and a day to be known within ± `turns`, n₀ = z²s² / e², where s is
    their `spread` (standard deviation) from space to space. Neither formula knows of sensors that
    are wrong, nor of spaces that were not drawn at random.
    """
    if spaces < 1 or points <= 0 or not 0 <= occupancy <= 1:
        raise ValueError
    if turns is not None and (turns <= 0 or spread is None or spread < 0):
        raise ValueError
    taken = _enough(occupancy * (1 - occupancy), points / 100, spaces)
    turned = None
    if turns is not None and spread is not None:
        turned = _enough(spread**2, turns, spaces)
    sensors = max(taken, turned or 0)
    share = silent_share(faults or Faults())
    to_buy = min(spaces, ceil(sensors / (1 - share))) if share < 1 else spaces
    return Purchase(taken, turned, sensors, to_buy, round(to_buy * share, 1))


def _enough(variance: float, error: float, spaces: int) -> int:
    endless = _Z**2 * variance / error**2
    return min(spaces, max(1, ceil(endless / (1 + (endless - 1) / spaces))))


def silent_share(faults: Faults) -> float:
    """Give the share of sensors that fall silent in a month, by a fault or an empty battery."""
    empty = 1 / (faults.battery_years * _MONTHS) if faults.battery_years > 0 else 0.0
    return 1 - (1 - min(faults.silent, 1.0)) * (1 - min(empty, 1.0))
