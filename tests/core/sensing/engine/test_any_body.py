"""Whatever arrives, and whatever an agent sets, the answer is a list."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.sensing.engine.decoding import decoder
from communs.core.sensing.engine.decoding.limits import CODE, LAST_INSTANT, MOST_SEQUENCE, PROPERTY
from communs.core.sensing.engine.readings import Malformed, Reading

PROTOCOLS = ("plain", "chirpstack", "ttn", "ngsi", "sensorthings", "csv_file")
REASONS = {"not_json", "too_large", "missing", "wrong_type", "no_time", "unknown_shape"}
WORDS = [
    "device", "time", "presence", "value", "values", "readings", "property", "battery", "sequence",
    "deviceInfo", "devEui", "object", "occupied", "data", "fPort", "fCnt", "rxInfo", "gwTime",
    "batteryLevel", "end_device_ids", "device_id", "dev_eui", "uplink_message", "decoded_payload",
    "frm_payload", "f_cnt", "settings", "received_at", "type", "Notification", "id", "status",
    "observedAt", "occupancy", "availableSpotNumber", "Datastream", "@iot.id", "result",
    "phenomenonTime", "dataArray", "components", "free", "2026-03-02T11:00:00Z", "AQ==", "a-1",
    "properties", "bytes", "index", "mask", "length", "path", "inverted", "absent_is", "empty",
    "full", "ports", "prefix", "datastreams",
]  # fmt: skip
words = st.sampled_from(WORDS) | st.text(max_size=4)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=6),
    max_leaves=25,
)
SEEDS: list[Any] = [
    {"device": "a", "time": "2026-03-02T11:00:00Z", "presence": True, "values": {"count": 3}},
    {"deviceInfo": {"devEui": "a1"}, "object": {"occupied": True}, "data": "AQ==", "fPort": 2},
    {"end_device_ids": {"dev_eui": "A1"}, "uplink_message": {"decoded_payload": {"occupied": 1}}},
    {"type": "Notification", "data": [{"id": "a", "status": {"value": "free"}, "occupancy": 1}]},
    [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1], [True]]}],
]


def check(found: Any) -> None:
    """Every reading may be kept, every refusal may be written down."""
    assert type(found) is list
    for one in found:
        if isinstance(one, Malformed):
            assert one.reason in REASONS
            assert one.field.encode().decode().isprintable()
            continue
        assert type(one) is Reading
        assert CODE.fullmatch(one.code)
        assert PROPERTY.fullmatch(one.property)
        assert type(one.at) is int
        assert 0 <= one.at <= LAST_INSTANT
        assert type(one.sequence) is int
        assert 0 <= one.sequence <= MOST_SEQUENCE
        assert type(one.value) is float
        assert isfinite(one.value)
        assert one.battery is None or 0 <= one.battery <= 100


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_list(protocol: str, body: bytes) -> None:
    check(decoder(protocol)(body, received=1, mapping={}))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(trees)
def test_any_json_gives_a_list(protocol: str, tree: Any) -> None:
    check(decoder(protocol)(json.dumps(tree).encode(), received=1, mapping={}))


@given(
    st.floats()
    | st.integers()
    | st.text("0123456789-+:.TZ ", max_size=30)
    | st.datetimes().map(str)
)
def test_any_time_gives_a_list(time: Any) -> None:
    told = {"device": "a", "presence": 1, "time": time}
    event = {"deviceInfo": {"devEui": "a"}, "object": {"presence": 1}, "time": time}
    uplink = {"decoded_payload": {"presence": 1}, "received_at": time}
    bodies = {
        "plain": told,
        "chirpstack": event,
        "ttn": {"end_device_ids": {"device_id": "a"}, "uplink_message": uplink},
        "sensorthings": {"Datastream": {"@iot.id": 1}, "result": 1, "phenomenonTime": time},
    }
    for protocol, body in bodies.items():
        found = decoder(protocol)(json.dumps(body).encode(), received=1, mapping={})
        check(found)
        assert len(found) == 1


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(st.sampled_from(SEEDS), st.data())
def test_a_good_body_with_one_thing_replaced_gives_a_list(
    protocol: str, seed: Any, data: st.DataObject
) -> None:
    text = json.dumps(seed)
    places = [n for n, letter in enumerate(text) if letter in ':,["{']
    place = data.draw(st.sampled_from(places)) + 1
    body = (
        text[:place] + json.dumps(data.draw(trees)) + text[place + data.draw(st.integers(0, 5)) :]
    )
    check(decoder(protocol)(body.encode(), received=1, mapping={}))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(st.sampled_from(SEEDS), trees)
def test_any_mapping_gives_a_list(protocol: str, seed: Any, mapping: Any) -> None:
    check(decoder(protocol)(json.dumps(seed).encode(), received=1, mapping=mapping))
    found = {"properties": mapping, "bytes": mapping, "ports": mapping, "datastreams": mapping}
    check(decoder(protocol)(json.dumps(seed).encode(), received=1, mapping=found))


@given(st.lists(words | st.text(',;"\n\r', max_size=4), max_size=40), st.sampled_from([",", ";"]))
def test_any_file_with_a_good_first_line_gives_a_list(cells: list[str], comma: str) -> None:
    text = f"device{comma}time{comma}property{comma}value\n{comma.join(cells)}"
    check(decoder("csv_file")(text.encode(errors="replace"), received=1, mapping={}))


def test_a_protocol_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        decoder("carrier-pigeon")
