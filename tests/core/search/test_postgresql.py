"""What is said of PostgreSQL's tables of terms: narrow rows, two ways to one answer, no loss."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from communs.core.communities.scope import across, as_owner
from communs.core.search.backends import postgresql
from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import All, Either, Term
from communs.core.search.models import Document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="its tables are PostgreSQL's"),
]
FIRST = 2**62  # above every number of the demonstration but the undated
ROWS = 2000
PAGE = 8192  # bytes


def size(shelf: Shelf) -> int:
    """Give how many bytes the rows of a shelf take, without what lies outside of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s)", [str(shelf)])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("words", [1, 40, 200, 2000])
@pytest.mark.parametrize("shelf", Shelf)
def test_a_row_takes_less_than_a_hundred_bytes_however_long_its_document(
    shelf: Shelf, words: int
) -> None:
    terms = " ".join(f"mot{n}" for n in range(words))
    before = size(shelf)
    postgresql.add(((FIRST + n, terms) for n in range(ROWS)), shelf)
    assert size(shelf) - before <= 100 * ROWS + PAGE
    newest = [FIRST + n for n in reversed(range(ROWS))]
    assert postgresql.newest(Term(f"mot{words - 1}"), ROWS, shelf)[:ROWS] == newest


@pytest.mark.parametrize("by_newest", [False, True])
@pytest.mark.parametrize(("limit", "given"), [(2, [9, 6]), (100, [9, 6, 3, 0])])
def test_the_newest_and_the_index_give_the_same(
    limit: int, given: list[int], monkeypatch: pytest.MonkeyPatch, *, by_newest: bool
) -> None:
    entries = [(FIRST + n, f"{'pair' if n % 2 else 'even'} third{n % 3} zzz") for n in range(10)]
    postgresql.add(entries, Shelf.PUBLIC)
    monkeypatch.setattr(postgresql, "_is_held_by_many", lambda *_told: by_newest)
    expression = All(
        [Term("zz", begins=True), Term("third0"), Either([Term("even"), Term("pair")])]
    )
    found = postgresql.newest(expression, limit, Shelf.PUBLIC)
    assert found == [FIRST + n for n in given]


def test_wide_rows_of_an_older_version_become_narrow_and_none_is_lost() -> None:
    narrow_rows = import_module("communs.core.search.migrations.0004_narrow_rows")
    with across("what the older version's index held"), as_owner(), connection.cursor() as cursor:
        wanted = {
            Shelf.PUBLIC: set(Document.everywhere.filter(audience="public").values_list("number")),
            Shelf.OTHERS: set(Document.everywhere.exclude(audience="public").values_list("number")),
        }
        for shelf in Shelf:
            cursor.execute(f"DROP TABLE {shelf}")
            cursor.execute(
                f"CREATE TABLE {shelf} (number bigint NOT NULL, vector tsvector NOT NULL)"
            )
        narrow_rows.narrow(None, connection.schema_editor())
        for shelf in Shelf:
            cursor.execute(f"SELECT number FROM {shelf}")
            assert set(cursor.fetchall()) == wanted[shelf]
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = %s ORDER BY 1", [str(shelf)]
            )
            assert cursor.fetchall() == [(f"{shelf}_number",), (f"{shelf}_vector",)]
        antony = postgresql.newest(Term("^antony"), 500, Shelf.PUBLIC)
        titles = Document.everywhere.filter(number__in=antony).values_list("title", flat=True)
        assert "Antony" in titles
    assert wanted[Shelf.PUBLIC]
