"""Entities of NGSI-LD, from what a service publishes in the words of the Smart Data Models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from communs.core.geo.engine.sphere import metres
from communs.core.sensing.standards.engine.ngsi_queries import Query, holds
from communs.core.sensing.standards.port import Entity

CORE_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.7.jsonld"


class Near(NamedTuple):
    """From a point, no farther (or no nearer) than so many metres."""

    lat: float
    lon: float
    most: float | None
    least: float | None

    def holds(self, point: tuple[float, float] | None) -> bool:
        """Tell whether a point is as asked; one that is not known is not."""
        if point is None:
            return False
        far = metres(self.lat, self.lon, *point)
        return (self.most is None or far <= self.most) and (self.least is None or far >= self.least)


class Wanted(NamedTuple):
    """What is asked of entities; nothing is no condition."""

    types: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    query: Query | None = None
    near: Near | None = None


def urn(place: str, type_: str, key: str) -> str:
    """Give the identifier of an entity of a community."""
    return f"urn:ngsi-ld:{type_}:{place}:{key}"


def wanted_of(entities: Iterable[Entity], wanted: Wanted, place: str) -> list[Entity]:
    """Give the entities that are as asked; those whose place is not known are not of the model."""
    told: list[tuple[bool, Callable[[Entity], bool]]] = [
        (bool(wanted.types), lambda one: one.type in wanted.types),
        (bool(wanted.keys), lambda one: urn(place, one.type, one.key) in wanted.keys),
        (bool(wanted.attributes), lambda one: bool(wanted.attributes & names_of(one))),
        (wanted.query is not None, lambda one: _answers(wanted.query, one, place)),
        (wanted.near is not None, lambda one: wanted.near is None or wanted.near.holds(one.point)),
    ]
    tests = [test for asked, test in told if asked]
    return [one for one in entities if one.point and all(test(one) for test in tests)]


def names_of(entity: Entity) -> frozenset[str]:
    """Give the names of an entity’s attributes."""
    return frozenset({*entity.attributes, *entity.related, "location"})


def simplified(entity: Entity, place: str, only: frozenset[str]) -> dict[str, Any]:
    """Give an entity with bare values (`keyValues`)."""
    told = {name: urn(place, *other) for name, other in entity.related.items()}
    told |= dict(entity.attributes) | {"location": _point(entity)}
    return _headed(entity, place, told, only)


def normalized(entity: Entity, place: str, only: frozenset[str]) -> dict[str, Any]:
    """Give an entity with what each value is, and when it was observed."""
    told: dict[str, Any] = {
        name: {"type": "Relationship", "object": urn(place, *other)}
        for name, other in entity.related.items()
    }
    for name, value in entity.attributes.items():
        told[name] = {"type": "Property", "value": value}
        if name in entity.observed:
            told[name]["observedAt"] = _written(entity.observed[name])
    told["location"] = {"type": "GeoProperty", "value": _point(entity)}
    return _headed(entity, place, told, only)


def _headed(
    entity: Entity, place: str, told: Mapping[str, Any], only: frozenset[str]
) -> dict[str, Any]:
    kept = {name: value for name, value in told.items() if not only or name in only}
    return {"id": urn(place, entity.type, entity.key), "type": entity.type, **kept}


def _answers(query: Query | None, entity: Entity, place: str) -> bool:
    return query is None or holds(query, simplified(entity, place, frozenset()))


def _point(entity: Entity) -> dict[str, Any] | None:
    if entity.point is None:
        return None
    lat, lon = entity.point
    return {"type": "Point", "coordinates": [lon, lat]}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
