"""PostgreSQL: a table in months, written by arrays, which row-level security lets through.

COPY would be quicker; it is refused on a table behind row-level security.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from communs.core.communities.scope import as_owner
from communs.core.sensing.backends.columns import COLUMNS

CREATE = (
    (
        "CREATE TABLE sensing_observation ("
        " community_id uuid NOT NULL, at bigint NOT NULL, thing integer NOT NULL,"
        " sequence bigint NOT NULL, value double precision NOT NULL,"
        " PRIMARY KEY (community_id, at, thing, sequence)) PARTITION BY RANGE (at)"
    ),
    "CREATE TABLE sensing_observation_other PARTITION OF sensing_observation DEFAULT",
)
_TYPES = {"value": "float8", "battery": "float8"}
_KEEP = (
    "INSERT INTO sensing_observation SELECT %s, * FROM"
    " unnest(%s::bigint[], %s::int[], %s::bigint[], %s::float8[]) ON CONFLICT DO NOTHING"
)
_NAMES = ", ".join(COLUMNS)
_HOLD = f"SELECT id, {_NAMES} FROM sensing_state WHERE id = ANY(%s) ORDER BY id FOR UPDATE"  # noqa: S608 -- names of ours
_NEW = ", ".join(f"{name} = new.{name}" for name in COLUMNS)
_ARRAYS = ", ".join(f"%s::{_TYPES.get(name, 'bigint')}[]" for name in COLUMNS)
_WRITE = (
    f"UPDATE sensing_state SET {_NEW} FROM unnest(%s::uuid[], {_ARRAYS})"  # noqa: S608 -- names of ours
    f" AS new(id, {_NAMES}) WHERE sensing_state.id = new.id"
)


def keep(community: Any, rows: Sequence[tuple[int, int, int, float]]) -> int:
    """Add observations, but those that are there already; give how many were added."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [community.pk, *(list(column) for column in zip(*rows, strict=True))])
        return cursor.rowcount


def hold(keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Read states, in one order, that nobody else may change until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [sorted(keys)])
        return cursor.fetchall()


def write(states: Sequence[tuple[Any, ...]]) -> None:
    """Write what states have become; each begins with its key."""
    if states:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*states, strict=True)])


def prepare(month: str, begins: int, ends: int) -> None:
    """Make the table of a month, unless it is there or its readings already lie elsewhere."""
    bounds = f"FROM ({begins:d}) TO ({ends:d})"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM sensing_observation_other WHERE at >= %s AND at < %s)",
            [begins, ends],
        )
        if not cursor.fetchone()[0]:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS sensing_observation_{month}"
                f" PARTITION OF sensing_observation FOR VALUES {bounds}"
            )
