"""Distances on the earth, streets as shapes of a map, options that the law bounds."""

from __future__ import annotations

from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from communs.services.parking.engine.distances import by_distance, metres
from communs.services.parking.engine.drawing import band, square
from communs.services.parking.options import ParkingOptions

POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_known_distances() -> None:
    antony, levallois = (48.7534, 2.2960), (48.8930, 2.2880)
    assert round(metres(antony, levallois)) == 15_534
    assert round(metres((0, 0), (0, 180))) == 20_015_114


@given(POINTS, POINTS)
def test_there_and_back_is_as_far(here, there) -> None:
    assert isclose(metres(here, there), metres(there, here), abs_tol=1e-6)
    assert metres(here, here) == 0
    assert 0 <= metres(here, there) <= 20_015_116


def test_the_nearest_comes_first() -> None:
    placed = [((48.76, 2.3), "far"), ((48.7535, 2.296), "near")]
    assert [name for _metres, name in by_distance((48.7534, 2.296), placed)] == ["near", "far"]


@pytest.mark.parametrize(
    "line",
    [
        [[2.29, 48.75], [2.30, 48.75]],
        [[2.29, 48.75], [2.29, 48.76], [2.30, 48.76]],
        [[2.29, 48.75, 12.0], [2.30, 48.76, 12.0]],
        [[2.29, 48.75], [2.29, 48.75]],  # a point twice: drawn as nothing, without a fault
    ],
)
def test_a_street_is_a_closed_band(line: list[list[float]]) -> None:
    shape = band(line, 14)
    (ring,) = shape["coordinates"]
    assert (shape["type"], ring[0], len(ring)) == ("Polygon", ring[-1], 2 * len(line) + 1)


def test_a_band_is_as_wide_as_was_said() -> None:
    (ring,) = band([[2.29, 48.75], [2.30, 48.75]], 14)["coordinates"]
    (left_lon, left_lat), (right_lon, right_lat) = ring[0], ring[-2]
    assert round(metres((left_lat, left_lon), (right_lat, right_lon)), 1) == 14.0
    (corners,) = square(2.29, 48.75, 30)["coordinates"]
    sides = pairwise(corners)
    assert {round(metres((a[1], a[0]), (b[1], b[0]))) for a, b in sides} == {30}


@pytest.mark.parametrize("hours", [1, 11, -1, 169])
def test_the_law_bounds_what_a_commune_may_set(hours: int) -> None:
    with pytest.raises(ValidationError):
        ParkingOptions(card_most_hours=hours)
    assert ParkingOptions(card_most_hours=12).card_most_hours == 12
    assert ParkingOptions().card_most_hours == 0
