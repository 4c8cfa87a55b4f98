"""Messages of LoRaWAN networks: as ChirpStack 4 and The Things Stack 3 write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from communs.core.sensing.engine.decoding import decoder, fault_of
from communs.core.sensing.engine.readings import Malformed, Reading

DATA = Path(__file__).parent.parent / "data"
RECEIVED = 1_767_700_000_000
EIGHT = 1_767_600_000_000  # 5 January 2026, 8 h UTC
VOLTS = {"path": "battery", "empty": 2.8, "full": 3.6}
OCCUPIED = {"properties": {"presence": "occupied", "battery": VOLTS}}
UPLINK = {
    "time": "2026-01-05T08:00:00.123456789+00:00",
    "deviceInfo": {"devEui": "70B3D50000000001"},
    "fCnt": 7,
    "fPort": 2,
    "object": {"occupied": True, "state": {"volts": 3.2}},
    "rxInfo": [{"gwTime": "2026-01-05T08:00:02Z"}],
}
DEVICE = "70b3d50000000001"
TTN = {
    "end_device_ids": {"device_id": "place-1", "dev_eui": "70B3D50000000001"},
    "received_at": "2026-01-05T08:00:09Z",
    "uplink_message": {
        "f_port": 2,
        "f_cnt": 7,
        "frm_payload": "AQ==",
        "decoded_payload": {"occupied": True},
        "settings": {"time": "2026-01-05T08:00:01Z"},
        "received_at": "2026-01-05T08:00:05Z",
        "last_battery_percentage": {"value": 81.5},
    },
}


def read(protocol: str, message: Any, mapping: Any = OCCUPIED) -> list[Any]:
    """Give readings, and faults as (reason, field)."""
    body = json.dumps(message).encode()
    found = decoder(protocol)(body, received=RECEIVED, mapping=mapping)
    return [(one.reason, one.field) if isinstance(one, Malformed) else one for one in found]


def without(message: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key not in keys}


def test_real_uplinks_of_chirpstack_are_read_with_the_counter_that_protobuf_leaves_out() -> None:
    events = json.loads((DATA / "chirpstack-v4-uplinks.json").read_text())["events"]
    found = [reading for event in events for reading in read("chirpstack", event)]
    assert len(found) == len(events) == 22
    assert found[:4] == [
        Reading("70b3d50000000000", "presence", EIGHT, 0, 0.0, pytest.approx(75)),
        Reading("70b3d50000000001", "presence", EIGHT + 2_000, 0, 1.0, pytest.approx(75)),
        Reading("70b3d50000000002", "presence", EIGHT + 4_000, 0, 0.0, pytest.approx(75)),
        Reading("70b3d50000000002", "presence", EIGHT + 24_000, 2, 0.0, pytest.approx(75)),
    ]
    assert len(set(found)) == 20  # two came twice


def test_the_bytes_of_real_uplinks_say_what_their_objects_say() -> None:
    events = json.loads((DATA / "chirpstack-v4-uplinks.json").read_text())["events"]
    table = {"bytes": {"presence": {"index": 0, "mask": 1}}}
    for event in events:
        [told] = read("chirpstack", event, {"properties": {"presence": "occupied"}})
        assert read("chirpstack", without(event, "object"), table) == [told]


def test_the_time_is_the_networks_then_a_gateways_then_ours() -> None:
    at = [
        read("chirpstack", message)[0].at
        for message in (
            UPLINK,
            without(UPLINK, "time"),
            without(UPLINK, "time") | {"rxInfo": [{}, {"nsTime": "2026-01-05T08:00:03Z"}]},
            without(UPLINK, "time", "rxInfo"),
        )
    ]
    assert at == [EIGHT + 123, EIGHT + 2_000, EIGHT + 3_000, RECEIVED]
    assert read("chirpstack", UPLINK | {"time": "2026-01-05T08:00:00"}) == [("no_time", "time")]


@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ({"properties": {"presence": "occupied"}}, 1.0),
        ({"properties": {"presence": "occupied"}, "inverted": True}, 0.0),
        ({"properties": {"presence": {"path": "occupied", "inverted": True}}}, 0.0),
        ({"properties": {"presence": "state.parked"}, "absent_is": 0}, 0.0),
        ({"properties": {"presence": "parked"}, "absent_is": 0, "inverted": True}, 1.0),
    ],
)
def test_a_mapping_says_where_presence_stands_and_what_its_absence_means(
    mapping: dict[str, Any], value: float
) -> None:
    at = EIGHT + 123
    assert read("chirpstack", UPLINK, mapping) == [Reading(DEVICE, "presence", at, 7, value)]


@pytest.mark.parametrize(("word", "value"), [("occupied", 1.0), ("free", 0.0), ("Occupied", 1.0)])
def test_words_are_understood(word: str, value: float) -> None:
    found = read("chirpstack", UPLINK | {"object": {"occupied": word}})
    assert found == [Reading(DEVICE, "presence", EIGHT + 123, 7, value)]


def test_a_measure_becomes_a_percentage_between_empty_and_full() -> None:
    mapping = {"properties": {"level": {"path": "cm", "empty": 120, "full": 20}}}
    values = [
        read("chirpstack", UPLINK | {"object": {"cm": cm}}, mapping)[0].value
        for cm in (120, 70, 20, 5)
    ]
    assert values == [0.0, 50.0, 100.0, 100.0]


def test_bytes_are_cut_out_by_index_length_and_mask() -> None:
    message = without(UPLINK, "object") | {"data": "wgER"}  # c2 01 11
    table = {
        "bytes": {
            "presence": {"index": 0, "mask": 2},
            "level": {"index": 0, "mask": 0xC0},
            "count": {"index": 1, "length": 2},
            "temperature": {"index": 9},
        }
    }
    at = EIGHT + 123
    assert read("chirpstack", message, table) == [
        Reading(DEVICE, "presence", at, 7, 1.0),
        Reading(DEVICE, "level", at, 7, 3.0),
        Reading(DEVICE, "count", at, 7, 273.0),
        ("missing", "data.9"),
    ]


def test_a_status_is_a_reading_of_the_battery_and_other_events_are_none() -> None:
    info = {"deviceInfo": {"devEui": DEVICE}, "time": "2026-01-05T08:00:00Z"}
    status = info | {"margin": 8, "batteryLevel": 75.5}
    assert read("chirpstack", status) == [Reading(DEVICE, "battery", EIGHT, 0, 75.5, 75.5)]
    for event in (
        info | {"devAddr": "00189440"},
        info | {"queueItemId": "1", "acknowledged": True, "fCntDown": 4},
        info | {"level": "ERROR", "code": "UPLINK_CODEC", "description": "…"},
        info | {"margin": 8, "batteryLevelUnavailable": True},
        info | {"integrationName": "cloud", "object": {"occupied": True}},
        info | {"fPort": 9, "object": {"occupied": True}},
        info | {"dr": 5},
    ):
        assert read("chirpstack", event, OCCUPIED | {"ports": [2]}) == []


@pytest.mark.parametrize(
    ("protocol", "message", "mapping", "fault"),
    [
        ("chirpstack", {}, {}, ("unknown_shape", "deviceInfo")),
        ("chirpstack", [UPLINK], {}, ("unknown_shape", "deviceInfo")),
        ("chirpstack", UPLINK | {"deviceInfo": {}}, OCCUPIED, ("missing", "deviceInfo.devEui")),
        ("chirpstack", UPLINK | {"fCnt": "7"}, OCCUPIED, ("wrong_type", "fCnt")),
        ("chirpstack", UPLINK | {"object": {}}, OCCUPIED, ("missing", "object.occupied")),
        ("chirpstack", UPLINK, {"properties": 3}, ("unknown_shape", "mapping.properties")),
        ("chirpstack", UPLINK, {"properties": {"A": "b"}}, ("wrong_type", "mapping.properties")),
        (
            "chirpstack",
            UPLINK | {"object": {"occupied": "maybe"}},
            OCCUPIED,
            ("wrong_type", "object.occupied"),
        ),
        ("chirpstack", without(UPLINK, "object") | {"data": "?"}, {}, ("wrong_type", "data")),
        (
            "chirpstack",
            without(UPLINK, "object") | {"data": "AQ=="},
            {},
            ("missing", "mapping.bytes"),
        ),
        ("ttn", {"uplink_message": {}}, {}, ("unknown_shape", "end_device_ids")),
        ("ttn", TTN | {"uplink_message": 3}, {}, ("wrong_type", "uplink_message")),
        ("ttn", TTN | {"simulated": True}, OCCUPIED, ("unknown_shape", "simulated")),
        ("ttn", TTN | {"end_device_ids": {}}, OCCUPIED, ("missing", "end_device_ids.device_id")),
    ],
)
def test_what_is_not_as_said_is_refused_with_its_place(
    protocol: str, message: Any, mapping: Any, fault: tuple[str, str]
) -> None:
    assert read(protocol, message, mapping) == [fault]


def test_an_uplink_of_the_things_stack_is_read_with_its_gateways_time() -> None:
    assert read("ttn", TTN) == [Reading(DEVICE, "presence", EIGHT + 1_000, 7, 1.0, 81.5)]


def test_the_things_stack_leaves_out_what_is_zero_or_false() -> None:
    message = {
        "end_device_ids": {"device_id": "place-1"},
        "received_at": "2026-01-05T08:00:09Z",
        "uplink_message": {"decoded_payload": {}, "rx_metadata": [{}]},
    }
    mapping = {"properties": {"presence": "occupied"}, "absent_is": 0}
    assert read("ttn", message, mapping) == [Reading("place-1", "presence", EIGHT + 9_000, 0, 0.0)]


def test_the_payload_of_the_things_stack_is_read_where_nothing_decoded_it() -> None:
    uplink = without(TTN["uplink_message"], "decoded_payload")  # type: ignore[arg-type]
    table = {"bytes": {"presence": {"index": 0, "mask": 1, "inverted": True}}}
    found = read("ttn", TTN | {"uplink_message": uplink}, table)
    assert found == [Reading(DEVICE, "presence", EIGHT + 1_000, 7, 0.0, 81.5)]


def test_joins_and_downlinks_of_the_things_stack_are_no_readings() -> None:
    for kind in ("join_accept", "downlink_sent", "location_solved"):
        assert read("ttn", without(TTN, "uplink_message") | {kind: {}}) == []
    assert read("ttn", TTN, OCCUPIED | {"ports": [1]}) == []


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ([], "mapping.properties"),
        ({"properties": {"presence": 3}}, "mapping.properties"),
        ({"properties": {"Presence": "a"}}, "mapping.properties"),
        ({"properties": {"presence": "a"}, "absent_is": "free"}, "mapping.absent_is"),
        ({"properties": {"level": {"path": "a", "empty": 3, "full": 3}}}, "mapping.full"),
        ({"bytes": {"presence": 0}}, "mapping.bytes"),
        ({"bytes": {"presence": {"length": 5}}}, "mapping.bytes"),
        ({"bytes": {"presence": {"index": -1}}}, "mapping.bytes"),
    ],
)
def test_a_mapping_that_means_nothing_is_told_before_any_message(mapping: Any, field: str) -> None:
    fault = fault_of(mapping)
    assert fault is not None
    assert fault.field == field


def test_mappings_that_mean_something_have_no_fault() -> None:
    table = {"bytes": {"presence": {"index": 3, "mask": 1, "length": 4}}}
    assert [fault_of(one) for one in ({}, OCCUPIED, table)] == [None, None, None]
