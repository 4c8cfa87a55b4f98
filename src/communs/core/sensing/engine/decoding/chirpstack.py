"""Events of ChirpStack 4, by its HTTP integration or by MQTT (JSON).

Protobuf's JSON leaves out what is 0 or false: no `fCnt` is 0. An uplink and a device's status
(battery) say something; that a device joined, acknowledged or was logged is no reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from communs.core.sensing.engine.decoding.bodies import parse
from communs.core.sensing.engine.decoding.mappings import (
    Said,
    byte_rules_of,
    on_port,
    readings_of,
    rules_of,
    said_in,
    said_in_bytes,
)
from communs.core.sensing.engine.decoding.parts import (
    battery_of,
    code_of,
    instant_of,
    sequence_of,
)
from communs.core.sensing.engine.readings import Malformed, Reading

_UPLINK = ("rxInfo", "object", "data", "fPort", "dr")
_STATUS = ("batteryLevel", "batteryLevelUnavailable", "externalPowerSource", "margin")


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read one event."""
    try:
        event = parse(body)
        if not isinstance(event, dict) or not isinstance(event.get("deviceInfo"), dict):
            raise Malformed("unknown_shape", "deviceInfo")  # noqa: TRY301 -- refused as below
        return _readings(event, received, mapping)
    except Malformed as error:
        return [error.with_traceback(None)]


def _readings(
    event: dict[str, Any], received: int, mapping: Mapping[str, Any]
) -> list[Reading | Malformed]:
    if any(key in event for key in _STATUS):
        battery = battery_of(event.get("batteryLevel"), "batteryLevel")
        said: list[Said] = []
    elif "integrationName" not in event and any(key in event for key in _UPLINK):
        battery, said = None, _said(event, mapping)
    else:
        return []
    code = code_of(event["deviceInfo"].get("devEui"), "deviceInfo.devEui").lower()
    sequence = sequence_of(event.get("fCnt"), "fCnt")
    return readings_of(code, _at(event, received), sequence, said, battery)


def _said(event: dict[str, Any], mapping: Mapping[str, Any]) -> list[Said]:
    if not on_port(mapping, event.get("fPort", 0)):
        return []
    rules = rules_of(mapping)
    if isinstance(event.get("object"), dict):
        return said_in(event["object"], rules, "object")
    return said_in_bytes(event["data"], byte_rules_of(mapping), "data") if "data" in event else []


def _at(event: dict[str, Any], received: int) -> int:
    for given, field in _times(event):
        if given is not None:
            return instant_of(given, field)
    return received


def _times(event: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Give the times of an event, the surest first: the network's, then those of its gateways."""
    yield event.get("time"), "time"
    gateways = event.get("rxInfo")
    for gateway in gateways if isinstance(gateways, list) else []:
        if isinstance(gateway, dict):
            yield gateway.get("gwTime"), "rxInfo.gwTime"
            yield gateway.get("nsTime"), "rxInfo.nsTime"
