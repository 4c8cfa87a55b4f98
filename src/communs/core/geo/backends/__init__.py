"""The spatial index of the database in use: one face, two engines.

Each gives what lies nearest in a layer of the community in force, and keeps its index in step with
the table of spots, inside the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db import connection

from communs.core.geo.backends import postgresql, sqlite
from communs.core.geo.backends.asked import Asked, Found, Taking
from communs.core.geo.models import Spot


class Backend(Protocol):
    """What each engine does."""

    def nearest(self, asked: Asked, taking: Taking) -> list[Found]:
        """Give what is asked for, nearest first; `taking` says which subjects count."""

    def add(self, spots: Iterable[Spot]) -> None:
        """Take in spots just written."""

    def remove(self, spots: Sequence[Spot]) -> None:
        """Let go of spots about to be written anew or deleted."""

    def repair(self) -> None:
        """Make the index anew from the spots of every community."""


def backend() -> Backend:
    """Give the engine of the database in use."""
    return postgresql if connection.vendor == "postgresql" else sqlite
