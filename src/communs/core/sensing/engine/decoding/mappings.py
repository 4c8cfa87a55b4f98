"""Where a source's messages say each property: what an agent sets, in JSON.

`properties` gives the place of each: `{"presence": "occupied", "battery": "state.level"}`, dots for
what is inside; or `{"presence": {"path": "vacant", "inverted": true}}`, where a property may have

- `inverted`: 1 means 0, and 0 means 1;
- `absent_is`: the value when the place is left out, as protocols do with what is 0 or false;
- `empty` and `full`: the measures that are 0 % and 100 % (volts of a battery, distance in a bin).

`bytes` does so for messages that nothing has decoded: `{"presence": {"index": 0, "mask": 1}}` with
a `length` of up to 4 bytes, the highest first. `inverted` and `absent_is` beside `properties` are
those of presence. `ports` are the LoRaWAN ports that carry measures; without it, all do: with
`absent_is`, name them, or a device that speaks of its settings is taken to speak of a free space.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from communs.core.sensing.engine.decoding.bodies import at_path
from communs.core.sensing.engine.decoding.parts import (
    battery_of,
    property_of,
    told_value_of,
    value_of,
)
from communs.core.sensing.engine.properties import RANGES
from communs.core.sensing.engine.readings import Malformed, Reading

_MOST_BYTES = 4
_LONGEST_PATH = 120
_PERCENT = 100.0
_OWN_NAMES: Mapping[str, str] = {name: name for name in RANGES}

Said = tuple[str, float] | Malformed


class Rule(NamedTuple):
    """Where a property is said, and how."""

    property: str
    path: str = ""
    first: int = 0
    length: int = 1
    mask: int = 0
    inverted: bool = False
    absent_is: float | None = None
    empty: float | None = None
    full: float | None = None

    def value(self, given: Any, field: str) -> float:
        """Give the value that is meant by what is written."""
        value = told_value_of(given, field)
        if self.inverted and value in (0.0, 1.0):
            value = 1.0 - value
        if self.empty is None or self.full is None:
            return value
        share = (value - self.empty) / (self.full - self.empty)
        return min(max(share, 0.0), 1.0) * _PERCENT


def rules_of(mapping: Mapping[str, Any], default: Mapping[str, str] = _OWN_NAMES) -> list[Rule]:
    """Give where each property is said; without `properties`, under its `default` name."""
    found = mapping.get("properties", default) if isinstance(mapping, Mapping) else None
    if not isinstance(found, Mapping):
        raise Malformed("unknown_shape", "mapping.properties")
    beside = {key: mapping[key] for key in ("inverted", "absent_is") if key in mapping}
    return [_rule(name, given, beside) for name, given in found.items()]


def _rule(name: Any, given: Any, beside: dict[str, Any]) -> Rule:
    options = {"path": given} if isinstance(given, str) else given
    if not isinstance(options, Mapping) or not isinstance(options.get("path", ""), str):
        raise Malformed("unknown_shape", "mapping.properties")
    options = {**(beside if name == "presence" else {}), **options}
    rule = Rule(property_of(name, "mapping.properties"), options.get("path", name)[:_LONGEST_PATH])
    return _scaled(rule, options)


def _scaled(rule: Rule, options: Mapping[str, Any]) -> Rule:
    absent_is, empty, full = (
        None if options.get(key) is None else value_of(options[key], f"mapping.{key}")
        for key in ("absent_is", "empty", "full")
    )
    if empty is not None and empty == full:
        raise Malformed("unknown_shape", "mapping.full")
    return Rule(*rule[:5], options.get("inverted") is True, absent_is, empty, full)


def byte_rules_of(mapping: Mapping[str, Any]) -> list[Rule]:
    """Give which bytes of an undecoded message say each property."""
    found = mapping.get("bytes", {})
    if not isinstance(found, Mapping):
        raise Malformed("unknown_shape", "mapping.bytes")
    return [_byte_rule(name, given) for name, given in found.items()]


def _byte_rule(name: Any, given: Any) -> Rule:
    if not isinstance(given, Mapping):
        raise Malformed("unknown_shape", "mapping.bytes")
    length = given.get("length", 1)
    numbers = (given.get("index", 0), length, given.get("mask", 0))
    if not all(type(one) is int and one >= 0 for one in numbers) or not 0 < length <= _MOST_BYTES:
        raise Malformed("unknown_shape", "mapping.bytes")
    rule = Rule(property_of(name, "mapping.bytes"), "", *numbers)
    return _scaled(rule, given)


def said_in(found: Mapping[str, Any], rules: Sequence[Rule], where: str) -> list[Said]:
    """Give what a decoded message says of each property; one that it leaves out is not there."""
    said = []
    for rule in rules:
        given = at_path(found, rule.path)
        given = rule.absent_is if given is None else given
        if given is not None:
            said.append(_attempt(rule, given, f"{where}.{rule.path}"))
    return said or [Malformed("missing", f"{where}.{rules[0].path}" if rules else where)]


def said_in_bytes(data: Any, rules: Sequence[Rule], where: str) -> list[Said]:
    """Give what the bytes of a message, in base 64, say of each property."""
    if not isinstance(data, str):
        raise Malformed("wrong_type", where)
    try:
        content = b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("wrong_type", where) from None
    if not rules:
        raise Malformed("missing", "mapping.bytes")
    return [_attempt(rule, _number(content, rule), f"{where}.{rule.first}") for rule in rules]


def _number(content: bytes, rule: Rule) -> int | None:
    part = content[rule.first : rule.first + rule.length]
    if len(part) < rule.length:
        return None
    number = int.from_bytes(part, "big")
    if not rule.mask:
        return number
    return (number & rule.mask) // (rule.mask & -rule.mask)


def _attempt(rule: Rule, given: Any, field: str) -> Said:
    try:
        return rule.property, rule.value(given, field)
    except Malformed as error:
        return error.with_traceback(None)


def on_port(mapping: Mapping[str, Any], port: Any) -> bool:
    """Tell whether a message of a LoRaWAN port carries measures."""
    ports = mapping.get("ports") if isinstance(mapping, Mapping) else None
    return not isinstance(ports, list) or port in ports


def readings_of(
    code: str, at: int, sequence: int, said: Sequence[Said], battery: float | None = None
) -> list[Reading | Malformed]:
    """Give the readings of what one message said; its battery goes along with each.

    A message that tells its battery and nothing else is a reading of the battery.
    """
    told = [one for one in said if not isinstance(one, Malformed)]
    charges = [value for name, value in told if name == "battery"]
    charge = battery_of(charges[0], "battery") if charges else battery
    others = [one for one in said if isinstance(one, Malformed) or one[0] != "battery"]
    if not others and charge is not None:
        return [Reading(code, "battery", at, sequence, charge, charge)]
    return [
        one if isinstance(one, Malformed) else Reading(code, one[0], at, sequence, one[1], charge)
        for one in others
    ]
