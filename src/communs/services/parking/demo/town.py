"""More streets of a demonstration, many at once: made-up names on a grid beside the real centre."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from communs.core.geo.placing import place
from communs.core.search.index import index
from communs.core.sensing.enums import Property
from communs.core.sensing.models import Source, State, Thing
from communs.core.sensing.nearby import layer_of
from communs.core.sensing.queries import milliseconds
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models import Segment, Space, Zone
from communs.services.parking.queries.places import searchable

A_STREET = 18  # spaces on each side
_FIRST = ("Rue", "Allée", "Chemin", "Passage", "Impasse")
_SECOND = (
    "des Acacias", "des Bouleaux", "des Cerisiers", "des Érables", "des Frênes", "des Glycines",
    "des Houx", "des Iris", "des Jonquilles", "des Lilas", "des Marronniers", "des Noisetiers",
    "des Ormes", "des Pivoines", "des Roseaux", "des Saules", "des Tulipes", "des Violettes",
)  # fmt: skip
_LETTERS = "SSSSSSDSSSSSSEESMM"
_KINDS = {
    "S": SpaceKind.STANDARD, "D": SpaceKind.DISABLED, "E": SpaceKind.ELECTRIC,
    "M": SpaceKind.SHORT,
}  # fmt: skip
_STEP = (0.0013, 0.0019)  # degrees between two streets of the grid
_ACROSS = 8
_SILENT = 10  # of so many sensors, one never speaks


def grow(
    source: Source,
    zones: Sequence[Zone | None],
    corner: tuple[float, float],
    count: int,
    at: datetime,
) -> list[Space]:
    """Make so many spaces more, on as many streets as they need."""
    if count <= 0:
        return []
    return spaces(streets(-(-count // A_STREET), corner, zones), count, source, at)


def streets(count: int, corner: tuple[float, float], zones: Sequence[Zone | None]) -> list[Segment]:
    """Make so many streets from a corner of the grid, shared out among the zones in turn."""
    rows = []
    for number in range(count):
        name = f"{_FIRST[number // len(_SECOND) % len(_FIRST)]} {_SECOND[number % len(_SECOND)]}"
        lat = round(corner[0] + number // _ACROSS * _STEP[0], 6)
        lon = round(corner[1] + number % _ACROSS * _STEP[1], 6)
        line = [[lon, lat], [round(lon + 0.0014, 6), round(lat + 0.0003, 6)]]
        rows.append(
            Segment(
                slug=f"grille-{number + 1}",
                street=f"{name} (fictive)",
                side="odd",
                line={"type": "LineString", "coordinates": line},
                zone=zones[number % len(zones)],
            )
        )
    Segment.objects.bulk_create(rows)
    index(*(searchable(row) for row in rows))
    return rows


def spaces(rows: Sequence[Segment], count: int, source: Source, at: datetime) -> list[Space]:
    """Give the streets so many spaces; half have a sensor that says now what chance has it say."""
    chance, now = Random(92), milliseconds(at)  # noqa: S311 -- the same made-up life each time
    fitted = [n for n in range(count) if n % 2]
    things = dict(zip(fitted, _things(len(fitted), source, at), strict=True))
    found = [_space(rows[n // A_STREET], n, things.get(n)) for n in range(count)]
    Thing.objects.bulk_create(things.values(), batch_size=500)
    State.objects.bulk_create(
        (_state(thing, chance, now) for thing in things.values() if thing.number % _SILENT),
        batch_size=500,
    )
    place(layer_of(Property.PRESENCE), {thing.pk: _point(thing) for thing in things.values()})
    return list(Space.objects.bulk_create(found, batch_size=500))


def _things(count: int, source: Source, at: datetime) -> Iterator[Thing]:
    first = Thing.objects.count() + 1
    for n in range(count):
        code = f"70b3d57ed0c{first + n:05x}"
        yield Thing(source=source, code=code, number=first + n, commissioned_at=at)


def _state(thing: Thing, chance: Random, now: int) -> State:
    since = now - chance.randrange(60_000, 5_400_000)
    return State(
        pk=thing.pk,
        thing=thing,
        value=float(chance.random() < 0.7),  # noqa: PLR2004 -- as full as at eleven
        since=since,
        heard=now - chance.randrange(60_000),
        silent_from=now + thing.source.silent_after * 1000,
    )


def _point(thing: Thing) -> tuple[float, float] | None:
    return None if thing.lat is None or thing.lon is None else (thing.lat, thing.lon)


def _space(row: Segment, number: int, thing: Thing | None) -> Space:
    (west, south), (east, north) = (row.line or {})["coordinates"]
    on, share = number % A_STREET, (number % A_STREET + 1) / (A_STREET + 1)
    lat, lon = round(south + share * (north - south), 6), round(west + share * (east - west), 6)
    if thing is not None:
        thing.lat, thing.lon = lat, lon
    return Space(
        segment=row,
        code=f"G{number:04d}",
        number=on + 1,
        kind=_KINDS[_LETTERS[on]],
        lat=lat,
        lon=lon,
        thing=thing,
    )
