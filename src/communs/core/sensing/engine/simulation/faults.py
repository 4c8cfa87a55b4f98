"""What goes wrong between a space and us, and what then arrives, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush, merge
from math import inf, log
from random import Random
from typing import NamedTuple

from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.simulation.streets import DAY, HOUR, MINUTE, Stay, Truth, drawn

MONTH = 30 * DAY
_YEAR = 365 * DAY
_FLAPS_FOR = 6 * HOUR
_FLAP = 30_000  # milliseconds between two words of a sensor that flaps
_AIR = (500, 2_500)  # milliseconds from a sensor to us when nothing holds it up
_AGAIN = 5_000  # milliseconds within which a message comes twice


@dataclass(frozen=True)
class Faults:
    """How often things go wrong; nothing does, unless it is said.

    `loss`, `duplicates` and `late` are shares of messages, `late_minutes` how late on average;
    `drift` is how many seconds a day a clock is fast or slow at most. `silent`, `stuck` and
    `flapping` are the shares of sensors that become so in 30 days. Each of the `gateways` is out
    `outages` times in 30 days for `outage_hours` on average; what it hears then is lost, or comes
    afterwards if `outages_keep`. A new battery lasts `battery_years`; with 0, none is spoken of.
    """

    loss: float = 0.0
    duplicates: float = 0.0
    late: float = 0.0
    late_minutes: float = 30.0
    drift: float = 0.0
    silent: float = 0.0
    stuck: float = 0.0
    flapping: float = 0.0
    gateways: int = 1
    outages: float = 0.0
    outage_hours: float = 3.0
    outages_keep: bool = False
    battery_years: float = 0.0


class Fate(NamedTuple):
    """What becomes of a sensor, and from when (infinity: never)."""

    silent_from: float
    stuck_from: float
    flaps_from: float
    gain: float  # milliseconds its clock gains in one
    charge: float  # percent at the beginning, and what it loses in a millisecond
    drain: float


def code_of(space: int) -> str:
    """Give the identifier of the sensor of a space."""
    return f"simulated-{space:05d}"


def fate_of(space: int, begins: int, faults: Faults, seed: int) -> Fate:
    """Draw what becomes of a sensor; a sensor whose battery is empty is silent."""
    chance = drawn(seed, "fate", space)
    silent, stuck, flaps = (
        begins + _until(share, chance) for share in (faults.silent, faults.stuck, faults.flapping)
    )
    gain = chance.uniform(-faults.drift, faults.drift) * 1000 / DAY
    charge, drain = chance.uniform(60, 100), 0.0
    if faults.battery_years > 0:
        drain = 100 / (faults.battery_years * _YEAR)
        silent = min(silent, begins + charge / drain)
    return Fate(silent, stuck, flaps, gain, charge, drain)


def _until(share: float, chance: Random) -> float:
    """Draw the time to a fault that meets a share of sensors in a month, as likely old as new."""
    drawn = chance.random()
    if share <= 0:
        return inf
    return 0.0 if share >= 1 else MONTH * log(1 - drawn) / log(1 - share)


def outages_of(gateway: int, truth: Truth, faults: Faults, seed: int) -> list[tuple[int, int]]:
    """Draw when a gateway is out, in order of time."""
    chance, at, found = drawn(seed, "gateway", gateway), float(truth.begins), []
    while faults.outages > 0:
        at += chance.expovariate(faults.outages) * MONTH
        if at >= truth.ends:
            break
        end = at + chance.expovariate(1 / faults.outage_hours) * HOUR
        found.append((int(at), int(end)))
        at = end
    return found


def words_of(
    stays: list[Stay], truth: Truth, fate: Fate, beat: int, phase: int
) -> Iterator[tuple[int, float]]:
    """Give what a sensor says and when: each change, and a sign of life every `beat` ms."""
    said = taken = float(bool(stays) and stays[0].start < truth.begins)
    signs = (_moves(stays, truth), _beats(truth, beat, phase), _flaps(truth, fate))
    for at, moved in merge(*signs, key=lambda sign: sign[0]):
        if at >= fate.silent_from:
            return
        taken = taken if moved is None else moved
        if at >= fate.stuck_from:
            if moved is not None:
                continue  # it does not see the change, and so says nothing
        elif fate.flaps_from <= at < fate.flaps_from + _FLAPS_FOR:
            said = 1.0 - said
        else:
            said = taken
        yield at, said


Sign = tuple[int, float | None]


def _moves(stays: list[Stay], truth: Truth) -> Iterator[Sign]:
    for stay in stays:
        if stay.start >= truth.begins:
            yield stay.start, 1.0
        if stay.end < truth.ends:
            yield stay.end, 0.0


def _beats(truth: Truth, beat: int, phase: int) -> Iterator[Sign]:
    yield truth.begins, None
    for at in range(truth.begins + 1 + phase % beat, truth.ends, beat):
        yield at, None


def _flaps(truth: Truth, fate: Fate) -> Iterator[Sign]:
    if fate.flaps_from < truth.ends:
        first = int(fate.flaps_from)
        for at in range(first, min(truth.ends, first + _FLAPS_FOR), _FLAP):
            yield at, None


class Sent(NamedTuple):
    """A message on its way: when it left in truth, when it is received, what it says."""

    left: int
    received: int
    reading: Reading


def sent_by(
    space: int,
    truth: Truth,
    faults: Faults,
    *,
    outages: list[tuple[int, int]],
    seed: int,
    beat: int,
) -> Iterator[Sent]:
    """Give what a sensor sends and what of it arrives, in the order in which it was sent."""
    chance, fate = drawn(seed, "air", space), fate_of(space, truth.begins, faults, seed)
    words = words_of(list(truth.stays[space]), truth, fate, beat, chance.randrange(beat))
    for sequence, (at, value) in enumerate(words):
        lost, doubled, late, way, delay = (chance.random() for _ in range(5))
        arrives = _after(at, outages, keeps=faults.outages_keep)
        if lost < faults.loss or arrives is None:
            continue
        received = arrives + _AIR[0] + int(way * (_AIR[1] - _AIR[0]))
        if late < faults.late:
            received -= int(log(1 - delay) * faults.late_minutes * MINUTE)
        said = at + int((at - truth.begins) * fate.gain)
        reading = Reading(
            code_of(space), "presence", said, sequence, value, _charge(fate, at, truth)
        )
        yield Sent(at, received, reading)
        if doubled < faults.duplicates:
            yield Sent(at, received + 1 + int(way * _AGAIN), reading)


def _charge(fate: Fate, at: int, truth: Truth) -> float | None:
    if not fate.drain:
        return None
    return round(max(0.0, fate.charge - (at - truth.begins) * fate.drain), 1)


def _after(at: int, outages: list[tuple[int, int]], *, keeps: bool) -> int | None:
    """Give when a gateway passes on what it hears: at once, after an outage, or never."""
    for start, end in outages:
        if start <= at < end:
            return end if keeps else None
    return at


def in_order(streams: list[Iterator[Sent]]) -> Iterator[tuple[int, Reading]]:
    """Give messages in the order in which they are received, and hold only those on their way."""
    waiting: list[tuple[int, str, int, int, Reading]] = []
    for count, one in enumerate(merge(*streams, key=lambda sent: (sent.left, sent.reading.code))):
        while waiting and waiting[0][0] <= one.left:
            received, *_, reading = heappop(waiting)
            yield received, reading
        key = (one.received, one.reading.code, one.reading.sequence, count)
        heappush(waiting, (*key, one.reading))
    while waiting:
        received, *_, reading = heappop(waiting)
        yield received, reading
