"""Whether a polygon touches a box or lies near a point, as ST_Intersects and distance have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, inf, radians

_DEGREE = 111_195.0  # metres of a degree of latitude
Point = Sequence[float]  # longitude, latitude
Ring = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Box:
    """Longitudes and latitudes from one to another, the edges included."""

    west: float
    south: float
    east: float
    north: float

    def away(self, ring: Ring) -> float:
        """Give 0 where a polygon and the box share a point, infinity where they do not."""
        corners = [
            (self.west, self.south),
            (self.east, self.south),
            (self.east, self.north),
            (self.west, self.north),
        ]
        around = [*corners, corners[0]]
        touches = (
            any(self._holds(point) for point in ring)
            or holds(ring, corners[0])
            or any(_cross(a, b, c, d) for a, b in pairwise(ring) for c, d in pairwise(around))
        )
        return 0.0 if touches else inf

    def _holds(self, point: Point) -> bool:
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


@dataclass(frozen=True, slots=True)
class Circle:
    """A point and so many metres around it."""

    lon: float
    lat: float
    radius: float

    def away(self, ring: Ring) -> float:
        """Give the metres to a polygon, infinity where they are more than the radius."""
        if holds(ring, (self.lon, self.lat)):
            return 0.0
        flat = [self._flat(point) for point in ring]
        nearest = min((_to_segment(a, b) for a, b in pairwise(flat)), default=inf)
        return nearest if nearest <= self.radius else inf

    def _flat(self, point: Point) -> tuple[float, float]:
        across = (point[0] - self.lon) * cos(radians((point[1] + self.lat) / 2))
        return across * _DEGREE, (point[1] - self.lat) * _DEGREE


def holds(ring: Ring, point: Point) -> bool:
    """Tell whether a point is inside a closed ring."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        level = (y1 > point[1]) != (y2 > point[1])
        if level and point[0] < (x2 - x1) * (point[1] - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _to_segment(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Give the distance from the origin to a segment."""
    run = (b[0] - a[0], b[1] - a[1])
    squared = run[0] ** 2 + run[1] ** 2
    share = 0.0 if not squared else -(a[0] * run[0] + a[1] * run[1]) / squared
    share = max(0.0, min(1.0, share))
    return hypot(a[0] + share * run[0], a[1] + share * run[1])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tell whether two segments share a point."""
    for axis in (0, 1):  # in one line, they may lie apart
        one, other = sorted((a[axis], b[axis])), sorted((c[axis], d[axis]))
        if one[1] < other[0] or other[1] < one[0]:
            return False
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
