"""Bookings by a carrier's program, with a key that may book and nothing else."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.models import Carrier
from communs.services.delivery.options import DeliveryOptions
from communs.services.delivery.rules import BOOK
from communs.services.delivery.schemas import BookingIn, BookingOut, booking_row

router = Router(auth=signed_in)


@router.get("/reservations", response=list[BookingOut], url_name="delivery_bookings")
def bookings(request: HttpRequest) -> list[dict[str, Any]]:
    """List one's bookings that are not over."""
    rows = queries.bookings_of(carrier_or_404(request), at=timezone.now())
    return [booking_row(row) for row in rows]


@router.post("/reservations", response={201: BookingOut}, url_name="delivery_book")
def book(request: HttpRequest, given: BookingIn) -> Status:
    """Book a space."""
    carrier, at = carrier_or_404(request), timezone.now()
    bay = queries.bay(given.bay.upper(), on=timezone.localdate(at))
    if bay is None:
        raise Http404(given.bay)
    options = cast(DeliveryOptions, cast(Request, request).running["delivery"].options)
    known: dict[str, Any] = {"carrier": carrier, "options": options, "at": at, "by": request.user}
    row = actions.ask_for_booking(
        bay=bay, begins_at=given.begins_at, minutes=given.minutes, **known
    )
    return Status(201, booking_row(row))


@router.delete("/reservations/{uuid:key}", response={204: None}, url_name="delivery_cancel")
def cancel(request: HttpRequest, key: UUID) -> Status:
    """Give a booked space back."""
    found = queries.booking_of(carrier_or_404(request), key)
    if found is None:
        raise Http404(str(key))
    actions.cancel(booking=found, by=request.user)
    return Status(204, None)


def carrier_or_404(request: HttpRequest) -> Carrier:
    require(request.user, BOOK)
    found = queries.carrier_of(request.user, on=timezone.localdate())
    if found is None:
        raise Http404
    return found
