"""Reads earlier figures from a CSV file (date;value;n); a fault is told with line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

N_: Callable[[str], str] = str  # marks a sentence; it is translated where it is shown

NO_HEADER = N_("The first line names the columns: date;value, and n if people are counted.")
CELLS = N_("There are more or fewer cells than columns.")
BAD_DATE = N_("This is not a date: write 27/11/2018 or 2018-11-27.")
BAD_VALUE = N_("This is not a number: write 1234,5, or leave it empty if it is unknown.")
BAD_COUNT = N_("This is not a whole number from 0 up.")
TWICE = N_("This day is there twice.")
LATER = N_("This day is not over yet.")
NEEDED = N_("This is needed: the share is of how many?")
TOO_MANY = N_("There are too many lines.")

MOST_LINES = 40_000  # more than a hundred years of days
MOST_FAULTS = 50
_LARGEST = Decimal(10) ** 17
_NAMES = {
    "date": "date", "jour": "date", "day": "date", "value": "value", "valeur": "value",
    "n": "n", "effectif": "n",
}  # fmt: skip
_SPACES = re.compile("[ \u00a0\u202f]")
_NUMBER = re.compile(r"-?\d+(\.\d{1,6})?")
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where; `sentence` is to be translated."""

    line: int
    column: str
    sentence: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A day's value; none is unknown."""

    day: date
    value: Decimal | None
    n: int | None = None


@dataclass(slots=True)
class Baseline:
    """What a file says: its figures in the order of days, or its faults."""

    figures: list[Figure] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Bad(Exception):
    def __init__(self, column: str, sentence: str, found: str = "") -> None:
        super().__init__(sentence)
        self.fault = (column, sentence, found[:40])


def read(text: str, *, until: date, needs_n: bool = False) -> Baseline:
    """Read a file's text; no day may come after `until`."""
    found = Baseline()
    rows = _rows(text)
    columns = [_NAMES.get(name.strip().lower(), "") for name in next(rows, (1, []))[1]]
    if not {"date", "value"} <= set(columns) or len(set(columns)) != len(columns):
        found.faults.append(Fault(1, "", NO_HEADER))
        return found
    seen: set[date] = set()
    for number, cells in rows:
        if len(found.faults) >= MOST_FAULTS or number > MOST_LINES:
            found.faults.append(Fault(number, "", TOO_MANY))
            break
        try:
            figure = _figure(cells, columns, needs_n)
            _check_day(figure.day, seen, until)
            found.figures.append(figure)
        except _Bad as bad:
            column, sentence, value = bad.fault
            found.faults.append(Fault(number, column, sentence, value))
    found.figures.sort(key=lambda figure: figure.day)
    return found


def number(text: str) -> Decimal | None:
    """Read a number in French or in English form; None if it is none.

    A comma is the decimal mark; with both marks, the last one is.
    """
    plain = _SPACES.sub("", text)
    if "," in plain and "." in plain:
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        return None
    value = Decimal(plain)
    return value if abs(value) < _LARGEST else None


def day(text: str) -> date | None:
    """Read 27/11/2018 or 2018-11-27; None if it is no day."""
    french = _FRENCH_DAY.fullmatch(text)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each line that is not empty, with its number."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    mark = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        yield reader.line_num + 1, []


def _figure(cells: list[str], columns: list[str], needs_n: bool) -> Figure:
    if len(cells) != len(columns):
        raise _Bad("", CELLS)
    told = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    on = day(told["date"])
    if on is None:
        raise _Bad("date", BAD_DATE, told["date"])
    value = number(told["value"]) if told["value"] else None
    if told["value"] and value is None:
        raise _Bad("value", BAD_VALUE, told["value"])
    return Figure(on, value, _count(told.get("n", ""), needed=needs_n and value is not None))


def _count(text: str, *, needed: bool) -> int | None:
    if not text:
        if needed:
            raise _Bad("n", NEEDED)
        return None
    count = number(text)
    if count is None or count < 0 or count != count.to_integral_value():
        raise _Bad("n", BAD_COUNT, text)
    return int(count)


def _check_day(on: date, seen: set[date], until: date) -> None:
    if on > until:
        raise _Bad("date", LATER, on.isoformat())
    if on in seen:
        raise _Bad("date", TWICE, on.isoformat())
    seen.add(on)
