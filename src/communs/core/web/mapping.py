"""From outlines in degrees to a small SVG map: pure helpers, no database."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from communs.core.kit.text import fold

WIDTH = 800
MARGIN = 6
DEGREE_STEP = 10  # minutes of arc between two lines of the grid
RING_LEAST = 4  # a closed ring repeats its first point: fewer points enclose nothing

Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Projection:
    """Plain cylindrical projection that keeps shapes right at the middle latitude."""

    west: float
    south: float
    east: float
    north: float
    width: int = WIDTH

    @classmethod
    def fit(cls, features: Iterable[Mapping[str, Any]], width: int = WIDTH) -> "Projection":
        """Find the box that holds every feature."""
        points = [p for feature in features for ring in _rings(feature["geometry"]) for p in ring]
        if not points:
            message = "No outline to draw."
            raise ValueError(message)
        longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
        return cls(min(longitudes), min(latitudes), max(longitudes), max(latitudes), width)

    @property
    def scale(self) -> float:
        """Give drawing units per degree of longitude."""
        return self.width / ((self.east - self.west) or 1)

    @property
    def stretch(self) -> float:
        """Say how much longer a degree of latitude is than one of longitude here."""
        return 1 / math.cos(math.radians((self.south + self.north) / 2))

    @property
    def height(self) -> int:
        return max(1, round((self.north - self.south) * self.stretch * self.scale))

    @property
    def view_box(self) -> str:
        return f"{-MARGIN} {-MARGIN} {self.width + 2 * MARGIN} {self.height + 2 * MARGIN}"

    def at(self, longitude: float, latitude: float) -> Point:
        """Place a point of the earth on the drawing."""
        across = (longitude - self.west) * self.scale
        down = (self.north - latitude) * self.stretch * self.scale
        return round(across), round(down)


@dataclass(frozen=True, slots=True)
class Outline:
    """A commune's shape, ready to be drawn."""

    code: str
    name: str
    path: str
    box: tuple[int, int, int, int]
    anchor: Point

    @property
    def view_box(self) -> str:
        """Frame the shape alone, for a commune's emblem."""
        left, top, right, bottom = self.box
        return f"{left - 1} {top - 1} {right - left + 2} {bottom - top + 2}"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the map macro draws: `level` is "", "terr", "one" or "two"; dots stand at x, y."""

    name: str
    path: str
    href: str | None = None
    level: str = ""
    label: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text on the map."""

    x: int
    y: int
    label: str
    end: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Meridians and parallels, as in an atlas."""

    lines: tuple[str, ...]
    marks: tuple[Mark, ...]


def outlines(
    collection: Mapping[str, Any], *, code: str = "code_insee", name: str = "nom"
) -> tuple[Projection, list[Outline]]:
    """Read a GeoJSON collection of polygons; the order is that of names, accents ignored."""
    features = collection["features"]
    projection = Projection.fit(features)
    found = [
        _outline(feature["geometry"], projection, properties[code], properties[name])
        for feature in features
        for properties in [feature["properties"]]
    ]
    return projection, sorted(found, key=lambda outline: fold(outline.name))


def shapes(
    found: Iterable[Outline],
    *,
    hrefs: Mapping[str, str],
    levels: Mapping[str, str],
    labels: Mapping[str, str],
) -> list[Shape]:
    """Join outlines, by code, to their link, their level and what is said of them."""
    return [
        Shape(
            name=outline.name,
            path=outline.path,
            href=hrefs.get(outline.code),
            level=levels.get(outline.code, ""),
            label=labels.get(outline.code, outline.name),
            x=outline.anchor[0],
            y=outline.anchor[1],
        )
        for outline in found
    ]


def graticule(projection: Projection, *, minutes: int = DEGREE_STEP) -> Grid:
    """Draw round meridians and parallels, each named at the edge."""
    lines, marks = [], []
    for minute in _between(projection.west, projection.east, minutes):
        x, _ = projection.at(minute / 60, projection.north)
        lines.append(f"M{x} {-MARGIN}V{projection.height + MARGIN}")
        marks.append(Mark(x - 24, projection.height + MARGIN + 18, _degrees(minute, "E", "W")))
    for minute in _between(projection.south, projection.north, minutes):
        _, y = projection.at(projection.west, minute / 60)
        lines.append(f"M{-MARGIN} {y}H{projection.width + MARGIN}")
        marks.append(Mark(-MARGIN - 6, y + 5, _degrees(minute, "N", "S"), end=True))
    return Grid(tuple(lines), tuple(marks))


def _between(low: float, high: float, step: int) -> range:
    first = math.ceil(low * 60 / step) * step
    return range(first, math.floor(high * 60) + 1, step)


def _degrees(minute: int, plus: str, minus: str) -> str:
    whole, rest = divmod(abs(minute), 60)
    return f"{whole}° {rest:02d}′ {plus if minute >= 0 else minus}"


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    if geometry["type"] == "Polygon":
        yield from geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon


def _outline(geometry: Mapping[str, Any], projection: Projection, code: str, name: str) -> Outline:
    rings = [ring for raw in _rings(geometry) if len(ring := _ring(raw, projection)) >= RING_LEAST]
    points = [point for ring in rings for point in ring] or [(0, 0)]
    across, down = [x for x, _ in points], [y for _, y in points]
    box = min(across), min(down), max(across), max(down)
    path = "".join(_path(ring) for ring in rings)
    return Outline(code, name, path, box, _inside(rings, box))


def _inside(rings: list[Ring], box: tuple[int, int, int, int]) -> Point:
    """Find a point well inside: the middle of the widest stretch at mid-height."""
    left, top, right, bottom = box
    middle = (top + bottom) / 2 + 0.25  # never exactly on a vertex, which is a whole number
    cuts = sorted(
        ax + (middle - ay) * (bx - ax) / (by - ay)
        for ring in rings
        for (ax, ay), (bx, by) in pairwise(ring)
        if (ay > middle) != (by > middle)
    )
    stretches = list(zip(cuts[::2], cuts[1::2], strict=False)) or [(left, right)]
    start, end = max(stretches, key=lambda pair: pair[1] - pair[0])
    return round((start + end) / 2), round(middle)


def _ring(raw: Iterable[list[float]], projection: Projection) -> Ring:
    """Round to the grid; neighbours round alike, so no gap opens between them."""
    points: Ring = []
    for longitude, latitude, *_ in raw:
        point = projection.at(longitude, latitude)
        if not points or point != points[-1]:
            points.append(point)
    return points


def _path(ring: Ring) -> str:
    """Write relative steps: half the size of absolute ones."""
    x, y = ring[0]
    steps = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(ring[:-1])]
    return f"M{x} {y}l" + " ".join(steps).replace(" -", "-") + "z"
