"""SQLite: an FTS5 table that holds no text of its own, only where each term stands."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from communs.core.search.engine.terms import All, Expression, Term

CREATE = """
CREATE VIRTUAL TABLE search_terms USING fts5(
    terms, content='search_document', content_rowid='number', detail='none', columnsize=0,
    tokenize="ascii tokenchars '@#^~._'"
)
"""
DROP = "DROP TABLE search_terms"


def newest(expression: Expression, limit: int) -> list[int]:
    """Give the numbers of at most `limit` documents that hold the expression, newest first."""
    statement = (
        "SELECT rowid FROM search_terms WHERE search_terms MATCH %s ORDER BY rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [written(expression), limit])
        return [number for (number,) in cursor.fetchall()]


def add(entries: Iterable[tuple[int, str]]) -> None:
    """Take in documents just written."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO search_terms(rowid, terms) VALUES (%s, %s)", list(entries))


def remove(entries: Iterable[tuple[int, str]]) -> None:
    """Let go of documents, by what they held."""
    statement = "INSERT INTO search_terms(search_terms, rowid, terms) VALUES ('delete', %s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(entries))


def repair() -> None:
    """Make the index anew from the documents, readers seeing the old one until it is done."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_terms(search_terms) VALUES ('rebuild')")


def written(expression: Expression) -> str:
    """Write an expression as FTS5 reads it; terms hold no quote."""
    if isinstance(expression, Term):
        return f'"{expression.text}"' + ("*" if expression.begins else "")
    word = " AND " if isinstance(expression, All) else " OR "
    parts = [written(part) for part in expression.parts]
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
