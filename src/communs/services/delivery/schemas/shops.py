"""Shops and what comes back to them, for programs."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from communs.services.delivery.engine import expected
from communs.services.delivery.enums import Asking, VehicleClass
from communs.services.delivery.models import CODE_LENGTH, Merchant, Recurrence
from communs.services.delivery.queries import Expectation


class HalfOut(Schema):
    """Half an hour: vehicles on average and at most; `begins` is on the clocks of the commune."""

    begins: time
    mean: float
    most: int


class ExpectedOut(Schema):
    """What shops have declared of a bay for a day; half hours without a vehicle are left out."""

    bay: str
    day: date
    spaces: int
    halves: list[HalfOut]


class PauseOut(Schema):
    """Days left out, both included."""

    first: date
    last: date


class RecurrenceIn(Schema):
    """A delivery that comes back; `days` are figures from 0, Monday."""

    days: str = Field(pattern=r"^0?1?2?3?4?5?6?$", min_length=1)
    begins: time
    ends: time
    minutes: int = Field(ge=1, le=240)
    vehicle: VehicleClass
    holidays: bool = False
    since: date
    until: date | None = None


class RecurrenceOut(RecurrenceIn):
    """The same, kept."""

    id: UUID
    carrier: str | None
    pauses: list[PauseOut]


class MerchantIn(Schema):
    """A shop."""

    name: str = Field(min_length=1, max_length=120)
    address: str = Field(min_length=1, max_length=160)
    bay: str = Field(min_length=CODE_LENGTH, max_length=CODE_LENGTH)


class MerchantOut(Schema):
    """A shop and what comes back to it; its e-mail address is not told."""

    id: UUID
    name: str
    address: str
    bay: str
    state: Asking
    until: date | None
    deliveries: list[RecurrenceOut]


def expected_row(one: Expectation, day: date) -> dict[str, Any]:
    """Give a bay's day as its schema has it."""
    halves = [
        {"begins": expected.clock(number), "mean": round(half.mean, 3), "most": half.most}
        for number, half in enumerate(one.days[day])
        if half.most
    ]
    return {"bay": one.bay.code, "day": day, "spaces": one.bay.spaces, "halves": halves}


def merchant_row(shop: Merchant) -> dict[str, Any]:
    """Give a shop as its schema has it."""
    return {
        "id": shop.pk,
        "name": shop.name,
        "address": shop.address,
        "bay": shop.bay.code,
        "state": shop.state,
        "until": shop.over_on if shop.state == Asking.ACCEPTED else None,
        "deliveries": [_recurrence_row(row) for row in shop.recurrences.all()],
    }


def _recurrence_row(row: Recurrence) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RecurrenceIn.model_fields} | {
        "id": row.pk,
        "carrier": row.carrier.name if row.carrier else None,
        "pauses": [{"first": pause.first, "last": pause.last} for pause in row.pauses.all()],
    }
