"""The nearest free spaces: known to be free, of the kind one needs, wherever their sensor is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.parking.actions import release_sensor, set_regulation, set_space
from communs.services.parking.models import Segment, Space
from communs.services.parking.queries import nearest_free
from tests.services.parking.samples import AT, car_park, sensor, space, street

HERE = (48.7530, 2.2970)
NORTH = 111_195  # metres in a degree of latitude
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lilacs(sceaux: Community, switch) -> Iterator[Segment]:
    switch(sceaux, "parking")
    with within(sceaux):
        yield street("Rue des Lilas")


def at(metres: int, where: Segment, said: float | None, **values: object) -> Space:
    """Make a space so far to the north, whose sensor says so since a minute; None: it is silent."""
    made = space(segment=where, lat=HERE[0] + metres / NORTH, lon=HERE[1], **values)
    return made if said is None else sensor(made, (AT - MINUTE, said))


def found(kind: str = "standard", count: int = 5) -> list[tuple[str, int]]:
    return [
        (one.seen.space.code, round(one.metres))
        for one in nearest_free(HERE, AT, kind=kind, count=count)
    ]


def test_only_what_is_known_to_be_free_and_of_the_kind(lilacs: Segment) -> None:
    far, near = at(400, lilacs, 0.0), at(100, lilacs, 0.0)
    reserved = at(50, lilacs, 0.0, kind="disabled")
    at(20, lilacs, 1.0)
    at(30, lilacs, None)
    at(40, lilacs, 0.0, in_service=False)
    at(1_100, lilacs, 0.0)
    assert found() == [(near.code, 100), (far.code, 400)]
    assert found(count=1) == [(near.code, 100)]
    assert found("disabled") == [(reserved.code, 50)]
    assert found("electric") == []


def test_a_space_that_is_moved_is_near_where_it_stands_now(lilacs: Segment) -> None:
    moved, left = at(700, lilacs, 0.0), at(200, lilacs, 0.0)
    set_space(space=moved, segment=lilacs, lat=HERE[0] + 100 / NORTH, lon=HERE[1], by=None)
    assert found() == [(moved.code, 100), (left.code, 200)]
    set_space(space=moved, segment=lilacs, lat=None, lon=None, by=None)
    assert found() == [(left.code, 200)]
    release_sensor(space=left, by=None)
    assert found() == []


def test_the_page_leaves_out_where_parking_is_forbidden(client: Client, lilacs: Segment) -> None:
    now = timezone.now()
    park = car_park("Parc fermé")
    closed = space(site=park, lat=HERE[0] + 10 / NORTH, lon=HERE[1])
    sensor(closed, (now, 0.0), at=now)
    opened = space(segment=lilacs, lat=HERE[0] + 90 / NORTH, lon=HERE[1])
    sensor(opened, (now, 0.0), at=now)
    set_regulation(title="Libre", where="commune", charge="free", by=None)
    set_regulation(title="Fermé", where="places", places=[park], effect="forbids", by=None)
    page = client.get("/en/sceaux/stationnement/?q=48.7530,2.2970").text
    section = page.partition('aria-labelledby="nearest"')[2].partition("</section>")[0]
    assert f"Space {opened.code}" in section
    assert "90 m" in section
    assert closed.code not in section
    said = client.get("/sceaux/api/stationnement/libres?lat=48.7530&lon=2.2970&count=2").json()
    assert [(one["code"], one["metres"]) for one in said["spaces"]] == [
        (closed.code, 10),
        (opened.code, 90),
    ]
