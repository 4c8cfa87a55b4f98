"""What carriers' addresses are told of; hearing of it twice tells them once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from communs.core.journal.listeners import listens_to
from communs.core.journal.models import Event
from communs.services.delivery import actions, queries
from communs.services.delivery.models import Booking

ACCEPTED, REFUSED = "booking.accepted", "booking.refused"
RELEASED, NO_SHOW, CLOSED = "booking.released", "booking.no_show", "bay.closed"


@listens_to("delivery.booked")
def tell_of_booking(event: Event) -> None:
    """Tell a carrier that a space is kept for it."""
    _tell_of_bookings(event, ACCEPTED, [_key(event)])


@listens_to("delivery.booking_cancelled")
def tell_of_cancelled(event: Event) -> None:
    """Tell a carrier that its space is given back, whoever in the firm did so."""
    _tell_of_bookings(event, RELEASED, [_key(event)], because="cancelled")


@listens_to("delivery.bookings_released")
def tell_of_no_show(event: Event) -> None:
    """Tell carriers that nobody came."""
    _tell_of_bookings(event, NO_SHOW, event.data.get("bookings", []))


@listens_to("delivery.booking_refused")
def tell_of_refusal(event: Event) -> None:
    """Tell a carrier that it could not book, and why."""
    said = {name: event.data[name] for name in ("bay", "begins", "reason")}
    known: dict[str, Any] = {"about": str(event.pk), "data": said, "at": event.at, "by": None}
    actions.tell_carriers(kind=REFUSED, carriers=[UUID(_key(event))], **known)


@listens_to("delivery.bay_closed")
def tell_of_closed_bay(event: Event) -> None:
    """Tell every carrier that a bay closes, and those that had booked it that they have not."""
    said = {"bay": event.data["code"], "until": event.data["until"]}
    known: dict[str, Any] = {"about": str(event.pk), "data": said, "at": event.at, "by": None}
    actions.tell_carriers(kind=CLOSED, carriers=None, **known)
    _tell_of_bookings(event, RELEASED, event.data.get("bookings", []), because="bay closed")


def _tell_of_bookings(event: Event, kind: str, keys: Iterable[str], **more: str) -> None:
    if not queries.hooks(on=event.at.date()).exists():
        return
    for row in Booking.objects.filter(pk__in=list(keys)).select_related("bay"):
        said = {
            "booking": str(row.pk),
            "bay": row.bay.code,
            "begins": row.begins_at.isoformat(),
            "ends": row.ends_at.isoformat(),
            "released_from": row.released_from.isoformat(),
        }
        known: dict[str, Any] = {"about": f"{event.pk}:{row.pk}", "at": event.at, "by": None}
        actions.tell_carriers(kind=kind, carriers=[row.carrier_id], data=said | more, **known)


def _key(event: Event) -> str:
    return event.subject.rpartition(":")[2]
