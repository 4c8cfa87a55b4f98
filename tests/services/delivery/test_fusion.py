"""Stops made out from discs and sensors: nothing told twice, whatever the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from communs.services.delivery.engine.fusion import SENSOR, Disc, Stay, fuse, stays

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
GRACE = timedelta(minutes=5)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@st.composite
def some_discs(draw: st.DrawFn) -> list[Disc]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        began = draw(st.integers(0, 300))
        left = draw(st.none() | st.integers(0, 60))
        until = at(began + draw(st.integers(1, 45)))
        ended = None if left is None else at(began + left)
        found.append(Disc(key=f"d{number}", began=at(began), until=until, left=ended))
    return found


@st.composite
def some_stays(draw: st.DrawFn) -> list[Stay]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        began = draw(st.integers(0, 300))
        length = draw(st.none() | st.integers(1, 90))
        ended = None if length is None else at(began + length)
        found.append(Stay(key=f"s{number}", began=at(began), ended=ended))
    return found


@given(some_discs(), some_stays(), st.randoms())
def test_the_order_of_what_is_told_does_not_matter(discs, stays, drawn) -> None:
    told = fuse(discs, stays, grace=GRACE)
    drawn.shuffle(discs)
    drawn.shuffle(stays)
    assert fuse(discs, stays, grace=GRACE) == told


@given(some_discs(), some_stays())
def test_what_is_told_twice_counts_once(discs, stays) -> None:
    assert fuse(discs * 2, stays * 2, grace=GRACE) == fuse(discs, stays, grace=GRACE)


@given(some_discs(), some_stays())
def test_every_disc_and_every_stay_is_in_one_visit_and_in_no_other(discs, stays) -> None:
    told = fuse(discs, stays, grace=GRACE)
    assert sorted(v.disc for v in told if v.disc) == sorted(disc.key for disc in discs)
    assert sorted(v.stay for v in told if v.stay) == sorted(stay.key for stay in stays)
    assert len(told) <= len(discs) + len(stays)
    assert all(v.ends is None or v.ends >= v.begins for v in told)


@given(some_discs())
def test_a_disc_without_a_sensor_is_a_visit_and_its_end_may_be_unknown(discs) -> None:
    told = {visit.disc: visit for visit in fuse(discs, [], grace=GRACE)}
    for disc in discs:
        visit = told[disc.key]
        assert (visit.begins, visit.ends, visit.sources) == (disc.began, disc.left, ("disc",))
        expected = None if disc.left is None else disc.left > disc.until + GRACE
        assert visit.overstayed is expected


@given(some_stays())
def test_a_stay_without_a_disc_is_a_visit_of_which_nobody_knows_if_it_was_too_long(stays) -> None:
    told = {visit.stay: visit for visit in fuse([], stays, grace=GRACE)}
    for stay in stays:
        visit = told[stay.key]
        assert (visit.begins, visit.ends) == (stay.began, stay.ended)
        assert (visit.sources, visit.overstayed) == ((SENSOR,), None)


def test_a_disc_and_the_nearest_stay_are_one_stop_that_ends_when_the_sensor_says() -> None:
    disc = Disc(key="d", began=at(3), until=at(33), left=at(20))
    near, far = Stay(key="n", began=at(0), ended=at(45)), Stay(key="f", began=at(-14), ended=at(4))
    [before, stop] = fuse([disc], [far, near], grace=GRACE)
    assert (before.stay, before.disc) == ("f", None)
    assert (stop.begins, stop.ends, stop.sources) == (at(0), at(45), ("disc", "sensor"))
    assert stop.overstayed is True


def test_readings_make_stays_whatever_their_order_and_short_ones_are_manoeuvres() -> None:
    readings = [(at(0), 1.0), (at(0), 1.0), (at(10), 0.0), (at(12), 1.0), (at(12.5), 0.0)]
    readings += [(at(20), 1.0), (at(25), 1.0)]
    found = [(stay.began, stay.ended) for stay in stays(reversed(readings))]
    assert found == [(at(0), at(10)), (at(20), None)]
