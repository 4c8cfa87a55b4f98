"""How places were used: read from the days that were worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from communs.services.parking.engine.uses import Day, Use
from communs.services.parking.models import PlaceDay, Segment, Site, Zone
from communs.services.parking.queries.availability import Place

_NAMES = ("day", "possible", "hours", "arrivals", "dwells", "spaces", "demonstration")


@dataclass(slots=True)
class Part:
    """A zone, a place or a day with its use."""

    about: Any
    use: Use = field(default_factory=Use)
    days: set[date] = field(default_factory=set)
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A day of a place as it is kept."""

    place: UUID
    on: date
    day: Day
    spaces: int
    demonstration: bool


def kept(first: date, last: date, *some: Q, **where: Any) -> Iterator[Kept]:
    """Read the days of places, or of some; one query."""
    rows = PlaceDay.objects.filter(*some, day__range=(first, last), **where).order_by("day")
    for segment, site, on, *values, spaces, made_up in rows.values_list("segment", "site", *_NAMES):
        yield Kept(segment or site, on, Day(*values), spaces, made_up)


def days(first: date, last: date) -> Iterator[tuple[Place, Kept]]:
    """Give every day of every place, with the place; three queries."""
    places: dict[UUID, Place] = {
        row.pk: row for model in (Segment, Site) for row in model.objects.select_related("zone")
    }
    for one in kept(first, last):
        yield places[one.place], one


def whole(first: date, last: date, **where: Any) -> Part:
    """Give all places together."""
    found = Part(None)
    for one in kept(first, last, **where):
        _count(found, one)
    return found


def by_zone(first: date, last: date) -> list[Part]:
    """Give each zone with its use, then what is in none; three queries and one."""
    zone_of = dict(Segment.objects.order_by().values_list("pk", "zone"))
    zone_of |= dict(Site.objects.order_by().values_list("pk", "zone"))
    parts: dict[UUID | None, Part] = {row.pk: Part(row) for row in Zone.objects.all()}
    parts[None] = Part(None)
    for one in kept(first, last):
        _count(parts[zone_of.get(one.place)], one)
    return [part for part in parts.values() if part.days or part.about]


def by_place(first: date, last: date, zone: Zone | None) -> list[Part]:
    """Give each place of a zone, or of none, with its use, by name; three queries."""
    parts: dict[UUID, Part] = {row.pk: Part(row) for row in places_in(zone)}
    for one in kept(first, last):
        if one.place in parts:
            _count(parts[one.place], one)
    return list(parts.values())


def by_day(first: date, last: date, place: Place) -> list[Part]:
    """Give each day of a place that was worked out; one query."""
    parts: dict[date, Part] = {}
    for one in kept(first, last, **where_of(place)):
        _count(parts.setdefault(one.on, Part(one.on)), one)
    return list(parts.values())


def places_in(zone: Zone | None) -> list[Place]:
    """Give the streets, then the car parks of a zone; two queries."""
    return [*Segment.objects.filter(zone=zone), *Site.objects.filter(zone=zone)]


def where_of(place: Place) -> dict[str, Place]:
    """Give the condition that keeps the rows of a place."""
    return {"site" if isinstance(place, Site) else "segment": place}


def merged(parts: Iterable[Part]) -> Part:
    """Add parts up."""
    found = Part(None)
    for part in parts:
        found.use.add(Day(part.use.possible, part.use.hours, part.use.arrivals, part.use.dwells))
        found.days |= part.days
        found.demonstration |= part.demonstration
    return found


def _count(part: Part, one: Kept) -> None:
    part.use.add(one.day)
    part.days.add(one.on)
    part.demonstration |= one.demonstration
