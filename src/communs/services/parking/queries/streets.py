"""Sides of streets as lists show them: read many at once, without the weight of a model."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from communs.services.parking.enums import Side
from communs.services.parking.models import Segment


class ZoneOf(NamedTuple):
    """What a list says of a zone."""

    code: str
    name: str


class Street(NamedTuple):
    """One side of a street; its fields are those of `Segment`."""

    pk: UUID
    slug: str
    street: str
    side: str
    from_street: str
    to_street: str
    line: Any
    changed_at: datetime | None
    zone_id: UUID | None
    zone: ZoneOf | None

    def __str__(self) -> str:
        return self.street

    def get_side_display(self) -> str:
        """Give the side in words, as Django names it on a model."""
        return str(Side(self.side).label)


def streets() -> list[Street]:
    """Give every side of a street, by name; one query."""
    rows = Segment.objects.values_list(
        "pk", "slug", "street", "side", "from_street", "to_street", "line", "changed_at",
        "zone_id", "zone__code", "zone__name",
    )  # fmt: skip
    return [Street(*_with_zone(row)) for row in rows]


def _with_zone(row: tuple[Any, ...]) -> list[Any]:
    *fields, code, name = row
    return [*fields, None if code is None else ZoneOf(code, name)]
