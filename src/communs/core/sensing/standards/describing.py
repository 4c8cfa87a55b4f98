"""Writing what a client of SensorThings says of its own things; what they measure is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from json import dumps
from typing import Any

from django.db.models import Max

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.sensing.actions import commission, withdraw
from communs.core.sensing.enums import EntityKind, Property
from communs.core.sensing.models import Description, Source
from communs.core.sensing.standards.catalogue import KINDS, SETS, SINGLE, WAYS

_NAMED = ("name", "description", "properties")
PROPERTIES: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.THING: _NAMED,
    EntityKind.LOCATION: (*_NAMED, "encodingType", "location"),
    EntityKind.PAST: ("time",),
    EntityKind.STREAM: (*_NAMED, "observationType", "unitOfMeasurement", "observedArea"),
    EntityKind.SENSOR: (*_NAMED, "encodingType", "metadata"),
    EntityKind.PROPERTY: (*_NAMED, "definition"),
    EntityKind.FEATURE: (*_NAMED, "encodingType", "feature"),
}
_REQUIRED: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.THING: ("name",),
    EntityKind.LOCATION: ("name", "location"),
    EntityKind.PAST: ("time",),
    EntityKind.STREAM: ("name", "observationType", "unitOfMeasurement"),
    EntityKind.SENSOR: ("name", "metadata"),
    EntityKind.PROPERTY: ("name", "definition"),
    EntityKind.FEATURE: ("name", "feature"),
}
# What each entity points at itself; the rest points at it.
FORWARD: Mapping[EntityKind, tuple[str, ...]] = {
    EntityKind.THING: ("Locations",),
    EntityKind.PAST: ("Thing", "Locations"),
    EntityKind.STREAM: ("Thing", "Sensor", "ObservedProperty"),
}
# What goes with an entity that is removed.
_GOES_WITH = {EntityKind.THING: "Thing", EntityKind.SENSOR: "Sensor",
              EntityKind.PROPERTY: "ObservedProperty"}  # fmt: skip
_LONGEST, _LONGEST_NAME, _MOST, _DEEPEST = 20_000, 120, 20_000, 4


@action("sensing.entity_described")
def describe(
    *,
    source: Source,
    kind: EntityKind,
    given: Mapping[str, Any],
    at: datetime,
    of: Mapping[str, list[str]] | None = None,
    by: Any = None,
) -> Description:
    """Add an entity and those given inside it; `of` names what it belongs with already."""
    del by
    found = _add(source, kind, {**given, **_references(of or {})}, at, 0)
    record(found, source=source.slug, kind=kind.value, number=found.number)
    return found


@action("sensing.entity_changed")
def change(
    *, entity: Description, given: Mapping[str, Any], whole: bool, at: datetime, by: Any = None
) -> Description:
    """Change what is said of an entity, or (`whole`) say all of it anew."""
    del by
    kind = EntityKind(entity.kind)
    body = _body(kind, given, required=whole)
    entity.body = body if whole else {**entity.body, **body}
    for way in FORWARD.get(kind, ()):
        if way in given:
            entity.links = {**entity.links, way: _linked(entity.source, way, given[way], at, 0)}
    entity.save(update_fields=["body", "links"])
    if kind == EntityKind.THING and "Locations" in given:
        _moved(entity, at)
    if kind == EntityKind.LOCATION:
        for thing in _pointing(entity, EntityKind.THING, "Locations"):
            _stand(thing, at)
    record(entity, source=entity.source.slug, kind=kind.value, number=entity.number)
    return entity


@action("sensing.entity_removed")
def remove(*, entity: Description, at: datetime, by: Any = None) -> None:
    """Remove an entity and what cannot be without it; what was measured stays its time."""
    record(entity, source=entity.source.slug, kind=entity.kind, number=entity.number)
    _remove(entity, at, by)


def _remove(entity: Description, at: datetime, by: Any) -> None:
    way = _GOES_WITH.get(EntityKind(entity.kind))
    for kind in FORWARD if way is not None else ():
        for other in _pointing(entity, kind, str(way)):
            _remove(other, at, by)
    if entity.thing is not None:
        withdraw(thing=entity.thing, at=at, by=by)
    entity.delete()


def _add(
    source: Source, kind: EntityKind, given: Mapping[str, Any], at: datetime, depth: int
) -> Description:
    if depth > _DEEPEST:
        raise Refused("Entities stand too deep inside one another.", field="body")
    body = _body(kind, given, required=True)
    links = {
        way: _linked(source, way, given[way], at, depth)
        for way in FORWARD.get(kind, ())
        if given.get(way)
    }
    missing = [w for w in FORWARD.get(kind, ()) if w in SINGLE and not links.get(w)]
    if missing:
        raise Refused(f"{missing[0]} is missing.", field=missing[0])
    found = Description(source=source, kind=kind, number=_next_number(kind), body=body, links=links)
    if kind == EntityKind.STREAM:
        _measure(found, at)
    found.save(force_insert=True)
    if kind == EntityKind.THING and links.get("Locations"):
        _moved(found, at)
    _add_inside(found, given, at, depth)
    return found


def _add_inside(found: Description, given: Mapping[str, Any], at: datetime, depth: int) -> None:
    """Add what is given inside an entity and points back at it."""
    kind, source = EntityKind(found.kind), found.source
    for way, (target, back) in WAYS[SETS[kind]].items():
        inside = given.get(way)
        if way in FORWARD.get(kind, ()) or not inside or target not in KINDS:
            continue
        if back not in FORWARD.get(KINDS[target], ()):
            raise Refused(f"{way} cannot be given here.", field=way)
        for one in _many(inside, way):
            if set(one) == {"@iot.id"}:
                _join(source, KINDS[target], one, back, key=str(found.number), at=at)
            else:
                told = {**one, **_references({back: [str(found.number)]})}
                _add(source, KINDS[target], told, at, depth + 1)


def _join(
    source: Source, kind: EntityKind, one: Mapping[str, Any], way: str, *, key: str, at: datetime
) -> None:
    """Have an entity that is there point at another; a thing’s new place is its only one."""
    other = entity_of(source, kind, str(one["@iot.id"]))
    if other is None:
        raise Refused(f"No {kind.value} of yours has this identifier.", field="@iot.id")
    moves = kind == EntityKind.THING
    kept = [] if way in SINGLE or moves else other.links.get(way, [])
    other.links = {**other.links, way: [*kept, key]}
    other.save(update_fields=["links"])
    if moves:
        _moved(other, at)


def _pointing(entity: Description, kind: EntityKind, way: str) -> list[Description]:
    """Give the entities of a kind, of the same source, that point at one by a way."""
    rows = Description.objects.filter(source=entity.source, kind=kind)
    key = str(entity.number)
    return [row for row in rows.select_related("source", "thing") if key in row.links.get(way, ())]


def _measure(stream: Description, at: datetime) -> None:
    """Put in place the sensor of a series of readings; its number is that of the series."""
    source = stream.source
    observed = entity_of(source, EntityKind.PROPERTY, stream.links["ObservedProperty"][0])
    thing = entity_of(source, EntityKind.THING, stream.links["Thing"][0])
    body = observed.body if observed is not None else {}
    lat, lon = point_of(source, thing)
    stream.thing = commission(
        source=source,
        code=f"st-{stream.pk.hex}",
        at=at,
        property=property_of(body, stream.body),
        name=str(stream.body["name"])[:_LONGEST_NAME],
        lat=lat,
        lon=lon,
        by=None,
    )
    stream.number = stream.thing.number


def _moved(thing: Description, at: datetime) -> None:
    """Remember where a thing was from now on, as the standard asks."""
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    links = {"Thing": [str(thing.number)], "Locations": thing.links.get("Locations", [])}
    number = _next_number(EntityKind.PAST)
    past = Description(source=thing.source, kind=EntityKind.PAST, number=number, links=links)
    past.body = {"time": moment}
    past.save(force_insert=True)
    _stand(thing, at)


def _stand(thing: Description, at: datetime) -> None:
    """Put the sensors of a thing where it is now."""
    lat, lon = point_of(thing.source, thing)
    for stream in _pointing(thing, EntityKind.STREAM, "Thing"):
        device = stream.thing
        if device is not None:
            commission(
                source=thing.source,
                code=device.code,
                at=at,
                property=Property(device.property),
                name=device.name,
                lat=lat,
                lon=lon,
                by=None,
            )


def _linked(source: Source, way: str, given: Any, at: datetime, depth: int) -> list[str]:
    """Give the keys of what a way leads to; what is described inside is added."""
    kind = next(KINDS[target] for ways in WAYS.values() for name, (target, _b) in ways.items()
                if name == way)  # fmt: skip
    keys = []
    for one in _many(given, way):
        found = (
            entity_of(source, kind, str(one["@iot.id"]))
            if "@iot.id" in one
            else _add(source, kind, one, at, depth + 1)
        )
        if found is None:
            raise Refused(f"No {kind.value} of yours has this identifier.", field=way)
        keys.append(str(found.number))
    return keys


def _many(given: Any, way: str) -> list[Mapping[str, Any]]:
    found = given if isinstance(given, list) else [given]
    if not all(isinstance(one, Mapping) for one in found) or (way in SINGLE and len(found) != 1):
        raise Refused(f"{way} is not written as it should be.", field=way)
    return found


def _body(kind: EntityKind, given: Mapping[str, Any], *, required: bool) -> dict[str, Any]:
    body = {name: given[name] for name in PROPERTIES[kind] if given.get(name) is not None}
    missing = [name for name in _REQUIRED[kind] if name not in body] if required else []
    if missing:
        raise Refused(f"{missing[0]} is missing.", field=missing[0])
    if len(dumps(body)) > _LONGEST:
        raise Refused("This description is too long.", field="body")
    for name in ("name", "description", "time", "definition"):
        if not isinstance(body.get(name, ""), str):
            raise Refused(f"{name} is a text.", field=name)
    return body


def entity_of(source: Source, kind: EntityKind, key: str) -> Description | None:
    """Give an entity of a source by its key, or None."""
    if not (key.isascii() and key.isdigit() and len(key) < 10):  # noqa: PLR2004 -- 32 bits
        return None
    rows = Description.objects.filter(source=source, kind=kind, number=int(key))
    return rows.select_related("source", "thing__source").first()


def property_of(observed: Mapping[str, Any], stream: Mapping[str, Any]) -> Property:
    """Give which of our properties is observed, by its name; another measure unless it is known."""
    told = f"{observed.get('name', '')} {observed.get('definition', '')}".lower()
    for one in Property:
        if one.value in told and one != Property.MEASURE:
            return one
    is_truth = str(stream.get("observationType", "")).endswith("OM_TruthObservation")
    return Property.PRESENCE if is_truth else Property.MEASURE


def point_of(source: Source, thing: Description | None) -> tuple[float | None, float | None]:
    """Give the latitude and longitude of a thing, when its place is a point."""
    for key in thing.links.get("Locations", ()) if thing is not None else ():
        place = entity_of(source, EntityKind.LOCATION, key)
        where = place.body.get("location") if place is not None else None
        pair = where.get("coordinates") if isinstance(where, dict) else None
        if isinstance(pair, list) and len(pair) >= 2 and _is_on_earth(pair):  # noqa: PLR2004
            return float(pair[1]), float(pair[0])
    return None, None


def _is_on_earth(pair: list[Any]) -> bool:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in pair[:2])
    return numbers and abs(pair[1]) <= 90 and abs(pair[0]) <= 180  # noqa: PLR2004 -- degrees


def _references(of: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        way: {"@iot.id": keys[0]} if way in SINGLE else [{"@iot.id": key} for key in keys]
        for way, keys in of.items()
    }


def _next_number(kind: EntityKind) -> int:
    """Give a number that nothing of the kind has here; one at a time takes one."""
    Community.objects.select_for_update().get(pk=current().pk)
    rows = Description.objects.filter(kind=kind)
    if rows.count() >= _MOST:
        raise Refused("Too many entities are described here already.")
    return int(rows.aggregate(Max("number"))["number__max"] or 0) + 1
