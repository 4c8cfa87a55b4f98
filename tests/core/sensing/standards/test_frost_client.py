"""The whole cycle of `frost_sta_client`, the Python client of SensorThings servers, unchanged."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import frost_sta_client as fsc
import jsonpatch
import pytest
import requests
from django.utils import timezone
from geojson import Point
from tests.core.sensing.standards.conftest import BASE

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.geo.placing import nearest
from communs.core.journal.models import Event
from communs.core.sensing.models import Observation, State, Thing
from communs.core.sensing.nearby import layer_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("in_process"),
    pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning"),  # the client's own
]
CELSIUS = fsc.UnitOfMeasurement("degree Celsius", "°C", "http://qudt.org/vocab/unit/DEG_C")


def sensor_of(name: str, description: str) -> fsc.Sensor:
    return fsc.Sensor(name, description, encoding_type="text/plain", metadata="T1")


MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


@pytest.fixture
def service(secret: str) -> fsc.SensorThingsService:
    return fsc.SensorThingsService(BASE, auth_handler=fsc.AuthHandler("air", secret))


def ago(minutes: int) -> str:
    at = timezone.now().replace(microsecond=0) - timedelta(minutes=minutes)
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def thing(service: fsc.SensorThingsService) -> fsc.Thing:
    """Make a thing with its place and a series of temperatures, in one request."""
    place = fsc.Location(
        name="Parc",
        description="Un parc",
        encoding_type="application/geo+json",
        location=Point((2.3, 48.75)),
    )
    series = fsc.Datastream(
        name="Air du parc",
        description="Température de l’air",
        observation_type=MEASUREMENT,
        unit_of_measurement=CELSIUS,
        sensor=sensor_of("T1", "Un thermomètre"),
        observed_property=fsc.ObservedProperty(
            "Temperature", definition="urn:t", description="De l’air"
        ),
    )
    made = fsc.Thing("Mât", "Un mât", {"hauteur": 3}, locations=[place], datastreams=[series])
    service.create(made)
    return made


def test_a_thing_is_made_read_changed_and_removed(
    service: fsc.SensorThingsService, parked: Community
) -> None:
    made = thing(service)
    read = service.things().find(made.id)
    assert (read.name, read.description, read.properties) == ("Mât", "Un mât", {"hauteur": 3})
    read.name = "Grand mât"
    service.update(read)
    service.patch(read, jsonpatch.JsonPatch([{"op": "add", "path": "/properties/n", "value": 1}]))
    again = service.things().find(made.id)
    assert (again.name, again.properties) == ("Grand mât", {"hauteur": 3, "n": 1})
    assert [one.name for one in again.get_locations().query().list()] == ["Parc"]
    assert len(list(again.get_historical_locations().query().list())) == 1
    with within(parked):
        row = Thing.objects.get(source__slug="air")
        assert (row.property, row.lat, row.lon, row.name) == (
            "temperature", 48.75, 2.3, "Air du parc",
        )  # fmt: skip
    service.delete(again)
    with pytest.raises(requests.exceptions.HTTPError):
        service.things().find(made.id)
    assert list(service.datastreams().query().list()) == []
    with within(parked):
        assert Thing.objects.get(source__slug="air").withdrawn_at is not None
        names = Event.objects.filter(name__startswith="sensing.entity").values_list("name")
        assert [name for (name,) in names.order_by("pk")] == [
            "sensing.entity_described",
            "sensing.entity_changed",
            "sensing.entity_changed",
            "sensing.entity_removed",
        ]


def test_observations_are_sent_one_by_one_and_in_arrays_then_asked_for(
    service: fsc.SensorThingsService, parked: Community
) -> None:
    made = thing(service)
    series = made.get_datastreams() and service.things().find(made.id).get_datastreams()
    stream = series.query().list().get(0)
    one = fsc.Observation(phenomenon_time=ago(30), result=18.5, datastream=stream)
    service.create(one)
    assert service.observations().find(one.id).result == 18.5
    rows = fsc.model.ext.data_array_value.DataArrayValue()
    rows.datastream = stream
    kind = fsc.model.ext.data_array_value.DataArrayValue.Property
    rows.components = {kind.PHENOMENON_TIME, kind.RESULT}
    for minutes in range(20, 0, -1):
        rows.add_observation(
            fsc.Observation(phenomenon_time=ago(minutes), result=20 + minutes, datastream=stream)
        )
    document = fsc.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(rows)
    links = service.observations().create(document)
    assert len({link.self_link for link in links}) == 20
    asked = service.observations().query().filter("result gt 25").count().top(6)
    found = asked.orderby("result", "ASC").list()
    assert found.count == 15
    assert [one.result for one in found] == list(range(26, 41))  # page after page
    with within(parked):
        number = Thing.objects.get(source__slug="air").number
        assert Observation.objects.filter(thing=number).count() == 21
        assert State.objects.get(thing__number=number).value == 21.0


def test_what_the_client_expands_selects_and_counts(service: fsc.SensorThingsService) -> None:
    made = thing(service)
    stream = service.things().find(made.id).get_datastreams().query().list().get(0)
    for minutes in (3, 2, 1):
        service.create(
            fsc.Observation(phenomenon_time=ago(minutes), result=minutes, datastream=stream)
        )
    asked = service.things().query().filter("name eq 'Mât'")
    (found,) = list(
        asked.expand(
            "Locations($select=name),Datastreams($expand=Sensor,ObservedProperty,"
            "Observations($top=1;$orderby=phenomenonTime desc;$select=result))"
        ).list()
    )
    assert [place.name for place in found.locations] == ["Parc"]
    (series,) = list(found.datastreams)
    assert (series.sensor.name, series.observed_property.name) == ("T1", "Temperature")
    assert [one.result for one in series.observations.entities] == [1]


def test_every_kind_is_made_by_itself_and_put_together(service: fsc.SensorThingsService) -> None:
    place = fsc.Location(
        "A", "a", encoding_type="application/geo+json", location=Point((2.3, 48.7))
    )
    sensor = sensor_of("S", "s")
    observed = fsc.ObservedProperty("Humidity", definition="urn:h", description="h")
    for one in (place, sensor, observed):
        service.create(one)
    made = fsc.Thing("Th", "th", locations=[fsc.Location(id=place.id)])
    service.create(made)
    stream = fsc.Datastream(
        "D",
        "d",
        observation_type=MEASUREMENT,
        unit_of_measurement=CELSIUS,
        thing=made,
        sensor=sensor,
        observed_property=observed,
    )
    service.create(stream)
    service.create(fsc.Observation(phenomenon_time=ago(1), result=40, datastream=stream))
    feature = service.features_of_interest().query().filter("name eq 'A'").list().get(0)
    assert feature.feature == {"type": "Point", "coordinates": [2.3, 48.7]}
    assert [one.result for one in stream.get_observations().query().list()] == [40]
    for one in (observed, sensor, made, place):
        service.delete(one)
    assert [list(dao.query().list()) for dao in (service.things(), service.datastreams())] == [
        [],
        [],
    ]


def test_a_thing_that_moves_takes_its_sensors_along_and_its_past_stays(
    service: fsc.SensorThingsService, parked: Community
) -> None:
    made = thing(service)

    def stands() -> tuple[float, float, list[Any]]:
        with within(parked):
            row = Thing.objects.get(source__slug="air")
            near = nearest(layer_of("temperature"), row.lat, row.lon, 1)
        return row.lat, row.lon, [round(one.metres) for one in near]

    place = made and service.things().find(made.id).get_locations().query().list().get(0)
    place.location = Point((2.31, 48.76))
    service.update(place)
    assert stands() == (48.76, 2.31, [0])
    other = fsc.Location(
        "B", "b", encoding_type="application/geo+json", location=Point((2.3, 48.7))
    )
    service.create(other)
    moved = fsc.Thing("Mât", "Un mât", locations=[fsc.Location(id=other.id)])
    moved.id = made.id
    service.update(moved)
    assert stands() == (48.7, 2.3, [0])
    again = service.things().find(made.id)
    assert [one.name for one in again.get_locations().query().list()] == ["B"]
    assert len(list(again.get_historical_locations().query().list())) == 2


def test_an_observation_is_kept_as_it_was_sent(service: fsc.SensorThingsService) -> None:
    made = thing(service)
    stream = service.things().find(made.id).get_datastreams().query().list().get(0)
    one = fsc.Observation(phenomenon_time=ago(1), result=20, datastream=stream)
    service.create(one)
    for change in (service.delete, service.update):
        with pytest.raises(requests.exceptions.HTTPError, match="405"):
            change(one)
    assert service.observations().find(one.id).result == 20


def test_with_another_secret_nothing_is_written(parked: Community, secret: str) -> None:
    for name, key in (("air", "x"), ("nowhere", secret), ("", "")):
        other: Any = fsc.SensorThingsService(BASE, auth_handler=fsc.AuthHandler(name, key))
        with pytest.raises(requests.exceptions.HTTPError, match="401"):
            thing(other)
    with within(parked):
        assert not Thing.objects.filter(source__slug="air").exists()
