"""Readings from a CSV file, to bring in or to replay what was measured elsewhere.

The first line names the columns: `device,time,property,value` and, if one likes, `sequence` and
`battery`; others are left aside. Commas or semicolons; a value may have a decimal comma. A time has
its offset (or is epoch seconds or milliseconds): here one without is refused, and none is missing.
"""

from __future__ import annotations

import csv
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from communs.core.sensing.engine.decoding.limits import MOST_BYTES, MOST_LINE, MOST_READINGS
from communs.core.sensing.engine.decoding.parts import (
    battery_of,
    code_of,
    instant_of,
    property_of,
    sequence_of,
    told_value_of,
)
from communs.core.sensing.engine.readings import Malformed, Reading

_COLUMNS = ("device", "time", "property", "value")
_NUMBER = re.compile(r"[+-]?\d{1,20}([.,]\d{1,20})?([eE][+-]?\d{1,3})?", re.ASCII)


def decode(body: bytes, *, received: int, mapping: Mapping[str, Any]) -> list[Reading | Malformed]:
    """Read a whole file of the size of a body; `rows` reads longer ones."""
    del received, mapping  # a file says when, under names of its own
    if len(body) > MOST_BYTES:
        return [Malformed("too_large", "body")]
    told: list[Reading | Malformed] = []
    for one in rows([body]):
        told.append(one)
        if len(told) > MOST_READINGS:
            return [Malformed("too_large", "readings")]
    return told


def rows(chunks: Iterable[bytes | str]) -> Iterator[Reading | Malformed]:
    """Read a file of any length, given in pieces, and hold one line at a time.

    What is wrong names its line, as an editor counts them, and its column.
    """
    lines = enumerate(_lines(chunks), start=1)
    columns: dict[str, int] | None = None
    delimiter = ","
    try:
        for number, line in lines:
            if not line.strip():
                continue
            if columns is None:
                delimiter = ";" if line.count(";") > line.count(",") else ","
                columns = _columns(line, delimiter)
            else:
                yield _row(line, delimiter, columns, f"line {number}: ")
    except Malformed as error:
        yield error.with_traceback(None)


def written(readings: Iterable[Reading]) -> Iterator[str]:
    """Write readings as the lines of a file that `rows` reads back unchanged."""
    yield "device,time,property,value,sequence,battery\n"
    for code, name, at, sequence, value, battery in readings:
        charge = "" if battery is None else repr(battery)
        yield f"{code},{at},{name},{value!r},{sequence},{charge}\n"


def _lines(chunks: Iterable[bytes | str]) -> Iterator[str]:
    """Cut pieces into lines; a line without end is given up, and so is what is not UTF-8."""
    decoder, rest, first, number = getincrementaldecoder("utf-8")(), "", True, 0
    for chunk in chunks:
        try:
            text = chunk if isinstance(chunk, str) else decoder.decode(chunk)
        except UnicodeDecodeError:
            raise Malformed("not_json", f"line {number + 1}: UTF-8") from None
        if first and text:
            text, first = text.removeprefix("\ufeff"), False
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            number += 1
            yield line.removesuffix("\r")
        if len(rest) > MOST_LINE:
            raise Malformed("too_large", f"line {number + 1}")
    if rest:
        yield rest.removesuffix("\r")


def _columns(line: str, delimiter: str) -> dict[str, int]:
    names = [cell.strip().lower() for cell in _cells(line, delimiter, "line 1: ")]
    columns = {name: index for index, name in enumerate(names)}
    for name in _COLUMNS:
        if name not in columns:
            raise Malformed("unknown_shape", f"line 1: {name}")
    return columns


def _cells(line: str, delimiter: str, where: str) -> list[str]:
    if len(line) > MOST_LINE:
        raise Malformed("too_large", where.rstrip(": "))
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise Malformed("unknown_shape", where.rstrip(": ")) from None


def _row(line: str, delimiter: str, columns: dict[str, int], where: str) -> Reading | Malformed:
    try:
        cells = _cells(line, delimiter, where)
        told = {
            name: cells[index].strip() if index < len(cells) else ""
            for name, index in columns.items()
        }
        return Reading(
            code_of(told["device"], f"{where}device"),
            property_of(told["property"], f"{where}property"),
            instant_of(_number(told["time"]), f"{where}time"),
            sequence_of(_number(told.get("sequence", "")), f"{where}sequence"),
            told_value_of(_number(told["value"]), f"{where}value"),
            battery_of(_number(told.get("battery", "")), f"{where}battery"),
        )
    except Malformed as error:
        return error.with_traceback(None)


def _number(text: str) -> Any:
    """Give the number that a cell writes, nothing for an empty one, else its text."""
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        return text
    return int(text) if text.isdecimal() else float(text.replace(",", "."))
