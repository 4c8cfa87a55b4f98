"""Many rows at once, by the shortest way of the database in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from communs.core.sensing.backends import postgresql, sqlite
from communs.core.sensing.engine.states import Limits

Row = tuple[int, int, int, float]  # at, thing, sequence, value
Key = tuple[int, int, int]  # at, thing, sequence
Latest = tuple[Any, int, int, float, float | None]  # key, at, sequence, value, battery


class Backend(Protocol):
    """What each database does; the caller opens a transaction, within a community."""

    def keep(self, community: Any, rows: Sequence[Row]) -> set[Key] | None:
        """Add observations, but those that are there already; give which, or None for all."""

    def alone(self, source: Any) -> None:
        """Let nobody else take in what this source says until the transaction ends."""

    def advance(self, latest: Sequence[Latest], limits: Limits) -> list[tuple[Any, bool]]:
        """Bring states up to date with the one reading that each thing of these gave.

        It does in one statement what `Standing.hear` says. Gives the key of each state that was
        heard of longer ago, and whether its value changed; the others are left as they are.
        """

    def hold(self, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Read states that nobody else may change until the transaction ends: key, COLUMNS."""

    def write(self, states: Sequence[tuple[Any, ...]]) -> None:
        """Write what states have become, in the form in which they were read."""

    def prepare(self, month: str, begins: int, ends: int) -> None:
        """Make ready for the readings of a month, from an instant to another."""

    def tidy(self, month: str) -> int:
        """Drop what was made ready for months before this one and holds nothing; give how many."""


def backend() -> Backend:
    """Give the way of the database in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite
