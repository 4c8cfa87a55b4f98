"""Discs: started, made longer, ended; and what is forgotten of them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import moment
from communs.services.delivery.engine import codes, room, terms
from communs.services.delivery.models import Bay, Booking, PlatePrint, Ticket, Turning
from communs.services.delivery.options import DeliveryOptions
from communs.services.delivery.queries.bays import in_force, rules_of, waiting
from communs.services.delivery.queries.stops import print_of, secret_digest

_SECRET_BYTES = 16
_NUMBER_LENGTH = 6


class Full(Refused):
    """No space is left in the bay."""


class Started(NamedTuple):
    """A new disc, and the secret that opens its page: it is told once."""

    ticket: Ticket
    secret: str


@action("delivery.ticket_started")
def start_ticket(
    *,
    bay: Bay,
    vehicle: str,
    purpose: str,
    plate: str,
    options: DeliveryOptions,
    at: datetime,
    by: Any,
) -> Started:
    """Start a disc, as long as the rule of the bay lets it be; refused in words otherwise."""
    held = Bay.objects.select_for_update().get(pk=bay.pk)
    rules = rules_of(held, at)
    rule = _rule_for_loading(rules, vehicle, at)
    printed = _print(plate)
    if printed:
        _refuse_return(held, printed, rule, at)
    end = terms.last_moment(rules, at, rule.most_minutes or options.disc_minutes, vehicle)
    booked = _first_booking(held, at)
    if booked is not None:
        end = min(end, booked)
    made = new_ticket(held, (vehicle, purpose), at, end)
    if printed:
        PlatePrint.objects.create(ticket=made.ticket, digest=printed, at=at)
    record(made.ticket, bay=held.code, vehicle=vehicle, until=end.isoformat())
    return made


@action("delivery.ticket_extended")
def extend_ticket(*, ticket: Ticket, at: datetime, by: Any) -> Ticket:
    """Make a disc longer, once, where the rule lets it be."""
    held = Ticket.objects.select_for_update().select_related("bay").get(pk=ticket.pk)
    if held.ended_at is not None or held.allowed_until <= at:
        raise Refused(_("This disc is over."))
    if held.extended:
        raise Refused(_("A disc can be made longer once."))
    rules = rules_of(held.bay, held.started_at)
    rule = terms.in_force(rules, held.started_at, held.vehicle)
    minutes = rule.extension_minutes if rule is not None else 0
    if not minutes:
        raise Refused(_("Here a disc cannot be made longer."))
    end = terms.last_moment(rules, held.allowed_until, minutes, held.vehicle)
    booked = _first_booking(held.bay, held.allowed_until, besides=held)
    end = end if booked is None else min(end, booked)
    if end <= held.allowed_until:
        raise Refused(_("Somebody has booked the space that follows."))
    held.allowed_until, held.extended = end, True
    held.save(update_fields=["allowed_until", "extended"])
    record(held, until=end.isoformat())
    return held


@action("delivery.ticket_ended")
def end_ticket(*, ticket: Ticket, at: datetime, by: Any) -> Ticket:
    """End a disc: the space is free for the next one."""
    held = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if held.ended_at is not None:
        nothing_done()
        return held
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    record(held, ended=at.isoformat())
    return held


@action("delivery.turned_away")
def note_turning(*, bay: Bay, full: bool, at: datetime, by: Any) -> None:
    """Count somebody who was turned away, for what the streets need."""
    row = Turning.objects.create(bay=bay, at=at, full=full)
    record(row, bay=bay.code, full=full)


@action("delivery.plates_forgotten")
def forget_plates(*, before: datetime, by: Any) -> int:
    """Erase the prints of plates that were taken before an instant."""
    gone, _tables = PlatePrint.objects.filter(at__lt=before).delete()
    if gone:
        record("delivery.plateprint", count=gone)
    else:
        nothing_done()
    return int(gone)


def new_ticket(bay: Bay, what: tuple[str, str], at: datetime, end: datetime) -> Started:
    """Write a disc for a vehicle and a purpose; whoever calls has the bay locked."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    vehicle, purpose = what
    ticket = Ticket.objects.create(
        bay=bay,
        number=_free_number(),
        digest=secret_digest(secret),
        vehicle=vehicle,
        purpose=purpose,
        started_at=at,
        allowed_until=end,
    )
    return Started(ticket, secret)


def _rule_for_loading(rules: list[terms.Rule], vehicle: str, at: datetime) -> terms.Rule:
    """Give the rule under which one may unload now, or refuse and say when one may."""
    rule = terms.in_force(rules, at, vehicle)
    if rule is not None and rule.activity == terms.LOADING:
        return rule
    if rule is not None and rule.activity == terms.PARKING:
        raise Refused(_("Everybody may park here now: no disc is needed."))
    again = terms.next_loading(rules, at, vehicle)
    if again is None:
        raise Refused(_("This vehicle may not unload here."), field="vehicle")
    sentence = _("One may not unload here now. One may from %(moment)s on.")
    raise Refused(sentence % {"moment": moment(again)})


def _print(plate: str) -> str:
    if not plate.strip():
        return ""
    kept = codes.plate(plate)
    if not kept:
        raise Refused(_("This is not a number plate."), field="plate")
    return print_of(kept)


def _refuse_return(bay: Bay, printed: str, rule: terms.Rule, at: datetime) -> None:
    """Refuse a vehicle that has a disc here, or that left too short a time ago."""
    rows = Ticket.objects.filter(bay=bay, prints__digest=printed, started_at__lte=at)
    last = rows.order_by("-started_at").first()
    if last is None:
        return
    left = last.ended_at or last.allowed_until
    if left > at:
        raise Refused(_("This vehicle has a disc here already."), field="plate")
    back = left + timedelta(minutes=rule.no_return_minutes)
    if back > at:
        sentence = _("This vehicle was here a short time ago. It may come back from %(moment)s on.")
        raise Refused(sentence % {"moment": moment(back)}, field="plate")


def _first_booking(bay: Bay, at: datetime, *, besides: Ticket | None = None) -> datetime | None:
    """Give when bookings will leave no space for one more; refuse if none is left now.

    Discs and bookings count, not sensors: whoever starts a disc stands in the bay already.
    """
    discs = Ticket.objects.filter(in_force(at), bay=bay)
    if besides is not None:
        discs = discs.exclude(pk=besides.pk)
    left = bay.spaces - discs.count()
    kept = Booking.objects.filter(waiting(at), bay=bay, ends_at__gt=at)
    intervals = list(kept.values_list("begins_at", "ends_at"))
    full = at if left <= 0 else room.first_full(intervals, left, at)
    if full == at and besides is None:
        raise Full(_("No space is left in this bay."))
    return full


def _free_number() -> str:
    drawn = {codes.drawn(_NUMBER_LENGTH) for _try in range(20)}
    taken = set(Ticket.objects.filter(number__in=drawn).values_list("number", flat=True))
    return min(drawn - taken)
