"""Which bays are near."""

from __future__ import annotations

from math import cos, hypot, radians

_DEGREE = 111_195.0  # metres of a degree of latitude


def metres(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Give the distance between two points of one town, as the crow flies."""
    across = (to_lon - lon) * cos(radians((lat + to_lat) / 2))
    return hypot(across, to_lat - lat) * _DEGREE
