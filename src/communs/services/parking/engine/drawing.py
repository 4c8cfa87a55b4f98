"""From a street's line to a narrow shape that a map can show and a finger can touch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any

_DEGREE = 111_195.0  # metres of a degree of latitude
Point = tuple[float, float]  # longitude, latitude, as GeoJSON has them


def band(line: Sequence[Sequence[float]], metres: float) -> dict[str, Any]:
    """Give the GeoJSON polygon of a line drawn as wide as that."""
    points = [(point[0], point[1]) for point in line]
    shrink = cos(radians(points[0][1]))
    normals = [_normal(here, there, shrink) for here, there in pairwise(points)]
    at_points = [normals[0], *map(_between, normals, normals[1:]), normals[-1]]
    left, right = [], []
    for (lon, lat), (across, up) in zip(points, at_points, strict=True):
        east, north = across * metres / 2 / _DEGREE / shrink, up * metres / 2 / _DEGREE
        left.append([lon + east, lat + north])
        right.append([lon - east, lat - north])
    return {"type": "Polygon", "coordinates": [[*left, *reversed(right), left[0]]]}


def square(lon: float, lat: float, metres: float) -> dict[str, Any]:
    """Give the GeoJSON polygon of a square around a point."""
    half = metres / 2 / _DEGREE / cos(radians(lat))
    return band([[lon - half, lat], [lon + half, lat]], metres)


def _normal(here: Point, there: Point, shrink: float) -> Point:
    across, up = (there[0] - here[0]) * shrink, there[1] - here[1]
    length = hypot(across, up) or 1.0
    return -up / length, across / length


def _between(one: Point, other: Point) -> Point:
    across, up = one[0] + other[0], one[1] + other[1]
    length = hypot(across, up) or 1.0
    return across / length, up / length
