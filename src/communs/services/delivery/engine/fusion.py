"""From discs, bookings and sensors to stops: each told once, whoever tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DISC, BOOKING, SENSOR = "disc", "booking", "sensor"
SHORTEST = timedelta(minutes=1)  # what is shorter is a vehicle that manoeuvres
SLACK = timedelta(minutes=15)  # between parking and starting the disc, or the other way round


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A disc; `left` is when its driver said so, if ever; `booked` when it had a booking."""

    key: str
    began: datetime
    until: datetime
    left: datetime | None = None
    booked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A sensor's word: taken from an instant to another, which may not be known yet."""

    key: str
    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop; its end and whether it lasted too long may be unknown."""

    begins: datetime
    ends: datetime | None
    sources: tuple[str, ...]
    disc: str | None = None
    stay: str | None = None
    overstayed: bool | None = None


def stays(readings: Iterable[tuple[datetime, float]]) -> list[Stay]:
    """Give what a presence sensor saw; readings may come in any order, and twice."""
    found: list[Stay] = []
    began: datetime | None = None
    for at, value in sorted(set(readings)):
        if value and began is None:
            began = at
        elif not value and began is not None:
            if at - began >= SHORTEST:
                found.append(Stay(key=began.isoformat(), began=began, ended=at))
            began = None
    if began is not None:
        found.append(Stay(key=began.isoformat(), began=began))
    return found


def fuse(discs: Iterable[Disc], stays: Iterable[Stay], *, grace: timedelta) -> list[Visit]:
    """Give the stops of one bay: a disc and the stay nearest to it are one."""
    known = {disc.key: disc for disc in discs}
    seen = {stay.key: stay for stay in stays}
    paired = _pairs(list(known.values()), list(seen.values()))
    told = [_visit(disc, seen.get(paired.get(key, "")), grace) for key, disc in known.items()]
    alone = [stay for key, stay in seen.items() if key not in set(paired.values())]
    told += [
        Visit(begins=stay.began, ends=stay.ended, sources=(SENSOR,), stay=stay.key)
        for stay in alone
    ]
    return sorted(told, key=lambda visit: (visit.begins, visit.disc or "", visit.stay or ""))


def _pairs(discs: Sequence[Disc], stays: Sequence[Stay]) -> dict[str, str]:
    """Give, for each disc that has one, its stay; the nearest beginnings first, each used once."""
    near = sorted(
        (abs(disc.began - stay.began), disc.key, stay.key)
        for disc in discs
        for stay in stays
        if _meet(disc, stay)
    )
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _gap, disc, stay in near:
        if disc not in pairs and stay not in taken:
            pairs[disc] = stay
            taken.add(stay)
    return pairs


def _meet(disc: Disc, stay: Stay) -> bool:
    """Tell whether a disc was started during a stay, or little before or after its beginning."""
    until = stay.ended or max(disc.began, stay.began)
    return stay.began - SLACK <= disc.began <= until


def _visit(disc: Disc, stay: Stay | None, grace: timedelta) -> Visit:
    sources = [DISC]
    if disc.booked:
        sources.append(BOOKING)
    begins, ends = disc.began, disc.left
    if stay is not None:
        sources.append(SENSOR)
        begins = min(stay.began, disc.began)
        ends = stay.ended or disc.left
    if ends is not None:
        ends = max(ends, begins)
    return Visit(
        begins=begins,
        ends=ends,
        sources=tuple(sources),
        disc=disc.key,
        stay=stay.key if stay else None,
        overstayed=None if ends is None else ends > disc.until + grace,
    )
