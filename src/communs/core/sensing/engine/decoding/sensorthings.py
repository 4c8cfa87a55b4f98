"""Observations of SensorThings 1.1, one by one or as the arrays of `CreateObservations`.

A device is a Datastream, named by its `@iot.id`; `mapping["datastreams"]` says of which property
(`{"12": "temperature"}`), `mapping["property"]` that of all others: presence, without it.
An observation over an interval is of its end, when it was known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from communs.core.sensing.engine.decoding.bodies import many, parse
from communs.core.sensing.engine.decoding.limits import MOST_READINGS, MOST_SEQUENCE
from communs.core.sensing.engine.decoding.parts import (
    code_of,
    instant_of,
    property_of,
    told_value_of,
)
from communs.core.sensing.engine.readings import Malformed, Reading

_LINK = re.compile(r"Datastreams\('?([^()']+)'?\)$")
_TIMES = ("phenomenonTime", "resultTime")


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read an observation, a list of them (or `{"value": […]}`), or arrays of observations."""
    try:
        found = parse(body)
        if isinstance(found, dict) and "value" in found and "result" not in found:
            found = found["value"]
        items = many(found, "body") if isinstance(found, list) else [found]
    except Malformed as error:
        return [error.with_traceback(None)]
    told: list[Reading | Malformed] = []
    for index, item in enumerate(items):
        where = f"{index}." if isinstance(found, list) else ""
        for one, field in _observations(item, where):
            told.append(
                one if isinstance(one, Malformed) else _reading(one, field, received, mapping)
            )
            if len(told) > MOST_READINGS:
                return [Malformed("too_large", "dataArray")]
    return told


Row = dict[str, Any] | Malformed


def _observations(item: Any, where: str) -> Iterator[tuple[Row, str]]:
    """Give each observation as an object, whichever way it was written."""
    if not isinstance(item, dict):
        yield Malformed("unknown_shape", where.rstrip(".")), where
    elif "dataArray" not in item:
        yield item, where
    else:
        yield from _rows(item, where)


def _rows(item: dict[str, Any], where: str) -> Iterator[tuple[Row, str]]:
    names, rows = item.get("components"), item["dataArray"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        yield Malformed("wrong_type", f"{where}components"), where
        return
    if not isinstance(rows, list):
        yield Malformed("wrong_type", f"{where}dataArray"), where
        return
    for index, row in enumerate(rows):
        place = f"{where}dataArray.{index}."
        if isinstance(row, list) and len(row) == len(names):
            told = dict(zip(names, row, strict=True))
            yield {**told, "Datastream": item.get("Datastream")}, place
        else:
            yield Malformed("unknown_shape", place.rstrip(".")), place


def _reading(
    one: dict[str, Any], where: str, received: int, mapping: Mapping[str, Any]
) -> Reading | Malformed:
    try:
        code = _code(one, where)
        name = _property(code, mapping)
        value = told_value_of(one.get("result"), f"{where}result")
        return Reading(code, name, _at(one, where, received), _sequence(one), value)
    except Malformed as error:
        return error.with_traceback(None)


def _code(one: dict[str, Any], where: str) -> str:
    stream, link = one.get("Datastream"), one.get("Datastream@iot.navigationLink")
    given = stream.get("@iot.id") if isinstance(stream, dict) else None
    if given is None and isinstance(link, str):
        found = _LINK.search(link)
        given = found[1] if found else None
    if type(given) is int and 0 <= given <= MOST_SEQUENCE:
        given = str(given)
    return code_of(given, f"{where}Datastream")


def _property(code: str, mapping: Mapping[str, Any]) -> str:
    if not isinstance(mapping, Mapping):
        raise Malformed("unknown_shape", "mapping")
    streams = mapping.get("datastreams")
    own = streams.get(code) if isinstance(streams, Mapping) else None
    return property_of(own or mapping.get("property", "presence"), "mapping.property")


def _at(one: dict[str, Any], where: str, received: int) -> int:
    for key in _TIMES:
        given = one.get(key)
        if given is not None:
            end = given.rpartition("/")[2] if isinstance(given, str) else given
            return instant_of(end, f"{where}{key}")
    return received


def _sequence(one: dict[str, Any]) -> int:
    """Give the observation's own number, when it has one, to tell two of one instant apart."""
    given = one.get("@iot.id")
    return given if type(given) is int and 0 <= given <= MOST_SEQUENCE else 0
