"""The two halves of the index, each a table of the engine's own."""

from __future__ import annotations

from enum import StrEnum

from communs.core.search.engine.terms import PUBLIC


class Shelf(StrEnum):
    """A half of the index, by the name of its table; `others` is what not everybody may read."""

    PUBLIC = "search_public"
    OTHERS = "search_terms"

    @property
    def documents(self) -> str:
        """Give the condition on the table of documents that keeps this half."""
        return f"audience {'=' if self is Shelf.PUBLIC else '<>'} '{PUBLIC}'"


def shelf_of(audience: str) -> Shelf:
    """Tell where a document of an audience stands."""
    return Shelf.PUBLIC if audience == PUBLIC else Shelf.OTHERS
