"""Experiments whose truth is known: how often the verdict and the interval are right.

Series have a weekly pattern, days that follow one another (0.3 to 0.6), shocks and seasons shared
with the communes compared, and a day in twelve missing.
"""

from __future__ import annotations

import pytest

from communs.services.fund.engine.evaluating.assessing import assess
from tests.services.fund.trying import document, judged, lived

_SEEDS = range(100)
_NOT_BETTER = {"inconclusive", "abandon"}


def test_no_effect_is_not_conclusive_or_worse_in_95_of_100() -> None:
    found = [assess(document(judged(lived(seed), target=0)))["proposed"] for seed in _SEEDS]
    assert sum(one in _NOT_BETTER for one in found) >= 95


def test_a_known_effect_lies_in_its_interval_in_90_of_100() -> None:
    found = [assess(document(judged(lived(seed, effect=3.0)))) for seed in _SEEDS]
    rows = [one["indicators"][0] for one in found]
    assert sum(row["low"] <= 3.0 <= row["high"] for row in rows) >= 90
    # And such an effect, a fifteenth of the level, is mostly found.
    assert sum(one["proposed"] == "generalise" for one in found) >= 80


@pytest.mark.thorough
@pytest.mark.parametrize(("before", "after"), [(28, 56), (60, 120), (365, 365)])
@pytest.mark.parametrize("indicators", [1, 3])
def test_so_it_is_with_other_lengths_and_with_several_indicators(
    before: int, after: int, indicators: int
) -> None:
    def made(seed: int, effect: float) -> dict[str, object]:
        days = {"before": before, "after": after}
        rows = [
            judged(lived(seed * 10 + n, effect=effect, **days), before=before, key=f"essai.n{n}")
            for n in range(indicators)
        ]
        return assess(document(*rows, before=before))

    none = [made(seed, 0.0)["proposed"] for seed in _SEEDS]
    assert sum(one in _NOT_BETTER for one in none) >= 95
    some = [row for seed in _SEEDS for row in made(seed, 3.0)["indicators"]]  # type: ignore[attr-defined]
    assert sum(row["low"] <= 3.0 <= row["high"] for row in some) >= 0.9 * len(some)
