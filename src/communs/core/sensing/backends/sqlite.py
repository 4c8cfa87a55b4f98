"""SQLite: one tree in the order of time, which grows at its end; many rows a statement.

A statement of 250 rows costs half of 250 statements, the wall's trigger included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection

from communs.core.sensing.backends.columns import COLUMNS, NEWER, advancing
from communs.core.sensing.engine.states import Limits

CREATE = (
    (
        "CREATE TABLE sensing_observation ("
        " community_id char(32) NOT NULL, at bigint NOT NULL, thing integer NOT NULL,"
        " sequence bigint NOT NULL, value real NOT NULL,"
        " PRIMARY KEY (community_id, at, thing, sequence)) WITHOUT ROWID"
    ),
)
_ROWS, _STATES = 250, 80  # in one statement
_UNLESS_THERE = " ON CONFLICT DO NOTHING RETURNING at, thing, sequence"
_NAMES = ", ".join(COLUMNS)
_NEW = ", ".join(f"{name} = new.{name}" for name in COLUMNS)


def keep(
    community: Any, rows: Sequence[tuple[int, int, int, float]]
) -> set[tuple[int, int, int]] | None:
    """Add observations, but those that are there already; give which, or None for all."""
    added: list[set[tuple[int, int, int]] | None] = []
    parts = list(_parts(rows, _ROWS))
    for part in parts:
        values = list(chain.from_iterable((community.pk.hex, *row) for row in part))
        try:
            _run(_keeping(len(part)), values)
            added.append(None)
        except IntegrityError:
            added.append(set(_run(_keeping(len(part)) + _UNLESS_THERE, values).fetchall()))
    if not any(one is not None for one in added):
        return None
    return {
        key
        for part, one in zip(parts, added, strict=True)
        for key in ({row[:3] for row in part} if one is None else one)
    }


@cache
def _keeping(count: int) -> str:
    marks = ", ".join(["(?, ?, ?, ?, ?)"] * count)
    return f"INSERT INTO sensing_observation VALUES {marks}"  # noqa: S608 -- marks only


def alone(source: Any) -> None:
    """Nothing: a transaction that writes is the only one here."""


def advance(
    latest: Sequence[tuple[Any, int, int, float, float | None]], limits: Limits
) -> list[tuple[Any, bool]]:
    """Bring states up to date with one newer reading each; give which were, and changed."""
    told: list[tuple[Any, bool]] = []
    for part in _parts(latest, _ROWS):
        values = [*chain.from_iterable(part), *limits]
        told += _run(_advancing(len(part)), values).fetchall()
    return told


@cache
def _advancing(count: int) -> str:
    marks = ", ".join(["(?, ?, ?, ?, ?)"] * count)
    silent, stuck, most = (f"?{5 * count + place}" for place in (1, 2, 3))
    return (
        f"WITH new(id, at, sequence, value, battery) AS (VALUES {marks})"  # noqa: S608 -- marks only
        f" UPDATE sensing_state SET {advancing(silent, stuck, most)} FROM new"
        f" WHERE sensing_state.id = new.id AND {NEWER}"
        " RETURNING sensing_state.id, sensing_state.since = sensing_state.heard"
    )


def hold(keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Read states; the transaction is the only one that writes."""
    found: list[tuple[Any, ...]] = []
    for part in _parts(keys, _ROWS):
        marks = ", ".join(["?"] * len(part))
        statement = f"SELECT id, {_NAMES} FROM sensing_state WHERE id IN ({marks})"  # noqa: S608 -- names of ours
        found += _run(statement, part).fetchall()
    return found


def write(states: Sequence[tuple[Any, ...]]) -> None:
    """Write what states have become; each begins with its key as the database knows it."""
    one = ", ".join(["?"] * (len(COLUMNS) + 1))
    for part in _parts(states, _STATES):
        marks = ", ".join([f"({one})"] * len(part))
        statement = (
            f"WITH new(id, {_NAMES}) AS (VALUES {marks})"  # noqa: S608 -- names of ours
            f" UPDATE sensing_state SET {_NEW} FROM new WHERE sensing_state.id = new.id"
        )
        _run(statement, list(chain.from_iterable(part)))


def prepare(month: str, begins: int, ends: int) -> None:
    """Nothing: a month needs no table of its own here."""


def tidy(month: str) -> int:
    """Nothing: a month has no table of its own here."""
    del month
    return 0


def _run(statement: str, values: Sequence[Any]) -> Any:
    """Run a statement past Django's cursor, which would look through a thousand marks."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection.connection.execute(statement, values)


def _parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size]
