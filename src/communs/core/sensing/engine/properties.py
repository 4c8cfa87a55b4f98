"""The values that each property may take: what lies outside is a fault, not a measure."""

from __future__ import annotations

RANGES: dict[str, tuple[float, float]] = {
    "presence": (0, 1),
    "count": (0, 1_000_000),
    "free": (0, 100_000),
    "occupancy": (0, 100),
    "battery": (0, 100),
    "temperature": (-60, 80),
    "humidity": (0, 100),
    "level": (0, 100),
    "measure": (-1e15, 1e15),
}
WHOLE = frozenset({"presence", "count", "free"})


def is_possible(name: str, value: float) -> bool:
    """Tell whether a property may take a value."""
    bounds = RANGES.get(name)
    if bounds is None or not bounds[0] <= value <= bounds[1]:
        return False
    return name not in WHOLE or value == int(value)
