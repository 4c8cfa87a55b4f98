"""Frozen documents of made-up series, as an evaluation takes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

FIRST = date(2025, 1, 6)  # a Monday
_WEEK = (10, 12, 11, 12, 9, 3, 2)
Values = list[float | None]


def day(number: int) -> date:
    """Give a day by its number from the first."""
    return FIRST + timedelta(days=number)


def followed(chance: Random, count: int, alike: float, spread: float) -> list[float]:
    """Make values each of which is like the one before it."""
    now = chance.gauss(0, spread / math.sqrt(1 - alike**2))
    made = []
    for _turn in range(count):
        made.append(now)
        now = alike * now + chance.gauss(0, spread)
    return made


def town(
    chance: Random, common: Sequence[float], alike: float, *, size: float = 1, missing: float = 0.08
) -> Values:
    """Make the days of a commune: its week, what happens everywhere, its own life, holes."""
    own = followed(chance, len(common), alike, 3.0)
    return [
        None if chance.random() < missing else round(size * (40 + _WEEK[n % 7] + shock + mine), 3)
        for n, (shock, mine) in enumerate(zip(common, own, strict=True))
    ]


def lived(
    seed: int, *, before: int = 120, after: int = 240, effect: float = 0.0, towns: int = 4
) -> list[Values]:
    """Make communes that share shocks and seasons; something happens to the first at the start."""
    chance = Random(seed)
    alike = chance.uniform(0.3, 0.6)
    shocks = followed(chance, before + after, 0.9, 1.0)
    common = [shock + 3 * math.sin(n / 58) for n, shock in enumerate(shocks)]
    made = [town(chance, common, alike) for _one in range(towns)]
    made[0] = [
        None if value is None else value + (effect if n >= before else 0)
        for n, value in enumerate(made[0])
    ]
    return made


def line(values: Sequence[float | None], breaks: Sequence[str] = ()) -> dict[str, Any]:
    return {"first": FIRST.isoformat(), "values": list(values), "breaks": list(breaks)}


def judged(
    series: Sequence[Values], *, before: int = 120, key: str = "essai.one", **more: Any
) -> dict[str, Any]:
    """Give an indicator of a document: the first series is the site's, the others to compare."""
    known = {
        "key": key,
        "version": 1,
        "known_version": 1,
        "aim": "up",
        "target": None,
        "least_days": 14,
        "step": "day",
        "counts": False,
        "control": "",
        "control_line": None,
        "baseline": [day(0).isoformat(), day(before - 1).isoformat()],
        "site": line(series[0]),
        "others": {f"town-{n}": line(one) for n, one in enumerate(series[1:], start=1)},
    }
    return known | more


def document(*indicators: dict[str, Any], before: int = 120, **more: Any) -> dict[str, Any]:
    """Give a frozen document of these indicators."""
    values = indicators[0]["site"]["values"]
    towns = sorted({slug for one in indicators for slug in one["others"]})
    known = {
        "format": "communs-evaluation/1",
        "starts_on": day(before).isoformat(),
        "until": day(len(values) - 1).isoformat(),
        "pauses": [],
        "changes": [],
        "comparisons": [
            {"community": slug, "name": slug.title(), "left_out": "", "since": None}
            for slug in towns
        ],
        "indicators": list(indicators),
    }
    return known | more
