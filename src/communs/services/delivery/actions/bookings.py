"""Bookings: a space kept for a carrier, then given back; never more than the bay holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.delivery.actions.stops import Started, new_ticket
from communs.services.delivery.engine import room, terms
from communs.services.delivery.enums import BookingState, Errand
from communs.services.delivery.models import Bay, Booking, Carrier, Ticket
from communs.services.delivery.options import DeliveryOptions
from communs.services.delivery.queries.bays import rules_of, waiting

SHORTEST, LONGEST = 15, 30  # minutes
AHEAD = timedelta(days=7)
_MINUTE = timedelta(minutes=1)
_USING = (BookingState.BOOKED, BookingState.HONOURED)


@action("delivery.carrier_added")
def add_carrier(*, name: str, contact: str, until: date, by: Any) -> Carrier:
    """Let a firm book; whoever signs in with its address acts for it, now or later."""
    line = clean_line(name)
    if not line:
        raise Refused(_("Write something here."), field="name")
    if Carrier.objects.filter(name=line).exists():
        raise Refused(_("This firm is here already."), field="name")
    address = contact.strip().lower()
    if Carrier.objects.filter(contact=address).exists():
        raise Refused(_("This address serves another firm."), field="contact")
    row = Carrier.objects.create(name=line, contact=address, until=until)
    record(row, until=until.isoformat())
    return row


@action("delivery.carrier_ended")
def end_carrier(*, carrier: Carrier, on: date, by: Any) -> None:
    """Let a firm book no more from a day on."""
    carrier.until = on - timedelta(days=1)
    carrier.save(update_fields=["until"])
    record(carrier, until=carrier.until.isoformat())


@action("delivery.booked")
def book(
    *,
    bay: Bay,
    carrier: Carrier,
    begins_at: datetime,
    minutes: int,
    options: DeliveryOptions,
    at: datetime,
    by: Any,
) -> Booking:
    """Keep a space for a carrier, if the bay, its rules and fairness let it be."""
    held = Bay.objects.select_for_update().get(pk=bay.pk)
    ends_at = begins_at + minutes * _MINUTE
    _refuse_slot(options, begins_at, minutes, at)
    _refuse_rules(held, begins_at, ends_at)
    _refuse_share(held, carrier, begins_at, minutes, options)
    if room.peak(_kept(held, at), begins_at, ends_at) >= held.spaces:
        raise Refused(_("No space is left at that time."), field="begins_at")
    row = Booking.objects.create(
        bay=held,
        carrier=carrier,
        begins_at=begins_at,
        ends_at=ends_at,
        released_from=min(ends_at, begins_at + options.booking_grace * _MINUTE),
    )
    record(row, bay=held.code, begins=begins_at.isoformat(), ends=ends_at.isoformat())
    return row


@action("delivery.booking_honoured")
def honour(*, booking: Booking, vehicle: str, at: datetime, by: Any) -> Started:
    """Start the disc of a carrier that has come in time."""
    bay = Bay.objects.select_for_update().get(pk=booking.bay_id)
    held = Booking.objects.select_for_update().get(pk=booking.pk)
    if held.state != BookingState.BOOKED or at >= max(held.released_from, held.begins_at + _MINUTE):
        raise Refused(_("This booking is over."))
    if at < held.begins_at:
        raise Refused(_("It is too early: the space is kept from the hour of the booking on."))
    made = new_ticket(bay, (vehicle, Errand.DELIVERY), at, held.ends_at)
    held.state, held.ticket = BookingState.HONOURED, made.ticket
    held.save(update_fields=["state", "ticket"])
    record(held, bay=bay.code, ticket=made.ticket.number)
    return made


@action("delivery.booking_cancelled")
def cancel(*, booking: Booking, by: Any) -> None:
    """Give a booked space back."""
    held = Booking.objects.select_for_update().get(pk=booking.pk)
    if held.state != BookingState.BOOKED:
        raise Refused(_("This booking is over."))
    held.state = BookingState.CANCELLED
    held.save(update_fields=["state"])
    record(held)


@action("delivery.bookings_released")
def release_due(*, at: datetime, by: Any) -> int:
    """Give back the spaces of those who did not come in time."""
    due = Booking.objects.filter(state=BookingState.BOOKED, released_from__lte=at)
    keys = list(due.select_for_update().values_list("pk", flat=True))
    if keys:
        Booking.objects.filter(pk__in=keys).update(state=BookingState.RELEASED)
        record("delivery.booking", count=len(keys), bookings=sorted(map(str, keys)))
    else:
        nothing_done()
    return len(keys)


def ask_for_booking(
    *, bay: Bay, carrier: Carrier, begins_at: datetime, by: Any, **more: Any
) -> Booking:
    """Keep a space for a carrier, or keep that it was refused: its own programs hear of both."""
    try:
        return book(bay=bay, carrier=carrier, begins_at=begins_at, by=by, **more)
    except Refused as refusal:
        note_refusal(bay=bay, carrier=carrier, begins_at=begins_at, reason=str(refusal), by=by)
        raise


@action("delivery.booking_refused")
def note_refusal(*, bay: Bay, carrier: Carrier, begins_at: datetime, reason: str, by: Any) -> None:
    """Keep that a carrier could not book, and why."""
    begins = begins_at.isoformat()
    record(carrier, bay=bay.code, begins=begins, reason=reason)


def _refuse_slot(options: DeliveryOptions, begins_at: datetime, minutes: int, at: datetime) -> None:
    if not options.booking:
        raise Refused(_("Bays cannot be booked here."))
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused(_("Book between 15 and 30 minutes."), field="minutes")
    if not at <= begins_at <= at + AHEAD:
        raise Refused(_("Book an hour of the seven days to come."), field="begins_at")


def _refuse_rules(bay: Bay, begins_at: datetime, ends_at: datetime) -> None:
    """Refuse where loading is not allowed from the first minute to the last."""
    for moment, rule in terms.stretches(rules_of(bay, begins_at), begins_at, days=2):
        if moment >= ends_at:
            return
        if rule is None or rule.activity != terms.LOADING:
            raise Refused(_("One may not unload here at that time."), field="begins_at")


def _refuse_share(
    bay: Bay, carrier: Carrier, begins_at: datetime, minutes: int, options: DeliveryOptions
) -> None:
    """Refuse what would leave too little to others: of the carrier's day, and of the bay's."""
    day = terms.day_of(begins_at)
    first, last = terms.bounds(day)
    rows = Booking.objects.filter(state__in=_USING, begins_at__gte=first, begins_at__lt=last)
    if rows.filter(carrier=carrier).count() >= options.booking_most:
        raise Refused(_("Your firm has all its bookings of that day already."))
    spans = rows.filter(bay=bay).values_list("begins_at", "ends_at")
    booked = sum((ends - begins for begins, ends in spans), timedelta()) / _MINUTE
    whole = terms.loading_minutes(rules_of(bay, begins_at), day) * bay.spaces
    if (booked + minutes) * 100 > whole * options.booking_share:
        raise Refused(_("All that may be booked of this bay on that day is."), field="begins_at")


def _kept(bay: Bay, at: datetime) -> list[room.Interval]:
    """Give when spaces are kept: by bookings that still count and by discs that nobody ended."""
    bookings = Booking.objects.filter(waiting(at), bay=bay, ends_at__gt=at)
    discs = Ticket.objects.filter(bay=bay, ended_at=None, allowed_until__gt=at)
    return [
        *bookings.values_list("begins_at", "ends_at"),
        *discs.values_list("started_at", "allowed_until"),
    ]
