"""Full-text search of the database in use: one face, two engines.

Each gives the numbers of the documents whose terms hold an expression, newest first, and keeps its
index in step with the table of documents, inside the same transaction. What everybody may read
stands on a shelf of its own: who reads everywhere finds it without a word about who may.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import connection

from communs.core.search.backends import postgresql, sqlite
from communs.core.search.backends.shelves import Shelf
from communs.core.search.engine.terms import Expression

Entry = tuple[int, str]  # a document's number and its terms


class Backend(Protocol):
    """What each engine does."""

    def newest(self, expression: Expression, limit: int, shelf: Shelf) -> list[int]:
        """Give the numbers of at most `limit` documents that hold the expression, newest first."""

    def add(self, entries: Iterable[Entry], shelf: Shelf) -> None:
        """Take in documents just written."""

    def remove(self, entries: Iterable[Entry], shelf: Shelf) -> None:
        """Let go of documents about to be written anew or deleted, by what they held."""

    def repair(self) -> None:
        """Make the index anew from the documents, readers seeing the old one until it is done."""


def backend() -> Backend:
    """Give the engine of the database in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite
