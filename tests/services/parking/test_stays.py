"""From what a sensor said to stays: nothing crosses what nobody knows."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.states import Limits, Said
from communs.services.parking.engine.stays import (
    Stay,
    Stretch,
    add_to,
    bounds,
    day_of,
    hours_of,
    nothing,
    stays,
    stretches,
)
from communs.services.parking.engine.uses import Day, quantile, together

MINUTE = 60_000
HOUR = 60 * MINUTE
LIMITS = Limits(silent_after=2 * HOUR, stuck_after=72 * HOUR, flips_most=60)


def said(*values: tuple[int, float]) -> list[Said]:
    """Give readings at some minutes."""
    return [Said(minute * MINUTE, number, value) for number, (minute, value) in enumerate(values)]


def known(*values: tuple[int, float], until: int = 600, limits: Limits = LIMITS) -> list[Stretch]:
    return stretches(said(*values), limits, until=until * MINUTE)


def minutes(found: list[Stretch]) -> list[tuple[int, int, bool]]:
    return [(one.begins // MINUTE, one.ends // MINUTE, one.taken) for one in found]


def test_a_reading_counts_until_the_next_or_until_silence() -> None:
    found = known((0, 0), (30, 1), (60, 1), (90, 0), (400, 1))
    assert minutes(found) == [(0, 30, False), (30, 90, True), (90, 210, False), (400, 520, True)]
    assert [(s.begins_known, s.ends_known) for s in stays(found)] == [(True, True), (False, False)]


def test_a_sensor_that_never_changes_is_stuck_and_then_unknown() -> None:
    every_hour = [(60 * n, 1.0) for n in range(100)]
    assert minutes(known(*every_hour, until=6_000)) == [(0, 72 * 60, True)]


def test_a_sensor_that_flaps_is_unknown_for_an_hour() -> None:
    limits = LIMITS._replace(flips_most=2)
    found = known((0, 0), (1, 1), (2, 0), (3, 1), (100, 1), until=110, limits=limits)
    assert minutes(found) == [(0, 1, False), (1, 2, True), (2, 3, False), (63, 110, True)]


def test_a_stay_cut_by_silence_is_two_with_unknown_ends() -> None:
    found = stays(known((0, 0), (10, 1), (300, 1), (310, 0)))
    assert found == [
        Stay(10 * MINUTE, 130 * MINUTE, True, False),
        Stay(300 * MINUTE, 310 * MINUTE, False, True),
    ]


def test_one_that_goes_on_has_no_known_end() -> None:
    assert stays(known((0, 0), (10, 1), until=20)) == [Stay(10 * MINUTE, 20 * MINUTE, True, False)]


READINGS = st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from([0.0, 1.0])), max_size=60)


@given(READINGS, st.integers(0, 3_000))
def test_what_is_known_never_overlaps_and_never_outlasts_belief(
    values: list[tuple[int, float]], until: int
) -> None:
    found = known(*values, until=until)
    assert all(one.begins < one.ends <= until * MINUTE for one in found)
    assert all(one.ends <= other.begins for one, other in pairwise(found))
    heard = [minute * MINUTE for minute, _value in values]
    for one in found:
        for at in (one.begins, (one.begins + one.ends) // 2, one.ends - 1):
            assert any(h <= at < h + LIMITS.silent_after for h in heard)


@given(READINGS, st.randoms())
def test_the_order_in_which_readings_came_changes_nothing(
    values: list[tuple[int, float]], chance: object
) -> None:
    readings = said(*values)
    shuffled = list(readings)
    chance.shuffle(shuffled)
    ends = 3_000 * MINUTE
    assert stretches(shuffled, LIMITS, until=ends) == stretches(readings, LIMITS, until=ends)


@given(READINGS)
def test_stays_are_the_taken_time_and_no_more(values: list[tuple[int, float]]) -> None:
    found = known(*values, until=3_000)
    taken = sum(one.ends - one.begins for one in found if one.taken)
    assert sum(one.until - one.since for one in stays(found)) == taken


@pytest.mark.parametrize(
    ("day", "count", "clock"),
    [
        (date(2026, 3, 10), 24, list(range(24))),
        (date(2026, 3, 29), 23, [0, 1, *range(3, 24)]),
        (date(2026, 10, 25), 25, [0, 1, 2, 2, *range(3, 24)]),
    ],
)
def test_a_day_has_the_hours_of_its_clocks(day: date, count: int, clock: list[int]) -> None:
    hours = hours_of(day)
    assert [hour.clock for hour in hours] == clock
    assert (hours[0].begins, hours[-1].ends) == bounds(day, day)
    assert hours[-1].ends - hours[0].begins == count * HOUR
    assert {day_of(hours[0].begins), day_of(hours[-1].ends - 1)} == {day}


@given(READINGS)
def test_the_hours_of_two_days_hold_all_that_is_known_in_them(
    values: list[tuple[int, float]],
) -> None:
    days = [date(1970, 1, 1), date(1970, 1, 2)]
    begins, ends = bounds(*days)
    found = stretches(said(*values), LIMITS, until=ends)
    hours = nothing()
    for day in days:
        add_to(hours, found, hours_of(day))
    inside = [(max(s.begins, begins), min(s.ends, ends), s.taken) for s in found]
    lengths = [(max(0, end - begin) // 1000, taken) for begin, end, taken in inside]
    assert sum(hour[0] for hour in hours) == sum(length for length, _taken in lengths)
    assert sum(hour[1] for hour in hours) == sum(length for length, taken in lengths if taken)
    assert all(0 <= taken <= known for known, taken, _n, _free in hours)
    assert all(0 <= free <= seen for _known, _taken, seen, free in hours)


def test_what_nobody_knows_is_none_and_never_zero() -> None:
    nobody = together([Day(86_400, nothing(), 0, [])])
    assert (nobody.quality, nobody.occupancy, nobody.rotation) == (0.0, None, None)
    assert (nobody.dwell(0.5), nobody.mean_dwell, set(nobody.by_hour())) == (None, None, {None})


def test_days_add_up() -> None:
    hours = [[3_600, 1_800, 1, 0]] * 12 + [[0, 0, 0, 0]] * 12
    use = together([Day(86_400, hours, 6, [10, 20, 60]), Day(86_400, hours, 2, [30])])
    assert (use.quality, use.occupancy, use.rotation) == (0.5, 0.5, 8.0)
    assert (use.dwell(0.5), use.dwell(1.0), use.mean_dwell) == (25.0, 60, 30.0)
    assert use.by_hour() == [0.5] * 12 + [None] * 12


@given(st.lists(st.integers(0, 1_000), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_among_the_values(values: list[int], part: float) -> None:
    found = quantile(sorted(values), part)
    assert found is not None
    assert min(values) <= found <= max(values)
    assert quantile([], part) is None
