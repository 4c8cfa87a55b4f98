"""NGSI-LD and SensorThings, with the published examples of the first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from communs.core.sensing.engine.decoding import decoder
from communs.core.sensing.engine.readings import Malformed, Reading

DATA = Path(__file__).parent.parent / "data"
RECEIVED = 1_772_452_800_000
SPOT = "urn:ngsi-ld:ParkingSpot:santander:daoiz_velarde_1_5:3"
GARAGE = "urn:ngsi-ld:OffStreetParking:porto-ParkingLot-23889"
STREET = "urn:ngsi-ld:OnStreetParking:santander:daoiz_velarde_1_5"
OBSERVED = 1_537_531_200_000  # 21 September 2018, noon UTC
NOON = 1_772_449_200_000


def read(protocol: str, message: Any, mapping: Any = None) -> list[Any]:
    """Give readings, and faults as (reason, field)."""
    body = json.dumps(message).encode()
    found = decoder(protocol)(body, received=RECEIVED, mapping=mapping or {})
    return [(one.reason, one.field) if isinstance(one, Malformed) else one for one in found]


def notified(*entities: Any, mapping: Any = None) -> list[Any]:
    notification = {"id": "urn:ngsi-ld:Notification:1", "type": "Notification", "data": entities}
    return read("ngsi", notification, mapping)


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.jsonld").read_text())


def test_published_examples_in_full_are_read() -> None:
    names = ("ParkingSpot", "OffStreetParking", "OnStreetParking")
    observed = 1_615_477_862_000  # 11 March 2021, as the whole entity says
    assert notified(*(example(f"{name}-example-normalized") for name in names)) == [
        Reading(SPOT, "presence", OBSERVED, 0, 0.0),
        Reading(GARAGE, "free", OBSERVED, 0, 132.0),
        Reading(GARAGE, "occupancy", observed, 0, 68.0),
        Reading(STREET, "free", OBSERVED - 9 * 86_400_000, 0, 3.0),
    ]


def test_published_examples_as_plain_values_are_read() -> None:
    observed = 1_615_477_862_000
    names = ("ParkingSpot", "OffStreetParking", "OnStreetParking")
    assert notified(*(example(f"{name}-example") for name in names)) == [
        Reading(SPOT, "presence", RECEIVED, 0, 0.0),
        Reading(GARAGE, "free", observed, 0, 132.0),
        Reading(GARAGE, "occupancy", observed, 0, 68.0),
        Reading(STREET, "free", observed, 0, 3.0),
    ]


@pytest.mark.parametrize(
    ("status", "values"), [("occupied", [1.0]), ("free", [0.0]), ("closed", []), ("unknown", [])]
)
def test_unknown_is_no_reading_and_no_fault(status: str, values: list[float]) -> None:
    for written in (status, {"value": status}, {"type": "Property", "value": status}):
        found = notified({"id": "a", "type": "ParkingSpot", "status": written})
        assert found == [Reading("a", "presence", RECEIVED, 0, value) for value in values]


def test_a_car_parks_own_statuses_are_no_presence() -> None:
    assert notified({"id": "a", "status": ["open", "almostFull"]}) == []


def test_a_mapping_names_other_attributes_and_shortens_identifiers() -> None:
    entity = {
        "id": "urn:ngsi-ld:Device:" + "0" * 60,
        "temperature": {"value": 12.5, "observedAt": "2026-03-02T11:00:00Z"},
        "https://example.org/a.b": 4,
    }
    mapping = {
        "prefix": "urn:ngsi-ld:Device:",
        "properties": {"temperature": "temperature", "count": "https://example.org/a.b"},
    }
    assert notified(entity, mapping=mapping) == [
        Reading("0" * 60, "temperature", NOON, 0, 12.5),
        Reading("0" * 60, "count", RECEIVED, 0, 4.0),
    ]
    assert notified(entity) == [("wrong_type", "data.0.id")]


def test_a_bad_entity_keeps_its_place() -> None:
    good = {"id": "a", "status": "free"}
    naive = {"status": {"value": "free", "observedAt": "2026-03-02T11:00:00"}}
    assert notified(
        good, 3, {"status": "free"}, {"id": "b", "status": "?"}, {"id": "c"} | naive
    ) == [
        Reading("a", "presence", RECEIVED, 0, 0.0),
        ("unknown_shape", "data.1"),
        ("missing", "data.2.id"),
        ("wrong_type", "data.3.status"),
        ("no_time", "data.4.status.observedAt"),
    ]
    assert read("ngsi", {"type": "ParkingSpot"}) == [("unknown_shape", "type")]
    assert read("ngsi", {"type": "Notification"}) == [("unknown_shape", "data")]


def test_an_observation_over_an_interval_is_of_its_end() -> None:
    one = {"phenomenonTime": "2026-03-02T10:00:00Z/2026-03-02T11:00:00Z", "result": 41}
    one |= {"Datastream": {"@iot.id": 12}, "@iot.id": 900}
    mapping = {"property": "presence", "datastreams": {"12": "count"}}
    assert read("sensorthings", one, mapping) == [Reading("12", "count", NOON, 900, 41.0)]


def test_observations_are_read_one_by_one_and_as_answers() -> None:
    at = "2026-03-02T11:00:00Z"
    first = {"resultTime": at, "result": True, "Datastream": {"@iot.id": "st-1"}}
    link = {"Datastream@iot.navigationLink": "https://sta.example/v1.1/Datastreams('st-2')"}
    second = {"phenomenonTime": at, "result": 0} | link
    expected = [
        Reading("st-1", "presence", NOON, 0, 1.0),
        Reading("st-2", "presence", NOON, 0, 0.0),
    ]
    assert read("sensorthings", [first, second]) == expected
    assert read("sensorthings", {"value": [first, second]}) == expected
    assert read("sensorthings", first) == expected[:1]


def test_arrays_of_observations_are_read_row_by_row() -> None:
    block = {
        "Datastream": {"@iot.id": 12},
        "components": ["phenomenonTime", "result", "FeatureOfInterest/id"],
        "dataArray@iot.count": 4,
        "dataArray": [
            ["2026-03-02T11:00:00Z", 1, 5],
            ["2026-03-02T11:00:00", 1, 5],
            ["2026-03-02T11:00:00Z", 1],
            ["2026-03-02T11:00:00Z", "1", 5],
        ],
    }
    assert read("sensorthings", [block]) == [
        Reading("12", "presence", NOON, 0, 1.0),
        ("no_time", "0.dataArray.1.phenomenonTime"),
        ("unknown_shape", "0.dataArray.2"),
        ("wrong_type", "0.dataArray.3.result"),
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"result": 1}, ("missing", "Datastream")),
        ({"Datastream": {"@iot.id": 1.5}, "result": 1}, ("wrong_type", "Datastream")),
        ({"Datastream": {"@iot.id": 1}}, ("missing", "result")),
        ({"value": 3}, ("unknown_shape", "")),
        ([3], ("unknown_shape", "0")),
        ([{"dataArray": []}], ("wrong_type", "0.components")),
        ([{"dataArray": {}, "components": []}], ("wrong_type", "0.dataArray")),
    ],
)
def test_what_is_no_observation_is_refused(body: Any, fault: tuple[str, str]) -> None:
    assert read("sensorthings", body) == [fault]
