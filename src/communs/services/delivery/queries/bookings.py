"""Bookings of carriers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from communs.core.communities.owned import OwnedQuerySet
from communs.services.delivery.models import Booking, Carrier

_FOUR_WEEKS = timedelta(weeks=4)


def carriers() -> OwnedQuerySet:
    """Give every carrier."""
    return Carrier.objects.all()


def carrier_of(person: Any, *, on: date) -> Carrier | None:
    """Give the carrier for which an account acts that day, or None."""
    return Carrier.objects.filter(contact=person.email.lower(), until__gte=on).first()


def bookings_of(carrier: Carrier, *, at: datetime) -> OwnedQuerySet:
    """Give a carrier's bookings that are not over yet."""
    return Booking.objects.filter(carrier=carrier, ends_at__gt=at).select_related("bay")


def booking_of(carrier: Carrier, key: UUID) -> Booking | None:
    """Give one booking of a carrier, or None."""
    return Booking.objects.filter(carrier=carrier, pk=key).select_related("bay").first()


def latest_bookings(*, at: datetime) -> OwnedQuerySet:
    """Give the bookings of the four weeks gone by and of those to come, the latest first."""
    rows = Booking.objects.filter(begins_at__gte=at - _FOUR_WEEKS)
    return rows.select_related("bay", "carrier").order_by("-begins_at")
