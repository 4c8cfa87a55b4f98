"""Notifications of NGSI-LD, of entities written in full, concisely or as plain values.

A spot's `status` is its presence; `closed` and `unknown` are no presence, and no fault. A car park
tells `availableSpotNumber` and `occupancy`, which goes from 0 to 1 there and to 100 % here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from communs.core.sensing.engine.decoding.bodies import at_path, many, parse
from communs.core.sensing.engine.decoding.limits import MOST_READINGS
from communs.core.sensing.engine.decoding.mappings import Rule, rules_of
from communs.core.sensing.engine.decoding.parts import code_of, instant_of
from communs.core.sensing.engine.readings import Malformed, Reading

_NAMES = {"presence": "status", "free": "availableSpotNumber", "occupancy": "occupancy"}
_SILENT = ("unknown", "closed")
_PERCENT = 100


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read one notification; `mapping["prefix"]` is what to leave out of long identifiers."""
    try:
        rules = rules_of(mapping, _NAMES)
        found = parse(body)
        if not isinstance(found, dict) or found.get("type") != "Notification":
            raise Malformed("unknown_shape", "type")  # noqa: TRY301 -- refused as below
        entities = many(found.get("data"), "data")
    except Malformed as error:
        return [error.with_traceback(None)]
    prefix = mapping.get("prefix", "")
    told: list[Reading | Malformed] = []
    for index, entity in enumerate(entities):
        told += _entity(entity, rules, f"data.{index}", prefix, received)
        if len(told) > MOST_READINGS:
            return [Malformed("too_large", "data")]
    return told


def _entity(
    entity: Any, rules: list[Rule], where: str, prefix: Any, received: int
) -> Iterator[Reading | Malformed]:
    if not isinstance(entity, dict):
        yield Malformed("unknown_shape", where)
        return
    try:
        given = entity.get("id")
        if isinstance(given, str) and isinstance(prefix, str):
            given = given.removeprefix(prefix)
        code = code_of(given, f"{where}.id")
    except Malformed as error:
        yield error.with_traceback(None)
        return
    for rule in rules:
        yield from _attribute(entity, rule, code, f"{where}.{rule.path}", received)


def _attribute(
    entity: dict[str, Any], rule: Rule, code: str, field: str, received: int
) -> Iterator[Reading | Malformed]:
    """Give the reading of one attribute, or none when it says that it does not know."""
    attribute = at_path(entity, rule.path)
    if isinstance(attribute, list) and attribute and isinstance(attribute[0], dict):
        attribute = attribute[0]  # of several instances, the one without a dataset comes first
    whole = attribute if isinstance(attribute, dict) else {"value": attribute}
    value = whole.get("value")
    if value is None or (rule.property == "presence" and _is_no_presence(value)):
        return
    try:
        number = rule.value(value, field)
        if rule.property == "occupancy" and rule.path == _NAMES["occupancy"]:
            number *= _PERCENT
        yield Reading(code, rule.property, _at(entity, whole, field, received), 0, number)
    except Malformed as error:
        yield error.with_traceback(None)


def _is_no_presence(status: Any) -> bool:
    """Tell a spot that is closed or unknown, and a car park, whose status is a list of words."""
    return isinstance(status, list) or status in _SILENT


def _at(entity: dict[str, Any], attribute: dict[str, Any], field: str, received: int) -> int:
    for given, path in (
        (attribute.get("observedAt"), f"{field}.observedAt"),
        (_bare(entity.get("observedAt")), "observedAt"),
        (_bare(entity.get("observationDateTime")), "observationDateTime"),
        (attribute.get("modifiedAt"), f"{field}.modifiedAt"),
    ):
        if given is not None:
            return instant_of(given, path)
    return received


def _bare(given: Any) -> Any:
    """Give a date as text, from however many wrappings a Property has."""
    while isinstance(given, dict):
        given = given.get("value", given.get("@value"))
    return given
