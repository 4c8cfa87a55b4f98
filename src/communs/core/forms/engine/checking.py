"""What is wrong in answers, and what of them is kept in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from communs.core.forms.engine.definition import Definition, Section
from communs.core.forms.engine.kinds import Around, Fault, kind_of
from communs.core.forms.engine.schema import fits
from communs.core.forms.engine.walking import Place, Shown, Values, around, places, value_at

Communes = Mapping[str, tuple[str, str]]
"""Communes of the register by folded name: their INSEE code and their name."""


MISSHAPEN = frozenset({"not_rows", "unknown_field"})
"""Codes of what is no part of the form: nothing else is looked at then."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path; `code` and `facts` make the sentence."""

    path: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def problems(
    definition: Definition,
    values: Values,
    *,
    partial: bool = False,
    communes: Communes | None = None,
) -> list[Problem]:
    """Give what is wrong in answers: what is no value, and what is missing unless `partial`.

    What is hidden is neither asked nor looked at.
    """
    wrong = list(_misshapen(definition, values))
    if wrong:
        return wrong
    shown = Shown(definition, values)
    found = [] if partial else list(_rows_missing(definition, values, shown))
    for place in places(definition, values):
        if not shown.field(place):
            continue
        problem = _problem(place, values, communes or {})
        if problem is not None and not (partial and problem.code == "required"):
            found.append(problem)
    return found


def fault_of(place: Place, value: Any, values: Values, communes: Communes) -> Fault | None:
    """Tell why a value cannot be that of a field, or None."""
    if not fits(place.field, value):
        return Fault("not_so")
    kind = kind_of(place.field)
    try:
        settings = kind.set(place.field.settings)
        kind.check(value, settings, Around(around(values, place), communes))
    except Fault as fault:
        return fault
    return None


def kept(definition: Definition, values: Values) -> dict[str, Any]:
    """Give the answers without those that are hidden, and without rows of which none is shown."""
    shown = Shown(definition, values)
    found: dict[str, Any] = {}
    for page in definition.pages:
        for section in page.sections:
            if section.repeat and values.get(section.key) and shown.section(page, section):
                found[section.key] = [{"id": row["id"]} for row in values[section.key]]
    for place in places(definition, values):
        value = value_at(values, place.path)
        if value is None or not shown.field(place):
            continue
        if place.row is None:
            found[place.field.key] = value
        else:
            row = next(one for one in found[place.section.key] if str(one["id"]) == place.row)
            row[place.field.key] = value
    return found


def with_ids(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give answers whose rows all have an identifier, as those that a program sends may not."""
    found = dict(values)
    for section in _repeated(definition):
        rows = found.get(section.key)
        if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
            found[section.key] = [{"id": f"r{n}"} | dict(row) for n, row in enumerate(rows, 1)]
    return found


def _problem(place: Place, values: Values, communes: Communes) -> Problem | None:
    value = value_at(values, place.path)
    if value is None:
        return Problem(place.path, "required") if place.field.required else None
    fault = fault_of(place, value, values, communes)
    return Problem(place.path, fault.code, fault.facts) if fault else None


def _misshapen(definition: Definition, values: Values) -> Iterator[Problem]:
    """Tell what is no part of the form at all."""
    sections = {section.key: section for section in _repeated(definition)}
    known = {spot.field.key for spot in places(definition, {}) if not spot.section.repeat}
    for key, value in values.items():
        if key in sections:
            yield from _rows_misshapen(sections[key], value)
        elif key not in known:
            yield Problem(str(key)[:60], "unknown_field")


def _rows_misshapen(section: Section, rows: Any) -> Iterator[Problem]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield Problem(section.key, "not_rows")
        return
    ids = [row.get("id") for row in rows]
    if len(set(map(str, ids))) < len(ids) or not all(isinstance(one, str) and one for one in ids):
        yield Problem(section.key, "not_rows")
    known = {field.key for field in section.fields} | {"id"}
    for row in rows:
        for key in row:
            if key not in known:
                yield Problem(f"{section.key}.{str(key)[:60]}", "unknown_field")


def _rows_missing(definition: Definition, values: Values, shown: Shown) -> Iterator[Problem]:
    for page in definition.pages:
        for section in page.sections:
            repeat = section.repeat
            if repeat is None or not shown.section(page, section):
                continue
            count = len(values.get(section.key) or ())
            if count < repeat.min:
                yield Problem(section.key, "too_few_rows", {"least": repeat.min})
            if count > repeat.max:
                yield Problem(section.key, "too_many_rows", {"most": repeat.max})


def _repeated(definition: Definition) -> Iterator[Section]:
    for page in definition.pages:
        yield from (section for section in page.sections if section.repeat)
