"""Distances on the earth taken as a sphere, and the boxes that hold all that is near."""

from __future__ import annotations

from math import asin, cos, degrees, pi, radians, sin, sqrt
from typing import NamedTuple

RADIUS = 6_371_008.8  # metres: the mean radius of the earth
FARTHEST = pi * RADIUS  # metres: the other side of the earth
_QUARTER, _HALF = 90.0, 180.0  # degrees
_SLACK = 1e-9  # of a distance: what sums of floats may lose


class Box(NamedTuple):
    """Bounds in degrees."""

    south: float
    north: float
    west: float
    east: float


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Give the length of the shortest way over the sphere (haversine)."""
    up, across = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(up) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(across) ** 2
    return 2 * RADIUS * asin(sqrt(min(1.0, chord)))


def box_around(lat: float, lon: float, reach: float) -> Box:
    """Give a box that holds every point within `reach` metres, those at exactly that far too.

    One that would go round a pole or the 180th meridian goes round the earth.
    """
    angle = reach / RADIUS * (1 + _SLACK) + _SLACK / RADIUS
    high = degrees(angle)
    south, north = max(-_QUARTER, lat - high), min(_QUARTER, lat + high)
    if high >= _QUARTER or abs(lat) + high >= _QUARTER:
        return Box(south, north, -_HALF, _HALF)
    wide = degrees(asin(min(1.0, sin(angle) / cos(radians(lat))))) * (1 + _SLACK) + _SLACK
    if abs(lon) + wide >= _HALF:
        return Box(south, north, -_HALF, _HALF)
    return Box(south, north, lon - wide, lon + wide)


def plane_reach(lat: float, lon: float, reach: float, scale: float) -> float | None:
    """Give how far, in degrees on a plane, what is within `reach` metres may lie; None: anywhere.

    On that plane a degree of longitude is worth `scale` degrees of latitude, wherever it is.
    """
    high = degrees(reach / RADIUS)
    if high > 1 or abs(lat) + high >= _QUARTER:
        return None
    narrowest = cos(radians(abs(lat) + high))
    if abs(lon) + high / narrowest * 2 >= _HALF:
        return None
    curved = 1 + radians(high) ** 2 / (narrowest * narrowest)  # arcs are longer than their chords
    return high * max(1.0, scale / narrowest) * curved * (1 + _SLACK)
