"""A booking, as a carrier's program has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from communs.services.delivery.enums import BookingState
from communs.services.delivery.models import CODE_LENGTH, Booking


class BookingIn(Schema):
    """A new booking."""

    bay: str = Field(min_length=CODE_LENGTH, max_length=CODE_LENGTH)
    begins_at: AwareDatetime
    minutes: int = Field(ge=15, le=30)


class BookingOut(Schema):
    """A booking; it is given back at `released_from` if nobody has come."""

    id: UUID
    bay: str
    begins_at: datetime
    ends_at: datetime
    released_from: datetime
    state: BookingState


def booking_row(booking: Booking) -> dict[str, Any]:
    """Give a booking as its schema has it."""
    return {
        "id": booking.pk,
        "bay": booking.bay.code,
        "begins_at": booking.begins_at,
        "ends_at": booking.ends_at,
        "released_from": booking.released_from,
        "state": booking.state,
    }
