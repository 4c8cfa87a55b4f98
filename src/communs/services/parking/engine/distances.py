"""How far two points of the earth are from each other."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

T = TypeVar("T")
Point = tuple[float, float]  # latitude, longitude
_RADIUS = 6_371_008.8  # metres: the mean radius of the earth


def metres(here: Point, there: Point) -> float:
    """Give the length of the shortest way over the sphere (haversine)."""
    (lat, lon), (other_lat, other_lon) = here, there
    up, across = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(up) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(across) ** 2
    return 2 * _RADIUS * asin(sqrt(min(1.0, chord)))


def by_distance(here: Point, placed: Iterable[tuple[Point, T]]) -> list[tuple[float, T]]:
    """Give things with their distance in metres, nearest first."""
    found = [(metres(here, point), thing) for point, thing in placed]
    return sorted(found, key=lambda pair: pair[0])
