"""How much room there is: what is believed is counted, the rest is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing.actions import check_on_the_spot, commission, withdraw
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.enums import Property
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import release_sensor, set_regulation, set_space, set_zone
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models import Space
from communs.services.parking.queries import (
    Asked,
    availability,
    overall,
    told,
    totals,
    where_is,
)
from communs.services.parking.queries.streets import streets
from tests.services.parking.samples import (
    AT,
    OPTIONS,
    car_park,
    make,
    network,
    sensor,
    space,
    street,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def here(sceaux: Community) -> Iterator[None]:
    """In Sceaux, which has nothing yet."""
    with within(sceaux):
        yield


def counts(asked: Asked | None = None, at=AT) -> tuple[int, int, int]:
    found = totals(availability(at, OPTIONS, asked), asked.kind if asked else "")
    return found.free, found.taken, found.unknown


def names(**asked: object) -> list[str]:
    return [str(room.place) for room in availability(AT, OPTIONS, Asked(**asked))]


def test_a_space_is_free_taken_or_unknown() -> None:
    lilacs = street("Rue des Lilas")
    for value in (1.0, 0.0, 0.0):
        sensor(space(segment=lilacs), (AT - MINUTE, value))
    space(segment=lilacs)  # without a sensor
    sensor(space(segment=lilacs))  # never heard
    assert counts() == (2, 1, 2)
    (room,) = availability(AT, OPTIONS)
    assert room.heard == AT - MINUTE


def test_a_sensor_that_falls_silent_is_unknown_never_free() -> None:
    sensor(space(segment=street("Rue des Lilas")), (AT - MINUTE, 0.0))
    assert counts() == (1, 0, 0)
    assert counts(at=AT + timedelta(hours=2)) == (0, 0, 1)


def test_a_sensor_that_is_often_wrong_is_unknown() -> None:
    thing = sensor(space(segment=street("Rue des Lilas")), (AT - MINUTE, 0.0)).thing
    for _check in range(6):
        check_on_the_spot(thing=thing, seen=1.0, at=AT, by=None)
    assert counts() == (0, 0, 1)


def test_a_sensor_withdrawn_or_released_is_unknown() -> None:
    lilacs = street("Rue des Lilas")
    one, two = (sensor(space(segment=lilacs), (AT - MINUTE, 0.0)) for _each in range(2))
    withdraw(thing=one.thing, at=AT, by=None)
    release_sensor(space=two, by=None)
    assert counts() == (0, 0, 2)


def test_a_space_out_of_service_is_not_counted() -> None:
    row = sensor(space(segment=street("Rue des Lilas")), (AT - MINUTE, 0.0))
    set_space(space=row, in_service=False, by=None)
    assert counts() == (0, 0, 0)


def test_a_car_park_counts_by_itself_or_is_unknown() -> None:
    park = car_park("Parc des Halles", capacity=100)
    assert counts() == (0, 0, 100)
    source = network()
    park.thing = commission(
        source=source, code="halles", property=Property.FREE, at=AT, name="Halles", by=None
    )
    park.save()
    for sequence, (value, expected) in enumerate(((37.0, (37, 63, 0)), (140.0, (100, 0, 0)))):
        said = Reading("halles", "free", milliseconds(AT - MINUTE), sequence, value)
        take(source=Source.objects.get(), readings=[said], at=milliseconds(AT))
        assert counts() == expected
    assert counts(at=AT + timedelta(hours=3)) == (0, 0, 100)


def test_a_car_park_of_unknown_size_says_so() -> None:
    car_park("Parc des Halles")
    (room,) = availability(AT, OPTIONS)
    assert room.is_empty


def test_all_together_is_what_the_places_have_one_by_one() -> None:
    lilacs, park = street("Rue des Lilas", spaces=2), car_park("Parc", capacity=10)
    for value in (0.0, 1.0):
        sensor(space(segment=lilacs), (AT - MINUTE, value))
        sensor(space(site=park, kind=SpaceKind.DISABLED), (AT - MINUTE, value))
    found, places = overall(AT)
    assert (found.free, found.taken, found.unknown) == counts() == (2, 2, 10)
    assert places == 2


def test_filters_narrow_together() -> None:
    lilacs, roses = street("Rue des Lilas"), street("Rue des Roses")
    sensor(space(segment=lilacs, kind=SpaceKind.DISABLED), (AT - MINUTE, 0.0))
    sensor(space(segment=lilacs), (AT - MINUTE, 1.0))
    sensor(space(segment=roses), (AT - MINUTE, 0.0))
    set_regulation(title="Libre", where="places", places=[roses], charge="free", by=None)
    assert names() == ["Rue des Lilas", "Rue des Roses"]
    assert names(kind="disabled") == ["Rue des Lilas"]
    assert counts(Asked(kind="disabled")) == (1, 0, 0)
    assert names(room=True, kind="standard") == ["Rue des Roses"]
    assert names(free_of_charge=True) == ["Rue des Roses"]
    assert names(kind="electric") == []


def test_what_applies_now_is_unknown_without_a_rule() -> None:
    street("Rue des Lilas", spaces=1)
    (room,) = availability(AT, OPTIONS)
    assert room.now is not None
    assert (room.now.allowed, room.pays_now) == (None, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lilas", ["Rue des Lilas"]),
        ("RUE DES LILAS", ["Rue des Lilas"]),
        ("lilaz", ["Rue des Lilas"]),
        ("halles", ["Parc des Halles"]),
        ("zzzz", []),
    ],
)
def test_a_name_is_found_and_slips_are_forgiven(text: str, found: list[str]) -> None:
    street("Rue des Lilas")
    car_park("Parc des Halles")
    assert names(q=text) == found


def test_the_nearest_come_first_with_their_distance() -> None:
    far = {"type": "LineString", "coordinates": [[2.30, 48.78], [2.30, 48.7801]]}
    street("Rue Lointaine", line=far)
    street("Rue des Lilas")
    street("Rue sans tracé", line=None)
    near = where_is("48.7534, 2.2960")
    rooms = availability(AT, OPTIONS, Asked(near=near))
    assert [str(room.place) for room in rooms] == ["Rue des Lilas", "Rue Lointaine"]
    assert [round(room.metres or 0) for room in rooms] == [92, 2978]


@pytest.mark.parametrize("text", ["", "48.75", "91, 2", "48.75, 181", "a, b", "1,2,3", "nan, inf"])
def test_what_is_no_point_is_none(text: str) -> None:
    assert where_is(text) is None


def test_it_costs_the_same_for_ten_spaces_and_for_four_hundred() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            availability(AT, OPTIONS)
        return len(queries)

    make(1)
    lilacs = street("Rue des Lilas", spaces=9)
    sensor(space(segment=lilacs), (AT - MINUTE, 0.0))
    ten = cost()
    make(5)
    rows = [Space(segment=lilacs, code=f"X{n}", number=n) for n in range(400)]
    Space.objects.bulk_create(rows)
    assert cost() == ten == 5


def test_places_where_the_same_rules_hold_are_answered_once() -> None:
    for number in range(3):
        street(f"Rue {number}", spaces=1)
    market = street("Place du Marché")
    set_regulation(title="Libre", where="commune", charge="free", by=None)
    set_regulation(title="Marché", effect="forbids", where="places", places=[market], by=None)
    allowed = {str(room.place): room.now and room.now.allowed for room in availability(AT, OPTIONS)}
    assert allowed == {"Place du Marché": False, "Rue 0": True, "Rue 1": True, "Rue 2": True}


def test_a_street_of_a_list_is_told_as_the_street_itself() -> None:
    zone = set_zone(name="Zone bleue", colour="blue", by=None)
    rows = [street("Rue A", side="odd", zone=zone), street("Rue B", from_street="", line=None)]
    names = [
        "pk", "slug", "street", "side", "from_street", "to_street", "line", "changed_at", "zone_id",
    ]  # fmt: skip
    said = [[getattr(row, name) for name in names] for row in rows]
    assert [list(one[:-1]) for one in streets()] == said
    assert [one.zone for one in streets()] == [("zone-bleue", "Zone bleue"), None]
    assert [told(one) for one in streets()] == [told(row) for row in rows]
