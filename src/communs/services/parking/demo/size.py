"""How much life the demonstration has: little for tests, much for who looks at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Spaces of each commune, and days lived by yesterday."""

    spaces: int = 800
    days: int = 91
