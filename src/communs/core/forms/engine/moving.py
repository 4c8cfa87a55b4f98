"""Moving answers from one version of a form to another: what still fits is kept."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from communs.core.forms.engine.checking import Communes, fault_of
from communs.core.forms.engine.definition import Definition, Field, spot_of, spots
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.sheets import Sheet, begun
from communs.core.forms.engine.walking import places, value_at


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that found no place: the question as it was, the answer, and why."""

    field: Field
    path: str
    value: Any
    why: str  # removed, kind, or value


@dataclass(frozen=True, slots=True)
class Moved:
    """A sheet of the other version, what was left behind, and which questions are new."""

    sheet: Sheet
    left: tuple[Left, ...]
    new: tuple[Field, ...]


def move(old: Definition, new: Definition, sheet: Sheet, communes: Communes) -> Moved:
    """Move a sheet; an answer whose question is still asked and that no longer fits stays typed."""
    values: dict[str, Any] = {}
    typed: dict[str, dict[str, list[str]]] = {}
    left: list[Left] = []
    for section in _shared_rows(old, new):
        rows = sheet.values.get(section) or []
        values[section] = [{"id": row["id"]} for row in rows]
    whole = {place.path: place for place in places(new, values)}
    for place in places(old, sheet.values):
        value = value_at(sheet.values, place.path)
        target = whole.get(place.path)
        if target is not None and place.path in sheet.typed:
            typed[place.path] = sheet.typed[place.path]
        if value is None:
            continue
        if target is None or target.field.kind != place.field.kind:
            why = "removed" if spot_of(new, place.field.key) is None else "kind"
            left.append(Left(place.field, place.path, value, why))
            continue
        if _holder_put(values, target, value, communes):
            continue
        left.append(Left(place.field, place.path, value, "value"))
        if kind_of(place.field).typed:
            typed[place.path] = kind_of(place.field).write(value)
    asked = {spot.field.key for spot in spots(old)}
    added = tuple(s.field for s in spots(new) if s.field.key not in asked)
    first = begun(new, values)
    moved = Sheet(first.values, typed, {}, sheet.revision + 1)
    return Moved(moved, tuple(left), tuple(f for f in added if kind_of(f).asks))


def _holder_put(values: dict[str, Any], target: Any, value: Any, communes: Communes) -> bool:
    """Put a value where it belongs now; tell whether it fits there."""
    tried = copy.deepcopy(values)
    holder = tried
    if target.row is not None:
        holder = next(one for one in tried[target.section.key] if str(one["id"]) == target.row)
    holder[target.field.key] = value
    if fault_of(target, value, tried, communes) is not None:
        return False
    values.clear()
    values.update(tried)
    return True


def _shared_rows(old: Definition, new: Definition) -> list[str]:
    """Give the sections that repeat in both."""

    def keys(definition: Definition) -> set[str]:
        return {s.key for page in definition.pages for s in page.sections if s.repeat}

    return sorted(keys(old) & keys(new))
