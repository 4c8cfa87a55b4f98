"""What is asked of an index, and what is chosen among what it gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

Wanted = Callable[[Sequence[UUID]], Collection[UUID]]


class Asked(NamedTuple):
    """The nearest of a community's layer: from where, how many, within how many metres."""

    community: Any
    layer: str
    shelf: int
    lat: float
    lon: float
    most: int
    within: float


class Found(NamedTuple):
    """A subject and how far it is, in metres; equals are in the order of their keys."""

    metres: float
    subject: UUID


def owner_of(community: UUID, layer: str) -> str:
    """Give what an index writes beside a place, to tell whose it is."""
    return f"{community.hex} {layer}"


class Taking:
    """Chooses among what an index gives, asking once about each subject whether it counts."""

    def __init__(self, wanted: Wanted | None) -> None:
        self._wanted = wanted
        self._verdicts: dict[UUID, bool] = {}

    @property
    def takes_all(self) -> bool:
        """Tell whether every subject counts."""
        return self._wanted is None

    def chosen(self, found: list[Found]) -> list[Found]:
        """Give those that count, in the same order."""
        if self._wanted is None:
            return found
        new = [one.subject for one in found if one.subject not in self._verdicts]
        if new:
            counts = set(self._wanted(new))
            self._verdicts |= {subject: subject in counts for subject in new}
        return [one for one in found if self._verdicts[one.subject]]
