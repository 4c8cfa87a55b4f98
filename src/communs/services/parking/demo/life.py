"""Months of made-up life: arrivals and lengths of stays by chance, counted as real ones are.

Days and stays are marked as a demonstration's. No observation is made up: there would be millions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from communs.core.kit.timespans import PARIS
from communs.services.parking.engine import stays as engine
from communs.services.parking.engine.stays import Hour, Stretch
from communs.services.parking.models import PlaceDay, Segment, Space, Stay, Zone

_MINUTE = 60_000
_DAY = timedelta(days=1)
_OUTAGES = 0.03  # days on which a sensor is silent
_SUNDAY = 6
_HOURS_AHEAD = 48
# Minutes for which a space stays free, by hour of the day.
_GAPS = (900,) * 6 + (300, 90, 40, 22, 14, 12, 18, 22, 15, 12, 10, 10, 14, 35, 90, 200, 400, 700)
_SHORT, _LONG = (35.0, 0.7), (260.0, 0.5)  # medians in minutes, and how they spread
_USUAL_LONG, _TRIED_LONG = 0.34, 0.12  # shares of long stays, and where something is tried


@dataclass(frozen=True, slots=True)
class Trial:
    """From when on long stays are rarer in a zone."""

    zone: Zone
    since: date


@dataclass(slots=True)
class Now:
    """A space as the night before left it: taken or free, and until when."""

    taken: bool
    until: int
    since: int


def days_until(at: datetime, count: int) -> list[date]:
    """Give so many days, the last of them yesterday."""
    today = at.astimezone(PARIS).date()
    return [today - ago * _DAY for ago in range(count, 0, -1)]


def lived(spaces: Sequence[Space]) -> tuple[list[Segment], Sequence[Space]]:
    """Give the streets of these spaces, and the spaces."""
    held = {space.segment_id: space.segment for space in spaces if space.segment is not None}
    return list(held.values()), spaces


def live(
    streets: Sequence[Segment], spaces: Sequence[Space], days: Sequence[date], trial: Trial | None
) -> None:
    """Write the days of these streets, and the stays of the last two days one by one."""
    chance = Random(2018)  # noqa: S311 -- the same made-up life each time
    held: dict[Any, list[Space]] = {row.pk: [] for row in streets}
    for space in spaces:
        held[space.segment_id].append(space)
    for row in streets:
        _street(row, held[row.pk], days, trial, Random(chance.random()))  # noqa: S311 -- the same


def _street(
    row: Segment, spaces: Sequence[Space], days: Sequence[date], trial: Trial | None, chance: Random
) -> None:
    begins = engine.bounds(days[0], days[0])[0]
    heard = [one for one in spaces if one.thing_id is not None and one.number % 10]
    states = {space.pk: Now(False, begins + chance.randrange(240) * _MINUTE, 0) for space in heard}
    rows, stays = [], list[Stay]()
    for day in days:
        tried = trial is not None and row.zone_id == trial.zone.pk and day >= trial.since
        clock, hours = engine.hours_of(day), engine.nothing()
        arrivals, dwells = 0, list[int]()
        for space in heard:
            known = _day(states[space.pk], clock, day, chance, tried=tried)
            if chance.random() < _OUTAGES:
                continue
            engine.add_to(hours, [stretch for stretch, _since in known], clock)
            began = [one for one, since in known if one.taken and since == one.begins]
            arrivals += len(began)
            over = (one for one in began if one.ends < clock[-1].ends)
            dwells += [round((one.ends - one.begins) / _MINUTE) for one in over]
            if day >= days[-1] - _DAY:
                stays += _kept(space, known, day, clock[-1].ends)
        rows.append(_row(row, day, clock, hours, (len(spaces), arrivals, sorted(dwells))))
    PlaceDay.objects.bulk_create(rows, batch_size=100)
    Stay.objects.bulk_create(stays, batch_size=500)


def _day(
    now: Now, clock: Sequence[Hour], day: date, chance: Random, *, tried: bool
) -> list[tuple[Stretch, int]]:
    """Give a space's stretches of a day, each with since when it was so; go on where it stood."""
    begins, ends = clock[0].begins, clock[-1].ends
    found = []
    at = begins
    while at < ends:
        if now.until <= at:
            _turn(now, at, (at - begins) // 3_600_000 % 24, day, chance, tried=tried)
        stop = min(now.until, ends)
        if stop > at:
            found.append((Stretch(at, stop, now.taken), now.since))
        at = max(stop, at + 1)
    return found


def _turn(now: Now, at: int, hour: int, day: date, chance: Random, *, tried: bool) -> None:
    """Have somebody come, or leave."""
    now.taken = not now.taken
    now.since = at
    if now.taken:
        long = chance.random() < (_TRIED_LONG if tried else _USUAL_LONG)
        median, spread = _LONG if long else _SHORT
        minutes = median * chance.lognormvariate(0, spread)
    else:
        minutes = _gap(hour, 4.0 if day.weekday() == _SUNDAY else 1.0, chance)
    now.until = at + max(1, round(minutes)) * _MINUTE


def _gap(hour: int, quiet: float, chance: Random) -> float:
    """Give for how many minutes a space stays free: each hour has its own chance that one comes."""
    minutes = 0.0
    for ahead in range(_HOURS_AHEAD):
        gap = chance.expovariate(1 / (_GAPS[(hour + ahead) % 24] * quiet))
        if gap < 60:  # noqa: PLR2004 -- minutes of an hour
            return minutes + gap
        minutes += 60
    return minutes


def _kept(
    space: Space, known: Sequence[tuple[Stretch, int]], day: date, ends: int
) -> Iterator[Stay]:
    for stretch, since in known:
        if stretch.taken and since == stretch.begins:
            yield Stay(
                space=space, since=stretch.begins, until=stretch.ends, begins_known=True,
                ends_known=stretch.ends < ends, day=day, demonstration=True,
            )  # fmt: skip


def _row(
    row: Segment,
    day: date,
    clock: Sequence[Hour],
    hours: engine.Hours,
    counts: tuple[int, int, list[int]],
) -> PlaceDay:
    spaces, arrivals, dwells = counts
    length = (clock[-1].ends - clock[0].begins) // 1000
    return PlaceDay(
        segment=row, day=day, spaces=spaces, possible=spaces * length, hours=hours,
        arrivals=arrivals, dwells=dwells, demonstration=True,
    )  # fmt: skip
