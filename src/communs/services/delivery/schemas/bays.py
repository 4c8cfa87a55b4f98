"""What the API takes and gives; the open data have the same columns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import Schema

from communs.services.delivery.enums import Presence
from communs.services.delivery.queries import Standing


class BayOut(Schema):
    """A bay; `free` is null when nobody knows."""

    code: str
    name: str
    street: str
    spaces: int
    length_m: Decimal | None
    lat: float | None
    lon: float | None
    presence: Presence
    free: int | None
    activity: str | None
    most_minutes: int | None


class BaysOut(Schema):
    """A page of bays."""

    count: int
    offset: int
    limit: int
    bays: list[BayOut]


BAY_COLUMNS = tuple(BayOut.model_fields)
_OF_BAY = ("code", "name", "street", "spaces", "length_m", "lat", "lon")


def bay_row(one: Standing) -> dict[str, Any]:
    """Give a bay as its schema has it."""
    rule = one.rule
    return {name: getattr(one.bay, name) for name in _OF_BAY} | {
        "presence": one.presence.value,
        "free": one.free,
        "activity": rule.activity if rule else None,
        "most_minutes": rule.most_minutes if rule else None,
    }
