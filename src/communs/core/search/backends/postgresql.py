"""PostgreSQL: a table of terms with a GIN index, apart from the documents.

Apart, because row-level security forbids an index on what it guards to be asked with an operator
that could tell of a row before its policy did, and `@@` is one. It holds numbers and terms only:
what may be read is decided by the documents, which are guarded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from communs.core.search.engine.terms import All, Expression, Term

_TERMS = "SELECT number FROM search_terms WHERE vector @@ %s::tsquery"
# Few matches: the index gives them all, then they are sorted. Many: the newest documents are looked
# at one after the other until there are enough. `IS TRUE` and MATERIALIZED each leave one way only.
_FROM_INDEX = f"WITH found AS MATERIALIZED ({_TERMS}) SELECT * FROM found"  # noqa: S608 -- no value in it
_ONE_BY_ONE = "SELECT number FROM search_terms WHERE (vector @@ %s::tsquery) IS TRUE"
_STATISTICS = 1000  # the planner knows how many documents hold each of ten thousand terms
CREATE = (
    "CREATE TABLE search_terms (number bigint NOT NULL, vector tsvector NOT NULL)",
    "CREATE INDEX search_terms_number ON search_terms (number)",
    "CREATE INDEX search_terms_vector ON search_terms USING gin (vector)",
    f"ALTER TABLE search_terms ALTER COLUMN vector SET STATISTICS {_STATISTICS}",
)
DROP = ("DROP TABLE search_terms",)
_VECTOR = "array_to_tsvector(string_to_array({}, ' '))"


def newest(expression: Expression, limit: int) -> list[int]:
    """Give the numbers of at most `limit` documents that hold the expression, newest first."""
    query = written(expression)
    with connection.cursor() as cursor:
        many = limit > 1 and _is_held_by_many(cursor, query, limit)
        statement = _ONE_BY_ONE if many else _FROM_INDEX
        cursor.execute(f"{statement} ORDER BY number DESC LIMIT %s", [query, limit])
        return [number for (number,) in cursor.fetchall()]


def _is_held_by_many(cursor: Any, query: str, limit: int) -> bool:
    """Tell whether looking at the newest would end before the index had given all it holds."""
    held = _expected(cursor, _TERMS, [query])
    return held * held > limit * _expected(cursor, "SELECT FROM search_terms", [])


def _expected(cursor: Any, statement: str, values: list[str]) -> int:
    """Give how many rows the planner expects, from what it last counted."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
    return cursor.fetchone()[0][0]["Plan"]["Plan Rows"]


def add(entries: Iterable[tuple[int, str]]) -> None:
    """Take in documents just written; what another transaction took in meanwhile gives way."""
    entries = list(entries)
    remove(entries)
    rows = list(zip(*entries, strict=True)) or [(), ()]
    statement = (
        f"INSERT INTO search_terms SELECT number, {_VECTOR.format('terms')}"  # noqa: S608 -- no value in it
        " FROM unnest(%s::bigint[], %s::text[]) AS one(number, terms)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in rows])


def remove(entries: Iterable[tuple[int, str]]) -> None:
    """Let go of documents, by what they held."""
    with connection.cursor() as cursor:
        numbers = [number for number, _terms in entries]
        cursor.execute("DELETE FROM search_terms WHERE number = ANY(%s)", [numbers])


def repair() -> None:
    """Make the index anew from the documents, readers seeing the old one until it is done."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE search_terms IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM search_terms")
        cursor.execute(
            f"INSERT INTO search_terms SELECT number, {_VECTOR.format('terms')}"  # noqa: S608 -- no value in it
            " FROM search_document"
        )


def written(expression: Expression) -> str:
    """Write an expression as a tsquery; terms hold no quote."""
    if isinstance(expression, Term):
        return f"'{expression.text}'" + (":*" if expression.begins else "")
    word = " & " if isinstance(expression, All) else " | "
    parts = [written(part) for part in expression.parts]
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
