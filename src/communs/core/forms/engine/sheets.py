"""Answers while they are being written: what was typed is kept, by whoever typed it.

A sheet has the answers that are values, and what was typed and is none. Each change of it is one
revision; its trace remembers what a path held before, so that two people who opened the same page
both keep what they changed, and only who changed the same answer is asked to choose.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from communs.core.forms.engine.checking import Communes
from communs.core.forms.engine.definition import Definition, Section
from communs.core.forms.engine.kinds import Around, Fault, Given, kind_of
from communs.core.forms.engine.walking import (
    Place,
    Shown,
    around,
    places,
    row_of,
    rows_of,
    value_at,
)

State = Mapping[str, Any]
"""What a path holds: {"v": value}, {"t": parts typed that are no value}, or {} for nothing."""

NOTHING: State = {}
_TRACE = 30  # changes remembered a path
_ROW_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """Answers at a revision."""

    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    trace: dict[str, list[list[Any]]] = field(default_factory=dict)
    revision: int = 0

    def at(self, path: str) -> State:
        """Give what a path holds now."""
        if path in self.typed:
            return {"t": self.typed[path]}
        value = value_at(self.values, path)
        return NOTHING if value is None else {"v": value}

    def before(self, path: str, revision: int) -> State | None:
        """Give what a path held at a revision; None when that is no longer known."""
        changes = self.trace.get(path, [])
        since = [one for one in changes if one[0] > revision]
        if not since:
            return self.at(path)
        forgotten = len(changes) >= _TRACE and len(since) == len(changes)
        return None if forgotten else dict(since[0][1])


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people changed one answer: what stands, and what the second wanted."""

    path: str
    theirs: State
    mine: State


@dataclass(frozen=True, slots=True)
class Taken:
    """A sheet once a page was posted; `faults` says what was typed and is no value."""

    sheet: Sheet
    faults: Mapping[str, Fault]
    conflicts: tuple[Conflict, ...]
    changed: tuple[str, ...]
    agreed: tuple[str, ...]  # where the sheet now holds what the page shows


def begun(definition: Definition, values: Mapping[str, Any] | None = None) -> Sheet:
    """Give a first sheet, with the rows that must be there."""
    found = copy.deepcopy(dict(values or {}))
    for section in _repeated(definition):
        rows = found.setdefault(section.key, [])
        while section.repeat and len(rows) < section.repeat.min:
            rows.append({"id": f"r{len(rows) + 1}"})
    return Sheet(values={key: value for key, value in found.items() if value != []})


def take(
    definition: Definition,
    sheet: Sheet,
    page: str,
    posted: Mapping[str, Given],
    *,
    opened: int,
    since: Mapping[str, int] | None = None,
    given: Mapping[str, Any] | None = None,
    communes: Communes | None = None,
) -> Taken:
    """Put what a page posts into a sheet that may have moved on since revision `opened`.

    `since` gives a later revision for the paths that the page has seen anew. `given` has what
    comes otherwise than typed, files: by path a value, a Fault or None.
    """
    draft = _Draft(sheet, communes or {})
    asked = {*(given or {}), *posted}
    for place in _asked(definition, sheet, page, asked):
        if not kind_of(place.field).typed and place.path not in (given or {}):
            continue
        was = sheet.before(place.path, (since or {}).get(place.path, opened))
        new = draft.read(place, posted.get(place.path), (given or {}).get(place.path, _UNSAID))
        now = sheet.at(place.path)
        if new == now:
            draft.agreed.append(place.path)
        if new in (now, was):
            continue
        if was == now:
            draft.put(place, new)
        else:
            draft.conflicts.append(Conflict(place.path, now, new))
    return draft.done()


_UNSAID: Any = object()


class _Draft:
    """A sheet being changed."""

    def __init__(self, sheet: Sheet, communes: Communes) -> None:
        self.sheet = replace(sheet, values=copy.deepcopy(sheet.values), typed=dict(sheet.typed))
        self.trace = {path: list(changes) for path, changes in sheet.trace.items()}
        self.communes = communes
        self.faults: dict[str, Fault] = {}
        self.conflicts: list[Conflict] = []
        self.changed: list[str] = []
        self.agreed: list[str] = []

    def read(self, place: Place, typed: Given | None, other: Any) -> State:
        """Give what a place would hold; a fault is noted, and what was typed stays."""
        if other is not _UNSAID:
            if isinstance(other, Fault):
                self.faults[place.path] = other
                return self.sheet.at(place.path)
            return NOTHING if other is None else {"v": other}
        parts = _parts(typed or {}, kind_of(place.field).parts)
        try:
            value = _parsed(place, parts, self.sheet.values, self.communes)
        except Fault as fault:
            self.faults[place.path] = fault
            return {"t": parts}
        return NOTHING if value is None else {"v": value}

    def put(self, place: Place, new: State) -> None:
        """Write what a place holds from now on."""
        path = place.path
        changes = self.trace.setdefault(path, [])
        changes.append([self.sheet.revision + 1, dict(self.sheet.at(path))])
        del changes[:-_TRACE]
        self.sheet.typed.pop(path, None)
        holder = self._holder(place)
        holder.pop(place.field.key, None)
        if "v" in new:
            holder[place.field.key] = new["v"]
        elif "t" in new:
            self.sheet.typed[path] = dict(new["t"])
        self.changed.append(path)

    def _holder(self, place: Place) -> dict[str, Any]:
        if place.row is None:
            return self.sheet.values
        found = row_of(self.sheet.values, place.section.key, place.row)
        if found is None:  # a colleague took the row away while something was written in it
            found = {"id": place.row}
            self.sheet.values.setdefault(place.section.key, []).append(found)
        return found

    def done(self) -> Taken:
        step = 1 if self.changed else 0
        sheet = replace(self.sheet, trace=self.trace, revision=self.sheet.revision + step)
        conflicted = {conflict.path for conflict in self.conflicts}
        faults = {path: one for path, one in self.faults.items() if path not in conflicted}
        agreed = (*self.agreed, *self.changed)
        return Taken(sheet, faults, tuple(self.conflicts), tuple(self.changed), agreed)


def add_row(definition: Definition, sheet: Sheet, key: str) -> Sheet:
    """Add an empty row to a section that repeats; raises Fault when it is full or unknown."""
    section = _section(definition, key)
    rows = rows_of(section, sheet.values)
    if section.repeat and len(rows) >= section.repeat.max:
        raise Fault("too_many_rows", most=section.repeat.max)
    values = copy.deepcopy(sheet.values)
    values.setdefault(key, []).append({"id": f"r{_latest(sheet, key) + 1}"})
    return replace(sheet, values=values, revision=sheet.revision + 1)


def remove_row(definition: Definition, sheet: Sheet, key: str, row: str) -> Sheet:
    """Take a row away; what it held stays in the trace."""
    section = _section(definition, key)
    if row not in rows_of(section, sheet.values):
        return sheet
    draft = _Draft(sheet, {})
    for place in places(definition, sheet.values):
        if place.section.key == key and place.row == row and sheet.at(place.path):
            draft.put(place, NOTHING)
    values = draft.sheet.values
    values[key] = [one for one in values[key] if str(one["id"]) != row]
    if not values[key]:
        del values[key]
    return replace(draft.sheet, trace=draft.trace, revision=sheet.revision + 1)


def faults_of(definition: Definition, sheet: Sheet, communes: Communes) -> dict[str, Fault]:
    """Tell again why what was typed is no value, for what is shown."""
    shown, found = Shown(definition, sheet.values), {}
    for place in places(definition, sheet.values):
        if place.path not in sheet.typed or not shown.field(place):
            continue
        try:
            _parsed(place, sheet.typed[place.path], sheet.values, communes)
        except Fault as fault:
            found[place.path] = fault
        else:
            found[place.path] = Fault("again")
    return found


def _parsed(place: Place, parts: Given, values: Mapping[str, Any], communes: Communes) -> Any:
    kind = kind_of(place.field)
    settings = kind.set(place.field.settings)
    return kind.parse(parts, settings, Around(around(values, place), communes))


def _asked(definition: Definition, sheet: Sheet, page: str, asked: Iterable[str]) -> list[Place]:
    """Give the places of a page among those asked, with the rows that a colleague took away."""
    wanted, values = set(asked), copy.deepcopy(sheet.values)
    for section in _repeated(definition):
        here = rows_of(section, values)
        gone = {
            path.split(".")[1]
            for path in wanted
            if path.count(".") == 2 and path.startswith(f"{section.key}.")  # noqa: PLR2004
        } - set(here)
        known = {path.split(".")[1] for path in sheet.trace if path.startswith(f"{section.key}.")}
        lost = sorted(row for row in gone & known if len(row) <= _ROW_LONGEST)
        if lost:
            values[section.key] = [*values.get(section.key, []), *({"id": row} for row in lost)]
    return [place for place in places(definition, values, page) if place.path in wanted]


def _parts(typed: Given, names: Iterable[str]) -> dict[str, list[str]]:
    return {name: [_writable(str(one)) for one in typed.get(name, ())] for name in names}


def _writable(text: str) -> str:
    """Give a text that every database keeps: as it was typed, but for what is no character."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _latest(sheet: Sheet, key: str) -> int:
    ids = [str(row["id"]) for row in sheet.values.get(key) or ()]
    ids += [path.split(".")[1] for path in sheet.trace if path.startswith(f"{key}.")]
    return max((int(one[1:]) for one in ids if one[1:].isdigit()), default=0)


def _section(definition: Definition, key: str) -> Section:
    found = next((one for one in _repeated(definition) if one.key == key), None)
    if found is None:
        raise Fault("unknown_field")
    return found


def _repeated(definition: Definition) -> list[Section]:
    return [s for page in definition.pages for s in page.sections if s.repeat]
