"""Parking as DATEX II 3.7 has it: a table of places, and their status now.

What is not known of a place is not said of it: with some of its spaces unknown, the number of free
ones is “more than”, never a number; with all of them unknown, its status is `unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from communs.core.communities.scope import current
from communs.services.parking.enums import SiteKind
from communs.services.parking.models import Site
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.availability import Counts, Room, availability
from communs.services.parking.queries.places import key_of, told

_ROOT = "http://datex2.eu/schema/3/"
_NAMES = {
    "d2": "d2Payload", "com": "common", "fac": "facilities", "loc": "locationReferencing",
    "prk": "parking",
}  # fmt: skip
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{_XSI}}}type"
_TABLE = "stationnement"
_LAYOUTS = {SiteKind.SURFACE: "openSpace", SiteKind.BUILDING: "building", SiteKind.GROUP: "field"}
_OPENING = {True: "open", False: "closed", None: "statusUnknown"}


def table(at: datetime, options: ParkingOptions) -> bytes | None:
    """Give every place with its position and its spaces; None where there is no place."""
    rooms = _described(availability(at, options))
    if not rooms:
        return None
    root = _payload("ParkingTablePublication", at)
    held = _add(root, "prk:parkingTable", id=_TABLE, version=_version(rooms))
    _add(held, "prk:versionTime", _instant(_changed(rooms) or at))
    for room in rooms:
        _place(held, room)
    return _written(root)


def status(at: datetime, options: ParkingOptions) -> bytes | None:
    """Give what is known of every place now; None where there is no place."""
    rooms = _described(availability(at, options))
    if not rooms:
        return None
    root = _payload("ParkingStatusPublication", at)
    known = {"id": _TABLE, "version": _version(rooms), "targetClass": "prk:ParkingTable"}
    _add(root, "prk:parkingTableReference", **known)
    for room in rooms:
        _status(root, room)
    return _written(root)


def _described(rooms: Sequence[Room]) -> list[Room]:
    """Leave out the places of which nobody has said how many spaces they have."""
    return [room for room in rooms if not room.is_empty]


def _place(held: ET.Element, room: Room) -> None:
    place, key = room.place, key_of(room.place)
    one = _add(held, "prk:hierarchyElementGeneral", id=key, version=_version([room]))
    one.set(_TYPE, "prk:Place")
    _said(one, "fac:name", told(place))
    if place.changed_at is not None:
        _add(one, "fac:lastUpdated", _instant(place.changed_at))
    if room.at is not None:
        where = _add(one, "fac:locationReference")
        where.set(_TYPE, "loc:PointLocation")
        point = _add(_add(where, "loc:pointByCoordinates"), "loc:pointCoordinates")
        _add(point, "loc:latitude", f"{room.at[0]:.7f}")
        _add(point, "loc:longitude", f"{room.at[1]:.7f}")
    _add(one, "prk:layer", "0")
    _add(one, "prk:type", "place")
    supply = _add(one, "prk:supply")
    _add(supply, "prk:quantity", str(room.counts.total))
    _add(supply, "prk:viewType", "spaceView")
    if isinstance(place, Site):
        _add(one, "prk:layout", _LAYOUTS[SiteKind(place.kind)])


def _status(root: ET.Element, room: Room) -> None:
    one = _add(root, "prk:parkingStatusInformation")
    one.set(_TYPE, "prk:PlaceStatus")
    known = {"id": key_of(room.place), "version": _version([room])}
    _add(one, "fac:reference", **known, targetClass="fac:FacilityObject")
    if room.heard is not None:
        _add(one, "fac:lastUpdated", _instant(room.heard))
    _add(one, "fac:openingStatus", _OPENING[room.now.allowed if room.now else None])
    _occupancy(one, room.counts)
    _add(one, "prk:status", _word(room.counts))


def _occupancy(one: ET.Element, counts: Counts) -> None:
    if counts.unknown and not counts.free:
        return
    held = _add(one, "prk:occupancy")
    if counts.unknown:
        _add(held, "prk:numberOfVacantSpacesHigherThan", str(counts.free - 1))
        return
    _add(held, "prk:numberOfVacantSpaces", str(counts.free))
    _add(held, "prk:numberOfOccupiedSpaces", str(counts.taken))
    _add(held, "prk:occupancy", f"{100 * counts.taken / counts.total:.1f}")


def _word(counts: Counts) -> str:
    if counts.free:
        return "spacesAvailable"
    return "unknown" if counts.unknown else "full"


def _payload(kind: str, at: datetime) -> ET.Element:
    for prefix, name in _NAMES.items():
        ET.register_namespace(prefix, _ROOT + name)
    root = ET.Element(_tag("d2:payload"), {"lang": "fr", "modelBaseVersion": "3"})
    root.set(_TYPE, f"prk:{kind}")
    _add(root, "com:publicationTime", _instant(at))
    creator = _add(root, "com:publicationCreator")
    _add(creator, "com:country", "fr")
    _add(creator, "com:nationalIdentifier", current().insee or current().slug)
    return root


def _said(parent: ET.Element, tag: str, text: str) -> None:
    """Write a text in French, as the standard has texts."""
    values = _add(_add(parent, tag), "com:values")
    _add(values, "com:value", text, lang="fr")


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, _tag(tag), attributes)
    found.text = text
    return found


def _tag(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{_ROOT}{_NAMES[prefix]}}}{local}"


def _changed(rooms: Sequence[Room]) -> datetime | None:
    return max((room.place.changed_at for room in rooms if room.place.changed_at), default=None)


def _version(rooms: Sequence[Room]) -> str:
    """Give what changes when a place does; 1 where it was never dated."""
    changed = _changed(rooms)
    return "1" if changed is None else str(round(changed.timestamp()))


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _written(root: ET.Element) -> bytes:
    written: Any = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return _with_namespaces(written)


def _with_namespaces(written: bytes) -> bytes:
    """Name every prefix on the first element: types name them inside attributes."""
    missing = "".join(
        f' xmlns:{prefix}="{_ROOT}{name}"'
        for prefix, name in _NAMES.items()
        if f"xmlns:{prefix}=".encode() not in written
    )
    return written.replace(b"<d2:payload", b"<d2:payload" + missing.encode(), 1)
