"""What is nearest is exactly that, whatever the index holds, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.geo.backends import backend
from communs.core.geo.backends.asked import Found
from communs.core.geo.engine.sphere import FARTHEST, box_around, metres
from communs.core.geo.models import Spot
from communs.core.geo.placing import nearest, place, rebuild
from communs.core.kit.errors import NoCommunity

pytestmark = pytest.mark.django_db

# Few different values, so that there are ties; some far from the metropolis, and the poles.
NEAR = st.tuples(
    st.integers(0, 12).map(lambda n: 48.7 + n * 0.0005),
    st.integers(0, 12).map(lambda n: 2.3 + n * 0.0005),
)
ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
POINTS = st.lists(st.one_of(NEAR, NEAR, NEAR, ANYWHERE), max_size=40)
FROM = st.one_of(NEAR, ANYWHERE)


def key(number: int) -> UUID:
    return UUID(int=number + 1)


def to_a_centimetre(point: tuple[float, float]) -> tuple[float, ...]:
    return tuple(round(part * 10_000_000) / 10_000_000 for part in point)


def by_hand(
    points: dict[UUID, tuple[float, float]], lat: float, lon: float, count: int, far: float
) -> list[Found]:
    """Give what a reading of every point gives."""
    found = sorted(
        Found(metres(lat, lon, *to_a_centimetre(point)), subject)
        for subject, point in points.items()
    )
    return [one for one in found if one.metres <= far][:count]


@pytest.fixture
def here(antony: Community) -> Iterator[Community]:
    with within(antony):
        yield antony


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    points=POINTS,
    asked=FROM,
    count=st.integers(1, 12),
    far=st.one_of(st.just(inf), st.floats(0, 3_000)),
    odd=st.booleans(),
)
def test_the_nearest_are_those_that_reading_every_point_finds(
    here: Community,
    points: list[tuple[float, float]],
    asked: tuple[float, float],
    count: int,
    far: float,
    odd: bool,
) -> None:
    held = {key(number): point for number, point in enumerate(points)}
    counted = {subject: point for subject, point in held.items() if not odd or subject.int % 2}
    with transaction.atomic():
        place("layer", held)
        place("another", {key(number): asked for number in range(50)})
        wanted = (lambda some: [one for one in some if one in counted]) if odd else None
        found = nearest("layer", *asked, count, within=far, wanted=wanted)
        assert found == by_hand(counted, *asked, count, far)
        transaction.set_rollback(True)


def test_what_moves_is_found_where_it_is_and_what_goes_is_not(here: Community) -> None:
    place("layer", {key(0): (48.75, 2.3), key(1): (48.76, 2.3)})
    assert [one.subject for one in nearest("layer", 48.75, 2.3, 2)] == [key(0), key(1)]
    place("layer", {key(0): (48.80, 2.3)})
    assert [one.subject for one in nearest("layer", 48.75, 2.3, 2)] == [key(1), key(0)]
    place("layer", {key(1): None, key(5): None})
    assert [one.subject for one in nearest("layer", 48.75, 2.3, 2)] == [key(0)]


def test_a_move_that_is_undone_never_was(here: Community) -> None:
    place("layer", {key(0): (48.75, 2.3)})
    with transaction.atomic():
        place("layer", {key(0): (10.0, 10.0), key(1): (48.75, 2.3)})
        transaction.set_rollback(True)
    assert nearest("layer", 48.75, 2.3, 5) == [Found(0.0, key(0))]


def test_another_communitys_are_not_found_though_they_share_a_shelf(
    here: Community, sceaux: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("communs.core.geo.placing._shelf", lambda _community, _layer: 7)
    place("layer", {key(0): (48.75, 2.3)})
    place("other", {key(1): (48.75, 2.3)})
    with within(sceaux):
        place("layer", {key(2): (48.75, 2.3)})
        assert [one.subject for one in nearest("layer", 48.75, 2.3, 5)] == [key(2)]
    assert [one.subject for one in nearest("layer", 48.75, 2.3, 5)] == [key(0)]


def test_nowhere_nothing_is_near(db: None) -> None:
    with pytest.raises(NoCommunity):
        nearest("layer", 48.75, 2.3, 1)


def test_an_index_that_was_lost_is_made_anew(here: Community) -> None:
    place("layer", {key(0): (48.75, 2.3), key(1): (48.76, 2.3)})
    backend().remove(list(Spot.objects.all()))
    rebuild()
    assert [one.subject for one in nearest("layer", 48.75, 2.3, 5)] == [key(0), key(1)]


@given(
    at=st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    other=st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    reach=st.floats(0, FARTHEST),
)
def test_a_box_holds_all_that_is_within_reach(
    at: tuple[float, float], other: tuple[float, float], reach: float
) -> None:
    box = box_around(*at, reach)
    if metres(*at, *other) <= reach:
        assert box.south <= other[0] <= box.north
        assert box.west <= other[1] <= box.east
