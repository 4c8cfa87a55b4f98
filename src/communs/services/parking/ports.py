"""What other systems are told of spaces, streets and car parks; nothing of their sensors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from communs.core.sensing.standards.port import Entity, Place, Published
from communs.services.parking import queries
from communs.services.parking.enums import Presence, SiteKind, SpaceKind
from communs.services.parking.models import Segment, Site, Space
from communs.services.parking.options import ParkingOptions

_STATUS = {Presence.FREE: "free", Presence.TAKEN: "occupied", Presence.UNKNOWN: "unknown"}
_CATEGORIES = {
    SpaceKind.DISABLED: "forDisabled",
    SpaceKind.ELECTRIC: "forElectricalVehicles",
    SpaceKind.SHORT: "shortTerm",
    SpaceKind.MOTORCYCLE: "forMotorcycles",
    SpaceKind.DELIVERY: "forCommercialVehicles",
}


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
    seen = queries.seen(row)
    attributes: dict[str, Any] = {"name": row.code, "status": _STATUS[seen.presence]}
    attributes["category"] = ["offStreet" if row.site else "onStreet"]
    observed = {"status": seen.heard} if seen.heard else {}
    return Entity(f"place-{row.code}", "ParkingSpot", attributes, _point(row), observed)


def _parking(room: queries.Room) -> Entity:
    place, counts = room.place, room.counts
    is_site = isinstance(place, Site)
    known = counts.free + counts.taken
    attributes: dict[str, Any] = {"name": queries.told(place)}
    if counts.total:
        attributes["totalSpotNumber"] = counts.total
    if counts.total and known == counts.total:
        attributes["availableSpotNumber"] = counts.free
    observed = {"availableSpotNumber": room.heard} if room.heard else {}
    attributes["category"] = _categories(place, [kind for kind in room.kinds if kind])
    prefix, type_ = ("parc", "OffStreetParking") if is_site else ("rue", "OnStreetParking")
    return Entity(f"{prefix}-{place.slug}", type_, attributes, room.at, observed)


def _categories(place: Segment | Site, kinds: list[str]) -> list[str]:
    found = [_CATEGORIES[SpaceKind(kind)] for kind in kinds if SpaceKind(kind) in _CATEGORIES]
    if isinstance(place, Site):
        found.append("underground" if place.kind == SiteKind.BUILDING else "ground")
    return sorted(set(found)) or ["public"]


def _point(space: Any) -> tuple[float, float] | None:
    return None if space.lat is None or space.lon is None else (space.lat, space.lon)


published = Published(places, entities)
