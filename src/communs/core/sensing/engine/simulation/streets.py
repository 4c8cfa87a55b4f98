"""How drivers come and go in a street, by hour and by season; and who was really there when.

The three streets given here are ours, made up so that demonstrations and sizings have something to
stand on; a commune that has counted its own streets gives their figures in their place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from math import log
from random import Random
from typing import NamedTuple

MINUTE = 60_000  # milliseconds
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_AUGUST, _SATURDAY, _SUNDAY = 8, 5, 6
_MARKET_HOURS = range(7, 14)
_LONGEST = 3 * DAY


class Street(NamedTuple):
    """A kind of street: arrivals an hour at a free space, and median stays in minutes, by hour.

    `spread` is the standard deviation of the logarithm of stays; the other numbers multiply
    arrivals on Saturdays, Sundays, the mornings of the market, and in August.
    """

    name: str
    arrivals: tuple[float, ...]
    stays: tuple[float, ...]
    spread: float = 0.6
    saturday: float = 1.0
    sunday: float = 1.0
    market: float = 1.0
    august: float = 1.0


def _by_hour(*spans: tuple[int, float]) -> tuple[float, ...]:
    """Give 24 values from pairs of an hour and the value from that hour on."""
    values: list[float] = []
    for (_, value), end in zip(spans, [*(hour for hour, _ in spans[1:]), 24], strict=True):
        values += [value] * (end - len(values))
    return tuple(values)


SHOPS = Street(
    "shops",
    _by_hour((0, 0.05), (7, 0.6), (9, 2.5), (12, 3.5), (14, 2.5), (16, 3.5), (19, 1.0), (21, 0.2)),
    _by_hour((0, 240), (7, 30), (12, 40), (14, 25), (19, 90), (21, 300)),
    saturday=1.4, sunday=0.4, market=1.6, august=0.5,
)  # fmt: skip
HOMES = Street(
    "homes",
    _by_hour((0, 0.05), (7, 0.3), (12, 0.5), (17, 1.5), (20, 0.8), (22, 0.2)),
    _by_hour((0, 420), (7, 90), (12, 120), (17, 600), (20, 660), (22, 540)),
    saturday=1.2, sunday=0.8, august=0.4,
)  # fmt: skip
STATION = Street(
    "station",
    _by_hour((0, 0.02), (6, 1.5), (7, 4.0), (9, 1.0), (11, 0.4), (17, 0.6), (20, 0.1)),
    _by_hour((0, 300), (6, 600), (9, 420), (11, 120), (17, 45), (20, 180)),
    spread=0.3, saturday=0.4, sunday=0.2, august=0.4,
)  # fmt: skip


class Stay(NamedTuple):
    """A vehicle at a space, from one instant to another (milliseconds since 1970)."""

    space: int
    start: int
    end: int


@dataclass(frozen=True)
class Town:
    """So many spaces, whose kinds of street take turns, and the days one looks at them.

    `start` has its offset or zone; hours are those of `zone`; `market` is a weekday, Monday is 0.
    """

    spaces: int
    start: datetime
    days: int
    zone: tzinfo = UTC
    streets: Sequence[Street] = (SHOPS, HOMES, STATION)
    market: int | None = None

    @property
    def begins(self) -> int:
        """The first instant, in milliseconds."""
        return int(self.start.timestamp()) * 1000

    @property
    def ends(self) -> int:
        """The instant after the last, in milliseconds."""
        return self.begins + self.days * DAY

    def street(self, space: int) -> Street:
        """Give the kind of street of a space."""
        return self.streets[space % len(self.streets)]

    def arrivals(self, street: Street, at: int) -> float:
        """Give how many an hour come to a free space of a street at an instant."""
        local = datetime.fromtimestamp(at / 1000, self.zone)
        factor = {_SATURDAY: street.saturday, _SUNDAY: street.sunday}.get(local.weekday(), 1.0)
        if local.weekday() == self.market and local.hour in _MARKET_HOURS:
            factor *= street.market
        if local.month == _AUGUST:
            factor *= street.august
        return street.arrivals[local.hour] * factor


@dataclass(frozen=True)
class Truth:
    """Who was really there when, between two instants."""

    begins: int
    ends: int
    stays: Mapping[int, Sequence[Stay]] = field(repr=False)

    def is_taken(self, space: int, at: int) -> bool:
        """Tell whether somebody was at a space at an instant."""
        stays = self.stays.get(space, ())
        index = bisect_right(stays, at, key=lambda stay: stay.start) - 1
        return index >= 0 and at < stays[index].end

    def occupancy(self) -> float:
        """Give the share of all the time of all spaces during which they were taken."""
        taken = sum(
            min(stay.end, self.ends) - max(stay.start, self.begins)
            for stays in self.stays.values()
            for stay in stays
        )
        return taken / ((self.ends - self.begins) * len(self.stays))

    def rotation(self) -> float:
        """Give how many vehicles came to a space in a day, on average."""
        came = sum(stay.start >= self.begins for stays in self.stays.values() for stay in stays)
        return came * DAY / ((self.ends - self.begins) * len(self.stays))


def drawn(seed: int, what: str, number: int) -> Random:
    """Give the chances of one thing, which nothing drawn for another changes."""
    return Random(f"{seed}:{what}:{number}")  # noqa: S311 -- a made-up town holds no secret


def live(town: Town, seed: int) -> Truth:
    """Let people come and go; the same seed gives the same stays."""
    rates = {street: _rates(town, street) for street in town.streets}
    stays = {
        space: list(_stays(town, space, rates[town.street(space)], drawn(seed, "stays", space)))
        for space in range(town.spaces)
    }
    return Truth(town.begins, town.ends, stays)


def _rates(town: Town, street: Street) -> list[float]:
    """Give the arrivals of each hour, from a day before the first: nothing begins empty."""
    return [town.arrivals(street, at) for at in range(town.begins - DAY, town.ends, HOUR)]


def _stays(town: Town, space: int, rates: list[float], chance: Random) -> Iterator[Stay]:
    """Draw arrivals at the highest rate, and keep as many as the hour's own rate lets come."""
    street, highest, at = town.street(space), max(rates), town.begins - DAY
    while highest > 0:
        at += 1000 + int(chance.expovariate(highest) * HOUR)
        if at >= town.ends:
            return
        if chance.random() * highest >= rates[(at - town.begins + DAY) // HOUR]:
            continue
        hour = datetime.fromtimestamp(at / 1000, town.zone).hour
        minutes = chance.lognormvariate(log(street.stays[hour]), street.spread)
        end = at + min(max(MINUTE, int(minutes * MINUTE)), _LONGEST)
        if end > town.begins:
            yield Stay(space, at, end)
        at = end


def stays_told(changes: Iterable[tuple[int, float]], space: int, ends: int) -> list[Stay]:
    """Rebuild the stays at a space from what its sensor said (instant and value), in that order.

    A stay that is not over goes to `ends`; when one began before the first word is not known, and
    so is given as that of the word.
    """
    stays: list[Stay] = []
    since: int | None = None
    for at, value in changes:
        if value and since is None:
            since = at
        elif not value and since is not None:
            stays.append(Stay(space, since, at))
            since = None
    return stays if since is None else [*stays, Stay(space, since, ends)]
