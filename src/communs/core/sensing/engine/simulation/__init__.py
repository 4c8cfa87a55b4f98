"""A town with sensors that does not exist: what is really there, and what arrives of it.

All of it follows from a seed: the same one gives the same readings, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.simulation.faults import (
    Faults,
    code_of,
    fate_of,
    in_order,
    outages_of,
    sent_by,
)
from communs.core.sensing.engine.simulation.purchase import Purchase, size_purchase
from communs.core.sensing.engine.simulation.streets import (
    HOMES,
    HOUR,
    SHOPS,
    STATION,
    Stay,
    Street,
    Town,
    Truth,
    live,
    stays_told,
)

__all__ = [
    "HOMES",
    "SHOPS",
    "STATION",
    "Faults",
    "Purchase",
    "Stay",
    "Street",
    "Town",
    "Truth",
    "code_of",
    "fate_of",
    "simulate",
    "size_purchase",
    "stays_told",
]


def simulate(
    town: Town, faults: Faults, *, seed: int, beat: int = HOUR
) -> tuple[Truth, Iterator[tuple[int, Reading]]]:
    """Give the truth, and the readings with when each is received (ms), in that order.

    Sensors speak at each change and every `beat` milliseconds; a message is received after the
    instant it was sent, unless a clock is wrong. Readings are made as they are asked for.
    """
    truth = live(town, seed)
    outages = [outages_of(one, truth, faults, seed) for one in range(max(1, faults.gateways))]
    streams = [
        sent_by(space, truth, faults, outages=outages[space % len(outages)], seed=seed, beat=beat)
        for space in range(town.spaces)
    ]
    return truth, in_order(streams)
