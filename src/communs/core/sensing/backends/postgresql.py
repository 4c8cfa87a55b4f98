"""PostgreSQL: a table in months, written by arrays, which row-level security lets through.

COPY would be quicker; it is refused on a table behind row-level security.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

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
    " unnest(%s::bigint[], %s::int[], %s::bigint[], %s::float8[])"
)
_UNLESS_THERE = " ON CONFLICT DO NOTHING RETURNING at, thing, sequence"
_MONTHS = (
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
    " WHERE inhparent = 'sensing_observation'::regclass"
    r" AND relname ~ '^sensing_observation_\d{4}_\d{2}$' AND relname < %s ORDER BY relname"
)
_WAIT = "2s"  # for writers to leave, and the most that they wait for us
_MANY = 100  # rows from which it pays to hope that none of them is there
_NAMES = ", ".join(COLUMNS)
_HOLD = (
    f"SELECT id::text, {_NAMES} FROM sensing_state"  # noqa: S608 -- names of ours
    " WHERE id = ANY(%s::uuid[]) ORDER BY sensing_state.id FOR UPDATE"
)
_NEW = ", ".join(f"{name} = new.{name}" for name in COLUMNS)
_ARRAYS = ", ".join(f"%s::{_TYPES.get(name, 'bigint')}[]" for name in COLUMNS)
_WRITE = (
    f"UPDATE sensing_state SET {_NEW} FROM unnest(%s::uuid[], {_ARRAYS})"  # noqa: S608 -- names of ours
    f" AS new(id, {_NAMES}) WHERE sensing_state.id = new.id"
)

_ADVANCE = (
    f"UPDATE sensing_state SET {advancing('%s::bigint', '%s::bigint', '%s::bigint')}"  # noqa: S608 -- names of ours
    " FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::float8[], %s::float8[])"
    " WITH ORDINALITY AS new(id, at, sequence, value, battery, place)"
    f" WHERE sensing_state.id = new.id AND {NEWER}"
    " RETURNING new.place, sensing_state.since = sensing_state.heard"
)


def keep(
    community: Any, rows: Sequence[tuple[int, int, int, float]]
) -> set[tuple[int, int, int]] | None:
    """Add observations, but those that are there already; give which, or None for all.

    To look for each of many before it is written costs two thirds of writing it.
    """
    if not rows:
        return None
    values = [community.pk, *map(_array, zip(*rows, strict=True))]
    with connection.cursor() as cursor:
        if len(rows) >= _MANY:
            with suppress(IntegrityError), transaction.atomic():
                cursor.execute(_KEEP, values)
                return None
        cursor.execute(_KEEP + _UNLESS_THERE, values)
        return None if cursor.rowcount == len(rows) else set(cursor.fetchall())


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
        cursor.execute(_ADVANCE, [*limits, *map(_array, zip(*latest, strict=True))])
        return [(latest[place - 1][0], changed) for place, changed in cursor.fetchall()]


def hold(keys: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Read states, in one order, that nobody else may change until the transaction ends."""
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [_array(keys)])
        return cursor.fetchall()


def write(states: Sequence[tuple[Any, ...]]) -> None:
    """Write what states have become; each begins with its key."""
    if states:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [_array(column) for column in zip(*states, strict=True)])


def _array(column: Sequence[Any]) -> str:
    """Write numbers and keys as PostgreSQL reads an array: a third of the driver's own time."""
    told = ",".join(map(str, column))
    return f"{{{told.replace('None', 'NULL')}}}"


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


def tidy(month: str) -> int:
    """Drop the tables of months before this one that hold no reading, of any community.

    Writers are locked out by the parent first, in their own order; where they do not leave within
    the wait, the tables stay until the next time.
    """
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_MONTHS, [f"sensing_observation_{month}"])
        empty = [name for (name,) in cursor.fetchall() if _is_empty(cursor, name)]
        return sum(_drop(cursor, name) for name in empty)


def _is_empty(cursor: Any, name: str) -> bool:
    cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {name})")  # noqa: S608 -- a table of ours
    return bool(cursor.fetchone()[0])


def _drop(cursor: Any, name: str) -> bool:
    with suppress(OperationalError), transaction.atomic():
        cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
        cursor.execute("LOCK TABLE ONLY sensing_observation IN ACCESS EXCLUSIVE MODE")
        if _is_empty(cursor, name):
            cursor.execute(f"DROP TABLE {name}")
            return True
    return False
