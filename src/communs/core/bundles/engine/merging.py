"""Three-way merge of a configuration: what came, what is here now, what is to come.

Unchanged here: what comes is taken. Changed here alone: it is kept. Changed on both sides: it is
kept too, unless the person takes what comes. What never came from a configuration is not touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from communs.core.bundles.engine.canonical import canonical

Key = tuple[Any, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Options by name, and rows of each table by their natural key."""

    options: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Mapping[Key, Row]] = field(default_factory=dict)

    def row(self, table: str, key: Key) -> Row | None:
        """Give a row, or None."""
        return self.data.get(table, {}).get(key)

    def paths(self) -> Iterator[tuple[str, Key]]:
        """Give each row's table and key."""
        return ((table, key) for table, rows in self.data.items() for key in rows)


class Outcome(StrEnum):
    """What becomes of a difference."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    KEPT = "kept"  # changed here alone
    CONFLICT = "conflict"  # changed on both sides
    HELD = "held"  # would be removed, but something points at it


_APPLIED = {Outcome.ADDED, Outcome.CHANGED, Outcome.REMOVED}


class _Absent:
    """What a side does not say; it is neither null nor empty."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of an option, of a field of a row, or of a whole row (no field)."""

    table: str
    key: Key
    field: str
    before: Any
    after: Any
    outcome: Outcome
    taken: bool = False

    @property
    def applies(self) -> bool:
        """Whether what comes is written."""
        return self.outcome in _APPLIED or (self.taken and self.outcome is Outcome.CONFLICT)

    @property
    def ref(self) -> str:
        """A short name for forms, the same each time."""
        path = canonical([self.table, self.key, self.field])
        return hashlib.sha256(path.encode()).hexdigest()[:16]


def merge(
    base: Content, mine: Content, theirs: Content, *, take: Iterable[str] = ()
) -> list[Change]:
    """Give the differences and what becomes of each; `take` names conflicts to take from theirs."""
    wanted = set(take)
    changes = [*_options(base, mine, theirs), *_rows(base, mine, theirs)]
    return [replace(c, taken=c.outcome is Outcome.CONFLICT and c.ref in wanted) for c in changes]


def apply(mine: Content, changes: Iterable[Change]) -> Content:
    """Give what is here once the changes that apply are made."""
    options = dict(mine.options)
    data = {table: {key: dict(row) for key, row in rows.items()} for table, rows in _all(mine)}
    for change in changes:
        if change.applies:
            _make(change, options, data)
    return Content(options, {table: rows for table, rows in data.items() if rows})


def trimmed(one: Content, other: Content) -> tuple[Content, Content]:
    """Give two contents without what is the same in both."""
    names = [n for n, v in one.options.items() if n not in other.options or v != other.options[n]]
    names += [n for n in other.options if n not in one.options]
    rows = {path for path in {*one.paths(), *other.paths()} if one.row(*path) != other.row(*path)}
    return _only(one, names, rows), _only(other, names, rows)


def _only(content: Content, names: list[str], paths: set[tuple[str, Key]]) -> Content:
    data: dict[str, dict[Key, Row]] = {}
    for table, key in content.paths():
        row = content.row(table, key)
        if (table, key) in paths and row is not None:
            data.setdefault(table, {})[key] = row
    options = {name: content.options[name] for name in names if name in content.options}
    return Content(options, data)


def _options(base: Content, mine: Content, theirs: Content) -> Iterator[Change]:
    for name, coming in theirs.options.items():
        here, came = mine.options.get(name, ABSENT), base.options.get(name, ABSENT)
        outcome = _outcome(came, here, coming)
        if outcome:
            yield Change("", (), name, here, coming, outcome)


def _outcome(base: Any, mine: Any, theirs: Any) -> Outcome | None:
    if mine == theirs:
        return None
    if mine == base:
        return Outcome.CHANGED
    return Outcome.KEPT if theirs == base else Outcome.CONFLICT


def _rows(base: Content, mine: Content, theirs: Content) -> Iterator[Change]:
    paths = dict.fromkeys([*theirs.paths(), *base.paths()])
    for table, key in paths:
        rows = (base.row(table, key), mine.row(table, key), theirs.row(table, key))
        yield from _row(table, key, *rows)


def _row(
    table: str, key: Key, base: Row | None, mine: Row | None, theirs: Row | None
) -> Iterator[Change]:
    if mine is not None and theirs is not None:
        yield from _fields(table, key, base or {}, mine, theirs)
    elif theirs is not None:
        yield Change(table, key, "", None, theirs, _coming(base, theirs))
    elif mine is not None and base is not None:
        yield Change(table, key, "", mine, None, _leaving(base, mine))


def _coming(base: Row | None, theirs: Row) -> Outcome:
    """Tell what becomes of a row that is not here: new, or removed here since it came."""
    if base is None:
        return Outcome.ADDED
    return Outcome.KEPT if _agrees(base, theirs) else Outcome.CONFLICT


def _leaving(base: Row, mine: Row) -> Outcome:
    """Tell what becomes of a row that came once and comes no more."""
    return Outcome.REMOVED if _agrees(base, mine) else Outcome.CONFLICT


def _agrees(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in one.keys() & other.keys())


def _fields(table: str, key: Key, base: Row, mine: Row, theirs: Row) -> Iterator[Change]:
    for name, coming in theirs.items():
        here = mine.get(name, ABSENT)
        outcome = _outcome(base.get(name, ABSENT), here, coming)
        if outcome:
            yield Change(table, key, name, here, coming, outcome)


def _all(content: Content) -> list[tuple[str, Mapping[Key, Row]]]:
    return list(content.data.items())


def _make(change: Change, options: dict[str, Any], data: dict[str, dict[Key, Any]]) -> None:
    if not change.table:
        options[change.field] = change.after
    elif change.field:
        data[change.table][change.key][change.field] = change.after
    elif change.after is None:
        data[change.table].pop(change.key)
    else:
        data.setdefault(change.table, {})[change.key] = dict(change.after)
