"""PostgreSQL: a table in months, written by arrays, which row-level security lets through.

COPY would be quicker; it is refused on a table behind row-level security.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from communs.core.communities.scope import as_owner
from communs.core.sensing.backends.columns import COLUMNS, NEWER, advancing
from communs.core.sensing.engine.states import Limits

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

_ADVANCE = (
    f"UPDATE sensing_state SET {advancing('%s::bigint', '%s::bigint', '%s::bigint')}"  # noqa: S608 -- names of ours
    " FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[])"
    f" AS new(id, at, sequence, value, battery) WHERE sensing_state.id = new.id AND {NEWER}"
    " RETURNING sensing_state.id, sensing_state.since = sensing_state.heard"
)


def keep(community: Any, rows: Sequence[tuple[int, int, int, float]]) -> int:
    """Add observations, but those that are there already; give how many were added."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [community.pk, *(list(column) for column in zip(*rows, strict=True))])
        return cursor.rowcount


def alone(source: Any) -> None:
    """Wait until nobody else takes in what this source says: rows are locked in any order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(source.pk)])


def advance(
    latest: Sequence[tuple[Any, int, int, float, float | None]], limits: Limits
) -> list[tuple[Any, bool]]:
    """Bring states up to date with one newer reading each; give which were, and changed."""
    if not latest:
        return []
    with connection.cursor() as cursor:
        columns = (list(column) for column in zip(*latest, strict=True))
        cursor.execute(_ADVANCE, [*limits, *columns])
        return cursor.fetchall()


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
