"""Our own JSON is read whole, or each fault is said where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.decoding import decode_all, decoder, plain, plain_quick
from communs.core.sensing.engine.decoding.limits import MOST_BYTES, MOST_READINGS
from communs.core.sensing.engine.readings import Malformed, Reading

RECEIVED = 1_772_452_800_000
NOON = 1_772_449_200_000  # 2 March 2026, noon in Paris
TOLD = {"device": "place-1", "time": "2026-03-02T12:00:00+01:00", "sequence": 12, "presence": True}


def read(body: Any) -> list[Any]:
    """Give readings, and faults as (reason, field)."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = decoder("plain")(content, received=RECEIVED, mapping={})
    return [(one.reason, one.field) if isinstance(one, Malformed) else one for one in found]


def test_an_object_a_list_and_an_envelope_say_the_same() -> None:
    reading = Reading("place-1", "presence", NOON, 12, 1.0, None)
    assert read(TOLD) == [reading]
    assert read([TOLD]) == [reading]
    assert read({"readings": [TOLD, TOLD]}) == [reading, reading]
    assert read([]) == read({"readings": []}) == []


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-03-02T11:00:00Z", NOON),
        ("2026-03-02 12:00:00.250+01:00", NOON + 250),
        (NOON, NOON),
        (NOON // 1000, NOON),
        (NOON / 1000 + 0.125, NOON + 125),
    ],
)
def test_a_time_has_its_offset_or_is_counted_since_1970(time: Any, at: int) -> None:
    assert read(TOLD | {"time": time}) == [Reading("place-1", "presence", at, 12, 1.0)]


def test_without_a_time_a_reading_is_of_when_it_was_received() -> None:
    assert read({"device": "a", "presence": 0}) == [Reading("a", "presence", RECEIVED, 0, 0.0)]
    told = {"device": "a", "presence": 0, "time": None, "sequence": None, "battery": None}
    assert read(told) == [Reading("a", "presence", RECEIVED, 0, 0.0)]


def test_the_same_hour_twice_in_october_is_told_apart_and_a_local_time_is_refused() -> None:
    first, second = "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"
    found = read([TOLD | {"time": first}, TOLD | {"time": second}])
    assert found[1].at - found[0].at == 3_600_000
    assert read(TOLD | {"time": "2026-10-25T02:30:00"}) == [("no_time", "time")]


def test_several_properties_of_a_device_share_its_time_and_its_battery() -> None:
    told = {
        "device": "a",
        "time": NOON,
        "battery": 93,
        "values": {"temperature": 12.5, "presence": 1},
    }
    assert read(told) == [
        Reading("a", "temperature", NOON, 0, 12.5, 93.0),
        Reading("a", "presence", NOON, 0, 1.0, 93.0),
    ]
    value = {"device": "a", "time": NOON, "property": "count", "value": 4}
    assert read(value) == [Reading("a", "count", NOON, 0, 4.0)]


def test_a_battery_alone_is_a_reading_and_an_impossible_one_says_nothing() -> None:
    assert read({"device": "a", "battery": 12}) == [
        Reading("a", "battery", RECEIVED, 0, 12.0, 12.0)
    ]
    assert read({"device": "a", "presence": 1, "battery": 255}) == [
        Reading("a", "presence", RECEIVED, 0, 1.0, None)
    ]
    assert read({"device": "a", "battery": 255}) == [("missing", "value")]


FAULTS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"device": None}, ("missing", "device")),
    ({"device": ""}, ("missing", "device")),
    ({"device": 12}, ("wrong_type", "device")),
    ({"device": "a b"}, ("wrong_type", "device")),
    ({"device": "x" * 65}, ("wrong_type", "device")),
    ({"device": "é"}, ("wrong_type", "device")),
    ({"time": "yesterday"}, ("wrong_type", "time")),
    ({"time": True}, ("wrong_type", "time")),
    ({"time": -1}, ("wrong_type", "time")),
    ({"time": "1969-12-31T00:00:00Z"}, ("wrong_type", "time")),
    ({"time": 10**30}, ("wrong_type", "time")),
    ({"time": 1e308}, ("wrong_type", "time")),
    ({"time": -1e308}, ("wrong_type", "time")),
    ({"time": "0001-01-01T00:00:00+23:59"}, ("wrong_type", "time")),
    ({"time": "9999-12-31T23:59:59-23:59"}, ("wrong_type", "time")),
    ({"time": "2026-02-30T00:00:00Z"}, ("wrong_type", "time")),
    ({"time": "2026-03-02"}, ("wrong_type", "time")),
    ({"sequence": -1}, ("wrong_type", "sequence")),
    ({"sequence": 1.5}, ("wrong_type", "sequence")),
    ({"sequence": True}, ("wrong_type", "sequence")),
    ({"sequence": 2**63}, ("wrong_type", "sequence")),
    ({"presence": "1"}, ("wrong_type", "presence")),
    ({"presence": None}, ("missing", "presence")),
    ({"presence": [1]}, ("wrong_type", "presence")),
    ({"presence": 10**400}, ("wrong_type", "presence")),
    ({"battery": "93"}, ("wrong_type", "battery")),
    ({"values": 3}, ("wrong_type", "values")),
]


@pytest.mark.parametrize(("change", "fault"), FAULTS)
def test_a_fault_is_said_in_its_place_and_the_others_are_kept(
    change: dict[str, Any], fault: tuple[str, str]
) -> None:
    reading = Reading("place-1", "presence", NOON, 12, 1.0)
    assert read(TOLD | change) == [fault]
    assert read([TOLD, TOLD | change, TOLD]) == [reading, (fault[0], f"1.{fault[1]}"), reading]


def test_one_bad_property_does_not_take_the_others_along() -> None:
    told = {"device": "a", "values": {"presence": 1, "Level !": 2, "level": "low", "count": 3}}
    assert read(told) == [
        Reading("a", "presence", RECEIVED, 0, 1.0),
        ("wrong_type", "values property"),
        ("wrong_type", "values"),
        Reading("a", "count", RECEIVED, 0, 3.0),
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", ("not_json", "")),
        (b"\xff\xfe", ("not_json", "")),
        (b'{"device":"a","presence":1', ("not_json", "")),
        (b'{"device":"a","presence":NaN}', ("not_json", "NaN")),
        (b'{"device":"a","presence":-Infinity}', ("not_json", "-Infinity")),
        (b'{"device":"a","presence":1e999}', ("wrong_type", "presence")),
        (b'{"device":"a","presence":1,"presence":0}', ("unknown_shape", "a key twice")),
        (b'{"device":"a","presence":1,"presen\\u0063e":0}', ("unknown_shape", "a key twice")),
        (b'{"device":"a","presence" : 1,"presence":0}', ("unknown_shape", "a key twice")),
        (
            b'[{"device":"a","presence":1},{"device":"b","device":"c"}]',
            ("unknown_shape", "a key twice"),
        ),
        (b'{"readings":[],"readings":[]}', ("unknown_shape", "a key twice")),
        (b'{"device":"\xff","presence":1}', ("not_json", "")),
        (b'"device"', ("unknown_shape", "")),
        (b'{"readings":{}}', ("unknown_shape", "readings")),
        (b"[" * 40 + b"]" * 40, ("too_large", "depth")),
        (b"[" * 100_000, ("not_json", "")),
        (b" " * (MOST_BYTES + 1), ("too_large", "body")),
        (b"[" + b"0," * MOST_READINGS + b"0]", ("too_large", "readings")),
        (b"9" * 5_000, ("not_json", "")),
    ],
)
def test_a_body_that_means_nothing_or_two_things_is_refused_whole(
    body: bytes, fault: tuple[str, str]
) -> None:
    assert read(body) == [fault]


def test_a_byte_order_mark_is_no_fault() -> None:
    body = b"\xef\xbb\xbf" + json.dumps(TOLD).encode()
    assert read(body) == [Reading("place-1", "presence", NOON, 12, 1.0)]


devices = st.text("abcXYZ019._:@-", min_size=1, max_size=12) | st.sampled_from(["é", "", " a", 3])
numbers = (
    st.floats(-1e6, 1e6) | st.integers(-3, 10**20) | st.booleans() | st.sampled_from(["1", None])
)
times = st.sampled_from([NOON, NOON // 1000, NOON / 1000, "2026-03-02T12:00:00+01:00", "2026", -5])
objects = st.fixed_dictionaries(
    {"device": devices},
    optional={
        "time": times
        | st.integers(0, 4 * 10**12)
        | st.floats(allow_nan=False, allow_infinity=False),
        "sequence": st.integers(-1, 2**64) | st.sampled_from([None, 1.0]),
        "presence": numbers,
        "value": numbers,
        "property": st.sampled_from(["presence", "count", "Count", 3]),
        "battery": numbers,
        "values": st.just({"count": 3}) | numbers,
        "other": numbers,
    },
)


@given(st.lists(objects, max_size=4) | objects)
def test_what_is_read_quickly_is_read_alike_with_patience(body: Any) -> None:
    content = json.dumps(body).encode()
    quick = plain_quick.read(content, RECEIVED)
    assert quick is None or quick == plain.read(content, RECEIVED)


def test_what_is_usual_is_read_quickly() -> None:
    usual = [TOLD, TOLD | {"battery": 93}, TOLD | {"time": NOON}]
    counted = [{"device": "a", "value": 1.5, "property": "count", "time": NOON}]
    for body in (TOLD, usual, counted, {"readings": usual}, {"device": "a", "presence": 0}):
        content = json.dumps(body).encode()
        assert plain_quick.read(content, RECEIVED) == plain.read(content, RECEIVED)
        assert plain_quick.read(content, RECEIVED) is not None


bodies = st.lists(
    objects.map(lambda told: json.dumps(told).encode())
    | objects.map(lambda told: json.dumps([told]).encode())
    | st.text('{}[]",: ad1', max_size=24).map(str.encode),
    min_size=4,
    max_size=8,
)


@given(bodies)
def test_bodies_read_together_are_read_as_each_alone(said: list[bytes]) -> None:
    together = decode_all("plain", said, received=RECEIVED, mapping={})
    alone = [one for body in said for one in plain.read(body, RECEIVED)]
    assert list(map(repr, together)) == list(map(repr, alone))


def test_no_body_is_completed_by_another() -> None:
    halves = [b'{"device": "a"', b'"presence": 1}', b'{"device": "a}', b'{", "presence": 1}']
    told = decode_all("plain", halves, received=RECEIVED, mapping={})
    assert len(told) == 4
    assert all(isinstance(one, Malformed) for one in told)


def test_what_is_usual_is_read_together() -> None:
    usual = [json.dumps(TOLD).encode()] * 3 + [json.dumps([TOLD | {"battery": 93}]).encode()]
    together = plain_quick.read_together(usual, RECEIVED)
    assert together == [one for body in usual for one in plain.read(body, RECEIVED)]
