"""The engine of the database in use does what a plain reading of the terms would."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.search.backends import backend
from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import All, Either, Expression, Term
from tests.core.search.test_words import holds

pytestmark = pytest.mark.django_db

TERMS = ["eau", "eaux", "ecole", "~eau", "^eau", "^~ecol", "@public", "@a.fund.edit", "#fund", "42"]
FIRST = 2**62  # above every number of the demonstration but the undated
one_term = st.builds(Term, st.sampled_from(TERMS), st.booleans())
expressions: st.SearchStrategy[Expression] = st.recursive(
    one_term,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3))
        | st.builds(Either, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=6,
)
documents = st.lists(st.lists(st.sampled_from(TERMS), min_size=1, max_size=6), max_size=6)


@pytest.fixture(autouse=True)
def emptied(db: None) -> None:
    """Only what the test adds."""
    with connection.cursor() as cursor:
        for shelf in Shelf:
            if connection.vendor == "postgresql":
                cursor.execute(f"DELETE FROM {shelf}")
            else:
                cursor.execute(f"INSERT INTO {shelf}({shelf}) VALUES ('delete-all')")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, documents, expressions, st.integers(1, 8), st.sampled_from(Shelf))
def test_it_finds_what_holds_newest_first(
    kept: list[list[str]],
    gone: list[list[str]],
    expression: Expression,
    limit: int,
    shelf: Shelf,
) -> None:
    elsewhere = next(other for other in Shelf if other is not shelf)
    entries = [(FIRST + n, " ".join(terms)) for n, terms in enumerate(kept)]
    others = [(FIRST + 1000 + n, " ".join(terms)) for n, terms in enumerate(gone)]
    with transaction.atomic():
        backend().add([*entries, *others], shelf)
        backend().remove(others, shelf)
        backend().add(others, elsewhere)
        found = backend().newest(expression, limit, shelf)
        transaction.set_rollback(True)
    wanted = [number for number, terms in reversed(entries) if holds(terms, expression)]
    assert found == wanted[:limit]


def test_nothing_added_is_nothing_found() -> None:
    for shelf in Shelf:
        backend().add([], shelf)
        backend().remove([], shelf)
        assert backend().newest(Term("eau"), 10, shelf) == []
