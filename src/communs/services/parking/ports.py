"""What other systems are told of spaces, streets and car parks; nothing of their sensors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from communs.core.sensing.standards.port import Entity, Place, Published
from communs.services.parking import queries
from communs.services.parking.enums import Presence, SiteKind, SpaceKind
from communs.services.parking.models import Site, Space
from communs.services.parking.options import ParkingOptions

_CONTEXT = (
    "https://raw.githubusercontent.com/smart-data-models/dataModel.Parking/master/context.jsonld"
)
_STATUS = {Presence.FREE: "free", Presence.TAKEN: "occupied", Presence.UNKNOWN: "unknown"}
_ON_STREET: dict[SpaceKind, str] = {
    SpaceKind.DISABLED: "forDisabled",
    SpaceKind.ELECTRIC: "forElectricalCharging",
    SpaceKind.DELIVERY: "forLoadUnload",
    SpaceKind.SHORT: "shortTerm",
}
_OFF_STREET = _ON_STREET.copy()
del _OFF_STREET[SpaceKind.DELIVERY]


def places() -> Iterator[Place]:
    """Give the spaces in service that have a sensor; one query."""
    rows = Space.objects.filter(in_service=True, thing__isnull=False)
    for space in rows.select_related("segment", "site").order_by("code"):
        where = queries.told(queries.place_of(space))
        yield Place(
            key=f"place-{space.code}",
            name=space.code,
            description=f"{where} {space.number}",
            thing=space.thing_id,
            point=_point(space),
            properties={"kind": space.kind, "number": space.number},
        )


def entities(at: datetime) -> Iterator[Entity]:
    """Give spaces, streets and car parks as the Smart Data Models have them."""
    for row in queries.spaces(at).select_related("segment", "site"):
        yield _spot(row)
    for room in queries.availability(at, ParkingOptions()):
        yield _parking(room)


def _spot(row: Any) -> Entity:
    seen, where = queries.seen(row), queries.place_of(row)
    return Entity(
        key=f"place-{row.code}",
        type="ParkingSpot",
        attributes={
            "name": row.code,
            "status": _STATUS[seen.presence],
            "category": ["offStreet" if isinstance(where, Site) else "onStreet"],
        },
        point=_point(row),
        observed={"status": seen.heard} if seen.heard else {},
        related={"refParkingSite": _named(where)},
    )


def _parking(room: queries.Room) -> Entity:
    """Give a place with its counts; free spaces are told where nothing about them is unknown."""
    type_, key = _named(room.place)
    counts = room.counts
    attributes: dict[str, Any] = {"name": queries.told(room.place), "category": _categories(room)}
    if counts.total:
        attributes["totalSpotNumber"] = counts.total
    if counts.total and not counts.unknown:
        attributes["availableSpotNumber"] = counts.free
    heard = {"availableSpotNumber": room.heard} if room.heard else {}
    return Entity(key, type_, attributes, room.at, heard)


def _categories(room: queries.Room) -> list[str]:
    place = room.place
    names = _OFF_STREET if isinstance(place, Site) else _ON_STREET
    found = {names[kind] for kind in map(SpaceKind, room.kinds) if kind in names}
    if isinstance(place, Site):
        found.add("underground" if place.kind == SiteKind.BUILDING else "ground")
    return sorted(found | {"public"})


def _named(place: queries.Place) -> tuple[str, str]:
    if isinstance(place, Site):
        return "OffStreetParking", f"parc-{place.slug}"
    return "OnStreetParking", f"rue-{place.slug}"


def _point(space: Any) -> tuple[float, float] | None:
    return None if space.lat is None or space.lon is None else (space.lat, space.lon)


published = Published(places, entities, _CONTEXT)
