"""The entities of SensorThings that a reader may see: what a service publishes, and one’s own.

Whoever reads without a secret sees the places that the service publishes; with a source’s secret,
what was described for that source as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from communs.core.sensing.enums import EntityKind, Property
from communs.core.sensing.models import Description, Source, Thing
from communs.core.sensing.standards.port import Place, Published

OBSERVATIONS, FEATURES, STREAMS = "Observations", "FeaturesOfInterest", "Datastreams"
SETS: Mapping[EntityKind, str] = {
    EntityKind.THING: "Things",
    EntityKind.LOCATION: "Locations",
    EntityKind.PAST: "HistoricalLocations",
    EntityKind.STREAM: STREAMS,
    EntityKind.SENSOR: "Sensors",
    EntityKind.PROPERTY: "ObservedProperties",
    EntityKind.FEATURE: FEATURES,
}
KINDS = {name: kind for kind, name in SETS.items()}
# What leads from a set to another: its name, the set, the way back.
WAYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Things": {
        "Locations": ("Locations", "Things"),
        "HistoricalLocations": ("HistoricalLocations", "Thing"),
        STREAMS: (STREAMS, "Thing"),
    },
    "Locations": {
        "Things": ("Things", "Locations"),
        "HistoricalLocations": ("HistoricalLocations", "Locations"),
    },
    "HistoricalLocations": {
        "Thing": ("Things", "HistoricalLocations"),
        "Locations": ("Locations", "HistoricalLocations"),
    },
    STREAMS: {
        "Thing": ("Things", STREAMS),
        "Sensor": ("Sensors", STREAMS),
        "ObservedProperty": ("ObservedProperties", STREAMS),
        OBSERVATIONS: (OBSERVATIONS, "Datastream"),
    },
    "Sensors": {STREAMS: (STREAMS, "Sensor")},
    "ObservedProperties": {STREAMS: (STREAMS, "ObservedProperty")},
    OBSERVATIONS: {
        "Datastream": (STREAMS, OBSERVATIONS),
        "FeatureOfInterest": (FEATURES, OBSERVATIONS),
    },
    FEATURES: {OBSERVATIONS: (OBSERVATIONS, "FeatureOfInterest")},
}
SINGLE = frozenset({"Thing", "Sensor", "ObservedProperty", "Datastream", "FeatureOfInterest"})
_OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"
TRUTH = f"{_OM}TruthObservation"
_UNITS: Mapping[str, tuple[str, str, str]] = {
    Property.OCCUPANCY: ("percent", "%", "http://qudt.org/vocab/unit/PERCENT"),
    Property.BATTERY: ("percent", "%", "http://qudt.org/vocab/unit/PERCENT"),
    Property.HUMIDITY: ("percent", "%", "http://qudt.org/vocab/unit/PERCENT"),
    Property.LEVEL: ("percent", "%", "http://qudt.org/vocab/unit/PERCENT"),
    Property.TEMPERATURE: ("degree Celsius", "°C", "http://qudt.org/vocab/unit/DEG_C"),
}


@dataclass(slots=True)
class Node:
    """One entity: its set, its key, its properties, and the keys that it leads to, by name."""

    set: str
    key: str
    body: Mapping[str, Any]
    links: dict[str, list[str]] = field(default_factory=dict)


class Catalogue:
    """All that a reader may see, but for observations."""

    def __init__(self, published: Published, source: Source | None) -> None:
        self._sets: dict[str, dict[str, Node]] = {name: {} for name in WAYS}
        if source is not None:
            self._keep(_described(Description.objects.filter(source=source)))
        self._keep(_public(list(published.places())))
        self._keep(list(_features(self._sets["Locations"].values())))
        self._lead_back()

    def _keep(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self._sets[node.set].setdefault(node.key, node)

    def _lead_back(self) -> None:
        """Have every entity know those that point at it, and forget those that are gone."""
        pointing = [node for held in self._sets.values() for node in held.values()]
        for node in pointing:
            for way, keys in list(node.links.items()):
                target, back = WAYS[node.set][way]
                node.links[way] = [key for key in keys if key in self._sets[target]]
                for key in node.links[way]:
                    other = self._sets[target][key].links.setdefault(back, [])
                    if node.key not in other:
                        other.append(node.key)

    def all(self, name: str) -> list[Node]:
        """Give the entities of a set."""
        return list(self._sets[name].values())

    def one(self, name: str, key: str) -> Node | None:
        """Give one entity, or None."""
        return self._sets[name].get(key)

    def led_to(self, node: Node, way: str) -> list[Node]:
        """Give the entities that a way leads to."""
        target, _back = WAYS[node.set][way]
        return [self._sets[target][key] for key in node.links.get(way, ())]

    def streams_of(self, feature: Node) -> list[Node]:
        """Give the series of readings whose thing stands at a place."""
        place = self._sets["Locations"].get(feature.key)
        things = self.led_to(place, "Things") if place is not None else []
        return [stream for thing in things for stream in self.led_to(thing, STREAMS)]

    def feature_of(self, stream: Node) -> list[Node]:
        """Give the place of a series of readings, as what they are about."""
        for thing in self.led_to(stream, "Thing"):
            return [self._sets[FEATURES][key] for key in thing.links.get("Locations", ())][:1]
        return []


def _described(rows: Iterable[Description]) -> Iterator[Node]:
    for row in rows:
        links = {way: list(keys) for way, keys in row.links.items()}
        yield Node(SETS[EntityKind(row.kind)], str(row.number), row.body, links)


def _public(places: list[Place]) -> Iterator[Node]:
    keys = [place.thing for place in places]
    things = {
        thing.pk: thing for thing in Thing.objects.filter(pk__in=keys, withdrawn_at=None).order_by()
    }
    yield from _kinds({thing.property for thing in things.values()})
    for place in places:
        if place.thing in things:
            yield from _place(place, things[place.thing])


def _place(place: Place, thing: Thing) -> Iterator[Node]:
    located = [place.key] if place.point else []
    told = {"name": place.name, "description": place.description}
    body = {**told, "properties": dict(place.properties)}
    yield Node("Things", place.key, body, {"Locations": located})
    if place.point is not None:
        lat, lon = place.point
        point = {"type": "Point", "coordinates": [lon, lat]}
        where = {**told, "encodingType": "application/geo+json", "location": point}
        yield Node("Locations", place.key, where)
        if thing.commissioned_at is not None:
            time = {"time": written(thing.commissioned_at)}
            yield Node(
                "HistoricalLocations", place.key, time, {"Thing": [place.key], "Locations": located}
            )
    yield Node(STREAMS, str(thing.number), stream_body(place.name, thing.property), {
        "Thing": [place.key], "Sensor": [thing.property], "ObservedProperty": [thing.property],
    })  # fmt: skip


def _kinds(names: set[str]) -> Iterator[Node]:
    for name in sorted(names):
        label = str(Property(name).label)
        told = {"name": label, "description": label}
        yield Node("Sensors", name, {**told, "encodingType": "text/plain", "metadata": label})
        yield Node("ObservedProperties", name, {**told, "definition": f"urn:communs:{name}"})


def stream_body(name: str, measured: str) -> dict[str, Any]:
    """Give what is said of a series of readings of a property."""
    unit = _UNITS.get(measured, (None, None, None))
    kind = "Truth" if measured == Property.PRESENCE else "Measurement"
    return {
        "name": f"{name} ({Property(measured).label})",
        "description": str(Property(measured).label),
        "observationType": f"{_OM}{kind}Observation".replace(
            "MeasurementObservation", "Measurement"
        ),
        "unitOfMeasurement": dict(zip(("name", "symbol", "definition"), unit, strict=True)),
    }


def _features(places: Iterable[Node]) -> Iterator[Node]:
    for place in places:
        body = {name: value for name, value in place.body.items() if name != "location"}
        yield Node(FEATURES, place.key, {**body, "feature": place.body.get("location")})


def written(moment: Any) -> str:
    """Write an instant in UTC, to the millisecond."""
    text: str = moment.isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
