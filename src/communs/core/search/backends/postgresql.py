"""PostgreSQL: tables of terms with GIN indexes, apart from the documents.

Apart, because row-level security forbids an index on what it guards to be asked with an operator
that could tell of a row before its policy did, and `@@` is one. They hold numbers and terms only:
what may be read is decided by the documents, which are guarded.

Each row that the index gives is visited, so rows are kept narrow: the terms lie outside of them.
PostgreSQL puts outside only what belongs to a row of more than 2 kB. So each row has a column of
blanks that wide, which take 35 bytes once written; being generated, they are in no backup.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import All, Expression, Term

# Few matches: the index gives them all, then they are sorted. Many: the newest documents are looked
# at one after the other until there are enough. `IS TRUE` and `OFFSET 0` each leave one way only.
_TERMS = "SELECT number FROM {} WHERE vector @@ %s::tsquery"
_FROM_INDEX = f"SELECT number FROM ({_TERMS} OFFSET 0) AS found"  # noqa: S608 -- no value in it
_ONE_BY_ONE = "SELECT number FROM {} WHERE (vector @@ %s::tsquery) IS TRUE"
_DEARER = 25  # looking at a document is worth this many more of the index, measured: 12, 25, 45
_STATISTICS = 1000  # the planner knows how many documents hold each of ten thousand terms
_BLANKS = "text GENERATED ALWAYS AS (repeat(' ', 2048)) STORED"
_ROW = f"number bigint NOT NULL, vector tsvector NOT NULL, width {_BLANKS}"
TABLE = (
    f"CREATE TABLE {{0}} ({_ROW}) WITH (toast_tuple_target = 128)",
    "ALTER TABLE {0} ALTER COLUMN vector SET STORAGE EXTERNAL",
    "ALTER TABLE {0} ALTER COLUMN width SET STORAGE MAIN",
    "ALTER TABLE {0} ALTER COLUMN width SET STATISTICS 0",
    f"ALTER TABLE {{0}} ALTER COLUMN vector SET STATISTICS {_STATISTICS}",
)
INDEXES = (
    "CREATE INDEX {0}_number ON {0} (number)",
    "CREATE INDEX {0}_vector ON {0} USING gin (vector)",
)
CREATE = tuple(statement.format(shelf) for shelf in Shelf for statement in (*TABLE, *INDEXES))
_VECTOR = "array_to_tsvector(string_to_array(terms, ' '))"
_TAKE_IN = f"INSERT INTO {{0}} (number, vector) SELECT number, {_VECTOR} FROM"
FILL = f"{_TAKE_IN} search_document WHERE {{1}}"


def newest(expression: Expression, limit: int, shelf: Shelf) -> list[int]:
    """Give the numbers of at most `limit` documents that hold the expression, newest first."""
    query = written(expression)
    with connection.cursor() as cursor:
        many = limit > 1 and _is_held_by_many(cursor, query, limit, shelf)
        statement = (_ONE_BY_ONE if many else _FROM_INDEX).format(shelf)
        cursor.execute(f"{statement} ORDER BY number DESC LIMIT %s", [query, limit])
        return [number for (number,) in cursor.fetchall()]


def _is_held_by_many(cursor: Any, query: str, limit: int, shelf: Shelf) -> bool:
    """Tell whether looking at the newest would end before the index had given all it holds."""
    held = _expected(cursor, _TERMS.format(shelf), [query])
    return held * held > _DEARER * limit * _expected(cursor, f"SELECT FROM {shelf}", [])


def _expected(cursor: Any, statement: str, values: list[str]) -> int:
    """Give how many rows the planner expects, from what it last counted."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
    return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]


def add(entries: Iterable[tuple[int, str]], shelf: Shelf) -> None:
    """Take in documents just written; what another transaction took in meanwhile gives way."""
    entries = list(entries)
    remove(entries, shelf)
    rows = list(zip(*entries, strict=True)) or [(), ()]
    given = "unnest(%s::bigint[], %s::text[]) AS one(number, terms)"
    with connection.cursor() as cursor:
        cursor.execute(f"{_TAKE_IN.format(shelf)} {given}", [list(column) for column in rows])


def remove(entries: Iterable[tuple[int, str]], shelf: Shelf) -> None:
    """Let go of documents, by what they held."""
    with connection.cursor() as cursor:
        numbers = [number for number, _terms in entries]
        cursor.execute(f"DELETE FROM {shelf} WHERE number = ANY(%s)", [numbers])  # noqa: S608 -- a name of ours


def repair() -> None:
    """Make the index anew from the documents, readers seeing the old one until it is done."""
    with connection.cursor() as cursor:
        for shelf in Shelf:
            cursor.execute(f"LOCK TABLE {shelf} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(f"DELETE FROM {shelf}")  # noqa: S608 -- a name of ours
            cursor.execute(FILL.format(shelf, shelf.documents))


def written(expression: Expression) -> str:
    """Write an expression as a tsquery; terms hold no quote."""
    if isinstance(expression, Term):
        return f"'{expression.text}'" + (":*" if expression.begins else "")
    word = " & " if isinstance(expression, All) else " | "
    parts = [written(part) for part in expression.parts]
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
