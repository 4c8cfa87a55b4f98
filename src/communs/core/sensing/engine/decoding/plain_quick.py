"""Our own JSON in which nothing is amiss, read in C: typed, then a column at a time.

Whatever may be amiss gives None and is read again, one object after another, by `plain`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import Annotated, Any, Final, NamedTuple

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType
from msgspec.json import Decoder

from communs.core.sensing.engine.decoding.limits import (
    LAST_INSTANT,
    LONGEST_CODE,
    LONGEST_PROPERTY,
    MOST_BYTES,
    MOST_READINGS,
    MOST_SEQUENCE,
    SECONDS_BELOW,
)
from communs.core.sensing.engine.decoding.parts import is_code, is_property
from communs.core.sensing.engine.readings import Malformed, Reading

_Moment = Annotated[datetime, Meta(tz=True)]
_Told = list[Reading | Malformed]


class _Object(Struct, gc=False):
    """An object that says one thing; one with `values` is not read here."""

    device: Annotated[str, Meta(min_length=1, max_length=LONGEST_CODE)]
    time: _Moment | int | float | UnsetType = UNSET
    sequence: Annotated[int, Meta(ge=0, le=MOST_SEQUENCE)] | UnsetType = UNSET
    presence: bool | float | UnsetType = UNSET
    value: bool | float | UnsetType = UNSET
    property: Annotated[str, Meta(max_length=LONGEST_PROPERTY)] | UnsetType = UNSET
    battery: float | UnsetType = UNSET


class _Envelope(Struct, gc=False):
    readings: list[_Object]


_one = Decoder(_Object).decode
_list = Decoder(list[_Object]).decode
_envelope = Decoder(_Envelope).decode
_TOGETHER: Final = 4  # bodies from which reading them as one is quicker
_FLAT: Final = re.compile(rb"\s*(\{[^{}]*\}|\[\s*\{[^{}]*\}\s*\])\s*").fullmatch
_FULL: Final = 100  # percent
_made: Final = partial(tuple.__new__, Reading)
_SAYING: Final = frozenset({"presence", "value", "property"})
_GETTERS: Final[dict[str, Callable[[list[_Object]], list[Any]]]] = {
    "time": lambda told: [one.time for one in told],
    "sequence": lambda told: [one.sequence for one in told],
    "presence": lambda told: [one.presence for one in told],
    "value": lambda told: [one.value for one in told],
    "property": lambda told: [one.property for one in told],
    "battery": lambda told: [one.battery for one in told],
}


def read(body: bytes, received: int) -> _Told | None:
    """Read a body in which nothing is amiss; give None when something may be."""
    if len(body) > MOST_BYTES or b"\\" in body:
        return None
    start = body[:1] if body[:1] > b" " else body.lstrip()[:1]
    try:
        if start == b"[":
            return _columns(_list(body), body, received, 0)
        return _single(_one(body), body, received)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return _enveloped(body, received) if b'"readings"' in body else None


def read_together(bodies: Sequence[bytes], received: int) -> _Told | None:
    """Read bodies of one flat object each as one list; give None when something may be amiss.

    A body has one opening and one closing brace, at its ends: no other body can complete it, since
    no code, property or time has a brace in it.
    """
    if len(bodies) < _TOGETHER or not all(map(_FLAT, bodies)):
        return None
    return read(b"[" + b",".join(body.strip(b"[] \r\n\t") for body in bodies) + b"]", received)


def _enveloped(body: bytes, received: int) -> _Told | None:
    try:
        return _columns(_envelope(body).readings, body, received, 2)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _single(one: _Object, body: bytes, received: int) -> _Told | None:
    """Give the one reading, unless a key is unknown or written twice."""
    value, name, quotes = _value(one)
    at, marks = _at(one.time, received)
    if value is None or at is None or not is_code(one.device):
        return None
    sequence, battery = one.sequence, one.battery
    if sequence is UNSET:
        sequence = 0
    else:
        quotes += 2
    charge = None
    if battery is not UNSET:
        quotes += 2
        charge = battery if 0 <= battery <= _FULL else None
    if body.count(b'"') != quotes + marks:
        return None
    return [_made((one.device, name, at, sequence, value, charge))]


def _value(one: _Object) -> tuple[float | None, str, int]:
    """Give the value, its property, and how many quotation marks both and the device take."""
    if one.presence is not UNSET:
        twice = one.value is not UNSET or one.property is not UNSET
        return (None if twice else float(one.presence)), "presence", 6
    if one.value is UNSET or one.property is UNSET or not is_property(one.property):
        return None, "", 0
    return float(one.value), one.property, 10


def _at(time: datetime | float | UnsetType, received: int) -> tuple[int | None, int]:
    """Give an instant, none when it is impossible, and how many quotation marks it takes."""
    if time is UNSET:
        return received, 0
    if isinstance(time, datetime):
        at, marks = int(time.timestamp() * 1000 + 0.5), 4
    elif time < 0:
        return None, 2
    else:
        at, marks = int((time * 1000 if time < SECONDS_BELOW else time) + 0.5), 2
    return (at if 0 <= at <= LAST_INSTANT else None), marks


class _Column(NamedTuple):
    """What all objects say under one key, and of which types that is."""

    cells: list[Any]
    types: set[type]

    @property
    def is_full(self) -> bool:
        """Tell whether every object says it."""
        return UnsetType not in self.types

    def count(self, kind: type) -> int:
        """Count the cells of a type."""
        if self.types == {kind}:
            return len(self.cells)
        return sum(map(isinstance, self.cells, repeat(kind))) if kind in self.types else 0


_Columns = dict[str, _Column]


def _columns(told: list[_Object], body: bytes, received: int, quotes: int) -> _Told | None:
    """Give the readings of a list, in columns; `quotes` are the marks outside its objects."""
    if not told:
        return [] if body.count(b'"') == quotes else None
    columns = _cells_of(told, body.count(b'"') - quotes)
    if columns is None or len(told) > MOST_READINGS:
        return None
    devices = [one.device for one in told]
    named, times = _named(columns), _times(columns.get("time"), received)
    if named is None or times is None or not all(map(is_code, devices)):
        return None
    names, values = named
    rows = zip(
        devices, names, times, _sequences(columns), map(float, values), _batteries(columns),
        strict=False,  # some are endless
    )  # fmt: skip
    return list(map(_made, rows))


def _cells_of(told: list[_Object], marks: int) -> _Columns | None:
    """Give the columns that so many quotation marks make; None if a key is unknown or twice there.

    Objects are mostly alike: the first says which columns are worth making.
    """
    for keys in ([key for key in _GETTERS if getattr(told[0], key) is not UNSET], _GETTERS):
        columns = {}
        for key in keys:
            cells = _GETTERS[key](told)
            columns[key] = _Column(cells, {type(cell) for cell in cells})
        if marks == _marks(len(told), columns):
            return columns
    return None


def _marks(count: int, columns: _Columns) -> int:
    """Count the quotation marks of so many objects whose keys are all known and written once."""
    marks = 4 * count
    for key, column in columns.items():
        said = count - column.count(UnsetType)
        marks += 4 * said if key == "property" else 2 * said
        marks += 2 * column.count(datetime)
    return marks


def _named(columns: _Columns) -> tuple[Iterable[str], list[float]] | None:
    """Give names and values, when all objects say `presence`, or all `value` and `property`."""
    said = {
        key: column
        for key, column in columns.items()
        if key in _SAYING and column.types != {UnsetType}
    }
    if not all(column.is_full for column in said.values()):
        return None
    if said.keys() == {"presence"}:
        return repeat("presence"), said["presence"].cells
    if said.keys() != {"value", "property"}:
        return None
    names = said["property"].cells
    return (names, said["value"].cells) if all(map(is_property, set(names))) else None


def _times(column: _Column | None, received: int) -> Iterable[int] | None:
    if column is None:
        return repeat(received)
    if column.types == {datetime}:
        ats = [int(seconds * 1000 + 0.5) for seconds in map(datetime.timestamp, column.cells)]
        return ats if min(ats) >= 0 and max(ats) <= LAST_INSTANT else None
    if column.types == {int}:
        ats = [time * 1000 if time < SECONDS_BELOW else time for time in column.cells]
        return ats if min(ats) >= 0 and max(ats) <= LAST_INSTANT else None
    each = [at for at, _ in (_at(time, received) for time in column.cells) if at is not None]
    return each if len(each) == len(column.cells) else None


def _sequences(columns: _Columns) -> Iterable[int]:
    column = columns.get("sequence")
    if column is None:
        return repeat(0)
    return column.cells if column.is_full else [0 if one is UNSET else one for one in column.cells]


def _batteries(columns: _Columns) -> Iterable[float | None]:
    column = columns.get("battery")
    if column is None:
        return repeat(None)
    return [one if one is not UNSET and 0 <= one <= _FULL else None for one in column.cells]
