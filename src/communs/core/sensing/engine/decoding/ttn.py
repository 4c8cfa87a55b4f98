"""Messages of The Things Stack 3, by its webhook or by MQTT.

It leaves out what is 0, false or empty. Only uplinks say something; a simulated one, which its
console sends for a trial, is refused and so counted, but is no measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communs.core.sensing.engine.decoding.bodies import at_path, parse
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

_TIMES = ("uplink_message.settings.time", "uplink_message.received_at", "received_at")
_BATTERY = "uplink_message.last_battery_percentage.value"


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read one message."""
    try:
        message = parse(body)
        if not isinstance(message, dict) or not isinstance(message.get("end_device_ids"), dict):
            raise Malformed("unknown_shape", "end_device_ids")  # noqa: TRY301 -- refused as below
        return _readings(message, received, mapping)
    except Malformed as error:
        return [error.with_traceback(None)]


def _readings(
    message: dict[str, Any], received: int, mapping: Mapping[str, Any]
) -> list[Reading | Malformed]:
    uplink = message.get("uplink_message")
    if uplink is None:
        return []
    if not isinstance(uplink, dict):
        raise Malformed("wrong_type", "uplink_message")
    if message.get("simulated"):
        raise Malformed("unknown_shape", "simulated")
    sequence = sequence_of(uplink.get("f_cnt"), "uplink_message.f_cnt")
    battery = battery_of(at_path(message, _BATTERY), _BATTERY)
    said = _said(uplink, mapping)
    if not said:
        return []
    return readings_of(
        _code(message["end_device_ids"]), _at(message, received), sequence, said, battery
    )


def _code(ids: dict[str, Any]) -> str:
    """Give a device's DevEUI, or the name it has there when it has none."""
    eui = ids.get("dev_eui")
    if eui:
        return code_of(eui, "end_device_ids.dev_eui").lower()
    return code_of(ids.get("device_id"), "end_device_ids.device_id")


def _at(message: dict[str, Any], received: int) -> int:
    for path in _TIMES:
        given = at_path(message, path)
        if given is not None:
            return instant_of(given, path)
    return received


def _said(uplink: dict[str, Any], mapping: Mapping[str, Any]) -> list[Said]:
    if not on_port(mapping, uplink.get("f_port", 0)):
        return []
    rules = rules_of(mapping)
    decoded = uplink.get("decoded_payload")
    if isinstance(decoded, dict):
        return said_in(decoded, rules, "decoded_payload")
    if "frm_payload" not in uplink:
        return []
    return said_in_bytes(uplink["frm_payload"], byte_rules_of(mapping), "frm_payload")
