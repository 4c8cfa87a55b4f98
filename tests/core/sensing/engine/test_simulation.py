"""A made-up town: nothing goes wrong unless it is asked for, and then as often as was asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from math import inf
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.sensing.engine.decoding import csv_file
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.simulation import (
    HOMES,
    SHOPS,
    STATION,
    Faults,
    Stay,
    Town,
    Truth,
    code_of,
    fate_of,
    simulate,
    stays_told,
)
from communs.core.sensing.engine.simulation.faults import outages_of
from communs.core.sensing.engine.simulation.streets import DAY, HOUR, MINUTE, live

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 3, 2, tzinfo=PARIS)
WEEK = Town(6, MONDAY, 7, PARIS)
seeds = st.integers(0, 10**6)


def by_space(readings: Iterable[tuple[int, Reading]], spaces: int) -> list[list[Reading]]:
    """Give what each sensor said, in its own order, each word once."""
    found: defaultdict[str, set[Reading]] = defaultdict(set)
    for _, reading in readings:
        found[reading.code].add(reading)
    return [
        sorted(found[code_of(space)], key=lambda one: (one.at, one.sequence))
        for space in range(spaces)
    ]


def rebuilt(said: list[Reading], space: int, truth: Truth) -> list[Stay]:
    return stays_told([(one.at, one.value) for one in said], space, truth.ends)


def clipped(truth: Truth, space: int) -> list[Stay]:
    """Give the true stays as they can be seen between the first instant and the last."""
    return [
        Stay(space, max(stay.start, truth.begins), min(stay.end, truth.ends))
        for stay in truth.stays[space]
    ]


@settings(max_examples=15)
@given(seeds, st.integers(1, 3), st.sampled_from([MONDAY, datetime(2026, 10, 24, tzinfo=PARIS)]))
def test_without_fault_what_is_said_rebuilds_the_truth(
    seed: int, days: int, start: datetime
) -> None:
    town = Town(4, start, days, PARIS)
    truth, readings = simulate(town, Faults(), seed=seed)
    said = by_space(readings, 4)
    assert [rebuilt(said[space], space, truth) for space in range(4)] == [
        clipped(truth, space) for space in range(4)
    ]


@settings(max_examples=15)
@given(seeds)
def test_late_doubled_and_kept_messages_rebuild_the_truth_too(seed: int) -> None:
    faults = Faults(duplicates=0.3, late=0.3, outages=20, outages_keep=True, gateways=2)
    truth, readings = simulate(replace(WEEK, days=2), faults, seed=seed)
    said = by_space(readings, 6)
    assert [rebuilt(said[space], space, truth) for space in range(6)] == [
        clipped(truth, space) for space in range(6)
    ]


@settings(max_examples=15)
@given(seeds)
def test_readings_come_in_order_of_reception_after_they_were_sent(seed: int) -> None:
    faults = Faults(duplicates=0.1, late=0.2, outages=10, outages_keep=True)
    _, readings = simulate(WEEK, faults, seed=seed)
    told = list(readings)
    assert [received for received, _ in told] == sorted(received for received, _ in told)
    assert all(received >= reading.at + 500 for received, reading in told)


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones() -> None:
    faults = Faults(
        loss=0.1, duplicates=0.1, late=0.1, drift=3, silent=0.2, stuck=0.2, flapping=0.1,
        outages=5, battery_years=4,
    )  # fmt: skip

    def content(seed: int) -> bytes:
        _, readings = simulate(replace(WEEK, days=2), faults, seed=seed)
        return "".join(csv_file.written(reading for _, reading in readings)).encode()

    assert content(7) == content(7)
    assert content(7) != content(8)
    assert list(csv_file.rows([content(7)])) == [
        reading for _, reading in simulate(replace(WEEK, days=2), faults, seed=7)[1]
    ]


@pytest.mark.parametrize("loss", [0.05, 0.3, 1.0])
def test_as_many_messages_are_lost_as_was_asked(loss: float) -> None:
    sent = sum(1 for _ in simulate(WEEK, Faults(), seed=1)[1])
    received = sum(1 for _ in simulate(WEEK, Faults(loss=loss), seed=1)[1])
    margin = 4 * (sent * loss * (1 - loss)) ** 0.5
    assert abs(received - sent * (1 - loss)) <= margin


def test_a_counter_counts_what_was_lost() -> None:
    _, readings = simulate(replace(WEEK, spaces=1), Faults(loss=0.5), seed=1)
    _, whole = simulate(replace(WEEK, spaces=1), Faults(), seed=1)
    sequences = [reading.sequence for _, reading in readings]
    counted = [reading.sequence for _, reading in whole]
    assert counted == list(range(len(counted)))
    assert sequences == sorted(set(sequences))
    assert set(sequences) < set(counted)


def test_as_many_messages_come_twice_as_was_asked() -> None:
    _, readings = simulate(WEEK, Faults(duplicates=0.2), seed=1)
    times = Counter(reading for _, reading in readings)
    assert set(times.values()) == {1, 2}
    share = sum(count == 2 for count in times.values()) / len(times)
    assert abs(share - 0.2) < 4 * (0.2 * 0.8 / len(times)) ** 0.5


def test_a_clock_drifts_no_more_than_was_asked() -> None:
    truth, readings = simulate(WEEK, Faults(drift=10), seed=1)
    off = {}
    for received, reading in readings:
        days = (received - truth.begins) / DAY
        gain = (reading.at - received) / 1000
        assert -10 * days - 3 <= gain <= 10 * days
        off[reading.code] = gain
    assert max(off.values()) > 5
    assert min(off.values()) < -5


def test_a_gateway_that_is_out_says_nothing_and_then_says_all_if_it_keeps() -> None:
    faults = Faults(outages=20, outage_hours=6)
    truth = live(WEEK, 1)
    windows = outages_of(0, truth, faults, 1)
    assert windows
    ends = [end for _, end in windows]
    lost = list(simulate(WEEK, faults, seed=1)[1])
    kept = list(simulate(WEEK, replace(faults, outages_keep=True), seed=1)[1])

    def within(reading: Reading) -> bool:
        return any(start <= reading.at < end for start, end in windows)

    assert not [reading for _, reading in lost if within(reading)]
    held = [(received, reading) for received, reading in kept if within(reading)]
    assert held
    assert all(any(0 <= received - end <= 2_500 for end in ends) for received, _ in held)
    assert {reading for _, reading in kept} - {reading for _, reading in held} == {
        reading for _, reading in lost
    }


def test_a_silent_sensor_says_nothing_from_then_on() -> None:
    faults = Faults(silent=0.9)
    truth, readings = simulate(WEEK, faults, seed=1)
    said = by_space(readings, 6)
    fates = [fate_of(space, truth.begins, faults, 1) for space in range(6)]
    assert any(fate.silent_from < truth.ends - HOUR for fate in fates)
    for fate, told in zip(fates, said, strict=True):
        assert not told or told[-1].at < fate.silent_from
        if fate.silent_from > truth.begins:
            assert min(fate.silent_from, truth.ends) - told[-1].at <= HOUR


def test_a_stuck_sensor_lives_on_and_repeats_itself() -> None:
    faults = Faults(stuck=1.0)
    truth, readings = simulate(WEEK, faults, seed=1)
    for told in by_space(readings, 6):
        assert len({one.value for one in told}) == 1
        assert len(told) == 7 * 24 + 1
    assert truth.rotation() > 1


def test_a_flapping_sensor_changes_its_mind_for_six_hours() -> None:
    truth, readings = simulate(replace(WEEK, spaces=1), Faults(flapping=1.0), seed=1)
    [told] = by_space(readings, 1)
    early = [one for one in told if one.at < truth.begins + 6 * HOUR]
    changes = sum(one.value != other.value for one, other in pairwise(early))
    assert len(early) > 700
    assert changes == len(early) - 1
    assert all(
        one.value == truth.is_taken(0, one.at) for one in told if one.at >= truth.begins + 6 * HOUR
    )


def test_a_battery_runs_down_and_an_empty_one_is_silent() -> None:
    faults = Faults(battery_years=7 / 365)  # a full one lasts as long as the week
    truth, readings = simulate(WEEK, faults, seed=1)
    for space, told in enumerate(by_space(readings, 6)):
        charges = [one.battery for one in told]
        assert None not in charges
        assert charges == sorted(charges, reverse=True)  # type: ignore[type-var]
        assert 60 <= charges[0] <= 100  # type: ignore[operator]
        assert charges[-1] < 1  # type: ignore[operator]
        assert told[-1].at < fate_of(space, truth.begins, faults, 1).silent_from < truth.ends
    assert {one.battery for _, one in simulate(WEEK, Faults(), seed=1)[1]} == {None}


def test_faults_meet_the_share_of_sensors_that_was_asked_in_a_month() -> None:
    fates = [fate_of(space, 0, Faults(silent=0.1, stuck=0.5), 3) for space in range(4_000)]
    for share, times in (
        (0.1, [fate.silent_from for fate in fates]),
        (0.5, [fate.stuck_from for fate in fates]),
    ):
        met = sum(time < 30 * DAY for time in times) / 4_000
        assert abs(met - share) < 4 * (share * (1 - share) / 4_000) ** 0.5
    assert {fate.flaps_from for fate in fates} == {inf}


def test_one_more_fault_does_not_change_who_came() -> None:
    assert (
        simulate(WEEK, Faults(loss=0.4, silent=0.5), seed=5)[0]
        == simulate(WEEK, Faults(), seed=5)[0]
    )


def test_arrivals_follow_hours_saturdays_sundays_markets_and_august() -> None:
    town = Town(1, MONDAY, 7, PARIS, market=3)

    def at(day: int, hour: int, month: int = 6) -> float:
        moment = datetime(2026, month, day, hour, tzinfo=PARIS)
        return town.arrivals(SHOPS, int(moment.timestamp() * 1000))

    assert at(3, 12) == 3.5  # a Wednesday of June
    assert at(3, 3) == 0.05
    assert at(4, 12) == pytest.approx(3.5 * 1.6)  # Thursday, market
    assert at(4, 16) == 3.5  # the market is over
    assert at(6, 12) == pytest.approx(3.5 * 1.4)
    assert at(7, 12) == pytest.approx(3.5 * 0.4)
    assert at(5, 12, 8) == pytest.approx(3.5 * 0.5)  # a Wednesday of August


def test_a_street_of_homes_is_full_at_night_and_that_of_the_station_by_day() -> None:
    def share(truth: Truth, hour: int) -> float:
        times = [truth.begins + day * DAY + hour * HOUR for day in range(5)]
        return sum(truth.is_taken(space, at) for space in range(40) for at in times) / 200

    homes, station = (
        live(Town(40, MONDAY, 5, PARIS, streets=(street,)), 1) for street in (HOMES, STATION)
    )
    assert share(homes, 21) > 0.8 > share(homes, 8)
    assert share(station, 10) > 0.8
    assert share(station, 3) < 0.4


@given(seeds)
@settings(max_examples=20)
def test_two_vehicles_are_never_at_one_space(seed: int) -> None:
    truth = live(replace(WEEK, days=2), seed)
    for space, stays in truth.stays.items():
        for stay, following in pairwise(stays):
            assert stay.end < following.start
        for stay in stays:
            assert stay.end - stay.start >= MINUTE
            assert stay.end > truth.begins
            assert stay.start < truth.ends
            assert truth.is_taken(space, stay.start)
            assert not truth.is_taken(space, stay.end)
            assert not truth.is_taken(space, stay.start - 1)


def test_occupancy_and_rotation_are_those_of_the_days_one_looks_at() -> None:
    stays = {0: [Stay(0, -6 * HOUR, 6 * HOUR), Stay(0, 20 * HOUR, 30 * HOUR)], 1: []}
    truth = Truth(0, DAY, stays)
    assert truth.occupancy() == pytest.approx((6 + 4) / 48)
    assert truth.rotation() == 0.5
    assert not truth.is_taken(5, 0)


def test_a_day_is_cut_by_hours_and_not_by_summer_time() -> None:
    town = Town(1, datetime(2026, 3, 28, 23, tzinfo=UTC), 2, PARIS)
    assert town.ends - town.begins == 2 * DAY
