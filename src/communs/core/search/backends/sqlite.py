"""SQLite: FTS5 tables that hold no text of their own, only where each term stands.

The beginnings of terms, three and four signs of them with their marks, have an index of their own:
a common one, put together from all its words, would take longer than the rest of a search.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction

from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import All, Expression, Term

log = logging.getLogger(__name__)

_TABLE = """
CREATE VIRTUAL TABLE {} USING fts5(
    terms, content='search_document', content_rowid='number', detail='none', columnsize=0,
    tokenize="ascii tokenchars '@#^~._'", prefix='3 4'
)
"""
CREATE = tuple(_TABLE.format(shelf) for shelf in Shelf)


def newest(expression: Expression, limit: int, shelf: Shelf) -> list[int]:
    """Give the numbers of at most `limit` documents that hold the expression, newest first."""
    statement = f"SELECT rowid FROM {shelf} WHERE {shelf} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608 -- a name of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [written(expression), limit])
        return [number for (number,) in cursor.fetchall()]


def add(entries: Iterable[tuple[int, str]], shelf: Shelf) -> None:
    """Take in documents just written."""
    statement = f"INSERT INTO {shelf}(rowid, terms) VALUES (%s, %s)"  # noqa: S608 -- a name of ours
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(entries))


def remove(entries: Iterable[tuple[int, str]], shelf: Shelf) -> None:
    """Let go of documents, by what they held."""
    statement = f"INSERT INTO {shelf}({shelf}, rowid, terms) VALUES ('delete', %s, %s)"  # noqa: S608 -- a name of ours
    told = list(entries)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, told)
    except DatabaseError:  # what an index that was lost does not hold cannot be taken from it
        for one in told if len(told) > 1 else ():
            remove([one], shelf)
        log.warning("the search index did not hold a document: run “communs search-rebuild”")


def repair() -> None:
    """Make the index anew from the documents, readers seeing the old one until it is done."""
    with connection.cursor() as cursor:
        for shelf in Shelf:
            cursor.execute(f"INSERT INTO {shelf}({shelf}) VALUES ('delete-all')")  # noqa: S608 -- a name of ours
            cursor.execute(
                f"INSERT INTO {shelf}(rowid, terms)"  # noqa: S608 -- names of ours
                f" SELECT number, terms FROM search_document WHERE {shelf.documents}"
            )


def written(expression: Expression) -> str:
    """Write an expression as FTS5 reads it; terms hold no quote."""
    if isinstance(expression, Term):
        return f'"{expression.text}"' + ("*" if expression.begins else "")
    word = " AND " if isinstance(expression, All) else " OR "
    parts = [written(part) for part in expression.parts]
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
