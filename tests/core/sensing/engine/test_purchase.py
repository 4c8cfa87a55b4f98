"""How many sensors it takes to know a share of so many spaces within so many points."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.simulation import Faults, Purchase, size_purchase


@pytest.mark.parametrize(
    ("spaces", "points", "sensors"),
    [
        (1_000_000_000, 5, 385),
        (1_000_000_000, 3, 1_068),
        (1_000, 5, 278),
        (300, 10, 73),
        (10, 1, 10),
    ],
)
def test_the_numbers_are_those_of_textbooks(spaces: int, points: float, sensors: int) -> None:
    assert size_purchase(spaces, points=points) == Purchase(sensors, None, sensors, sensors, 0.0)


def test_rotation_asks_for_its_own_number_and_the_larger_counts() -> None:
    found = size_purchase(300, points=10, turns=0.5, spread=4)
    assert found == Purchase(73, 136, 136, 136, 0.0)


def test_spares_make_up_for_those_that_fall_silent_in_a_month() -> None:
    faults = Faults(silent=0.02, battery_years=5)  # 1 in 60 batteries ends in a month
    found = size_purchase(300, points=10, faults=faults)
    assert found == Purchase(73, None, 73, 76, 2.8)
    assert size_purchase(300, points=10, faults=Faults(silent=1.0)).to_buy == 300


@given(st.integers(1, 5_000), st.floats(1, 20), st.floats(0.05, 0.95))
def test_more_accuracy_or_less_knowledge_never_takes_fewer(
    spaces: int, points: float, occupancy: float
) -> None:
    found = size_purchase(spaces, points=points, occupancy=occupancy).sensors
    assert 1 <= found <= spaces
    assert found <= size_purchase(spaces, points=points / 2, occupancy=occupancy).sensors
    assert found <= size_purchase(spaces, points=points).sensors
    assert found <= size_purchase(spaces + 100, points=points, occupancy=occupancy).sensors


def test_nineteen_draws_in_twenty_are_within_the_points_asked_for() -> None:
    spaces = [1] * 240 + [0] * 160
    count, chance = size_purchase(400, points=6, occupancy=0.6).sensors, Random(1)
    within = sum(abs(sum(chance.sample(spaces, count)) / count - 0.6) <= 0.06 for _ in range(2_000))
    assert 0.93 <= within / 2_000 <= 0.98


@pytest.mark.parametrize(
    "asked",
    [
        {"spaces": 0, "points": 5},
        {"spaces": 9, "points": 0},
        {"spaces": 9, "points": 5, "occupancy": 2},
        {"spaces": 9, "points": 5, "turns": 1},
        {"spaces": 9, "points": 5, "turns": 0, "spread": 1},
    ],
)
def test_what_has_no_answer_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        size_purchase(**asked)  # type: ignore[arg-type]
