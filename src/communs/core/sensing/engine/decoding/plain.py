"""Our own JSON, which whoever has a sensor and no platform can write.

One object, a list of them, or `{"readings": […]}`. An object has a `device` and what it says:
`presence`, or `value` and `property`, or `values` (several properties). It may have a `time` (with
its offset, or epoch seconds or milliseconds: a local time without offset is refused), without which
it is of the moment it was received; a `sequence` (the device's counter) and a `battery` (percent).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from communs.core.sensing.engine.decoding import plain_quick
from communs.core.sensing.engine.decoding.bodies import many, parse
from communs.core.sensing.engine.decoding.limits import MOST_READINGS
from communs.core.sensing.engine.decoding.parts import (
    battery_of,
    code_of,
    instant_of,
    property_of,
    sequence_of,
    value_of,
)
from communs.core.sensing.engine.readings import Malformed, Reading


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read our own JSON; a body in which nothing is amiss is read several times faster."""
    del mapping  # our own names need no other
    quick = plain_quick.read(body, received)
    return read(body, received) if quick is None else quick


def read(body: bytes, received: int) -> list[Reading | Malformed]:
    """Read a body one object after another, and say of each what is amiss."""
    try:
        found = parse(body)
        if not isinstance(found, list) and not (isinstance(found, dict) and "readings" in found):
            return _all_of(found, "", received)
        items = many(found if isinstance(found, list) else found["readings"], "readings")
    except Malformed as error:
        return [error.with_traceback(None)]
    told: list[Reading | Malformed] = []
    for index, item in enumerate(items):
        told += _all_of(item, f"{index}.", received)
        if len(told) > MOST_READINGS:
            return [Malformed("too_large", "readings")]
    return told


def _all_of(item: Any, prefix: str, received: int) -> list[Reading | Malformed]:
    """Give what one object says of each of its properties."""
    if not isinstance(item, dict):
        return [Malformed("unknown_shape", prefix.rstrip("."))]
    try:
        time = item.get("time")
        code = code_of(item.get("device"), f"{prefix}device")
        at = received if time is None else instant_of(time, f"{prefix}time")
        sequence = sequence_of(item.get("sequence"), f"{prefix}sequence")
        battery = battery_of(item.get("battery"), f"{prefix}battery")
        said = _said(item, prefix)
    except Malformed as error:
        return [error.with_traceback(None)]
    if not said and battery is not None:
        return [Reading(code, "battery", at, sequence, battery, battery)]
    if not said:
        return [Malformed("missing", f"{prefix}value")]
    return [
        one if isinstance(one, Malformed) else Reading(code, one[0], at, sequence, one[1], battery)
        for one in said
    ]


def _said(item: dict[str, Any], prefix: str) -> list[tuple[str, float] | Malformed]:
    """Give each property that an object speaks of, with its value or why it has none."""
    values = item.get("values")
    if values is not None and not isinstance(values, dict):
        raise Malformed("wrong_type", f"{prefix}values")
    pairs = [(name, given, f"{prefix}values") for name, given in (values or {}).items()]
    if "presence" in item:
        pairs.append(("presence", item["presence"], f"{prefix}presence"))
    if "value" in item:
        pairs.append((item.get("property"), item["value"], f"{prefix}value"))
    return [_one_of(*pair) for pair in pairs]


def _one_of(name: Any, given: Any, field: str) -> tuple[str, float] | Malformed:
    try:
        return property_of(name, f"{field} property"), value_of(given, field)
    except Malformed as error:
        return error.with_traceback(None)
