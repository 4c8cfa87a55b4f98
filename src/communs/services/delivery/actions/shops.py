"""Shops and their recurring deliveries, written."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.delivery.engine import codes
from communs.services.delivery.enums import Asking
from communs.services.delivery.models import Bay, Merchant, Pause, Recurrence
from communs.services.delivery.queries.stops import secret_digest

MOST_PAUSES, MOST_RECURRENCES = 20, 20
_SECRET_BYTES = 16
_FAR = timedelta(days=366)


class Declared(NamedTuple):
    """A shop, and the secret that opens its page: it is told once."""

    merchant: Merchant
    secret: str


@action("delivery.merchant_asked")
def ask_for_merchant(
    *,
    name: str,
    address: str,
    bay: Bay,
    contact: str,
    recurrence: Mapping[str, Any],
    at: datetime,
    on: date,
    by: Any,
) -> Declared:
    """Keep what a shop asks for, with its first delivery; nothing counts before an agent says yes.

    Asked and never answered, it goes with the time that the table says, counted from that day.
    """
    made = _shop(name, address, bay, contact, at)
    made.merchant.over_on = on
    made.merchant.save(force_insert=True)
    _recur(made.merchant, recurrence)
    record(made.merchant, bay=bay.code)
    return made


@action("delivery.merchant_added")
def add_merchant(
    *, name: str, address: str, bay: Bay, contact: str, at: datetime, by: Any
) -> Declared:
    """Add a shop; what comes back to it is said next."""
    made = _shop(name, address, bay, contact, at)
    made.merchant.state = Asking.ACCEPTED
    made.merchant.save(force_insert=True)
    record(made.merchant, bay=bay.code)
    return made


@action("delivery.merchant_answered")
def answer_merchant(*, merchant: Merchant, accept: bool, on: date, by: Any) -> None:
    """Let the deliveries of a shop count, or not; a refusal is forgotten after its time."""
    held = Merchant.objects.select_for_update().get(pk=merchant.pk)
    if held.state != Asking.ASKED:
        raise Refused(_("Somebody has answered this shop already."))
    held.state = Asking.ACCEPTED if accept else Asking.REFUSED
    held.over_on = None if accept else on
    held.save(update_fields=["state", "over_on"])
    record(held, accepted=accept)


@action("delivery.merchant_ended")
def end_merchant(*, merchant: Merchant, on: date, by: Any) -> None:
    """Let a shop and all that comes back to it end with a day."""
    if merchant.state != Asking.ACCEPTED or merchant.over_on is not None:
        raise Refused(_("This shop ends already."))
    merchant.over_on = on
    merchant.save(update_fields=["over_on"])
    record(merchant, until=on.isoformat())


@action("delivery.merchant_page_renewed")
def renew_page(*, merchant: Merchant, by: Any) -> Declared:
    """Give a shop a new secret for its page; the former one opens nothing any more."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    merchant.digest = secret_digest(secret)
    merchant.save(update_fields=["digest"])
    record(merchant)
    return Declared(merchant, secret)


@action("delivery.recurrence_added")
def add_recurrence(*, merchant: Merchant, recurrence: Mapping[str, Any], by: Any) -> Recurrence:
    """Declare a delivery that comes back to a shop."""
    if merchant.recurrences.count() >= MOST_RECURRENCES:
        raise Refused(_("This shop has as many recurring deliveries as it may."))
    row = _recur(merchant, recurrence)
    record(row, merchant=str(merchant.pk), days=row.days, minutes=row.minutes)
    return row


@action("delivery.recurrence_ended")
def end_recurrence(*, recurrence: Recurrence, on: date, by: Any) -> None:
    """Let a recurring delivery end with a day; one that has not begun is taken away."""
    if recurrence.until is not None and recurrence.until <= on:
        raise Refused(_("This delivery ends by then already."))
    if on < recurrence.since:
        key = f"delivery.recurrence:{recurrence.pk}"
        recurrence.delete()
        record(key, until=None)
        return
    recurrence.until = on
    recurrence.save(update_fields=["until"])
    record(recurrence, until=on.isoformat())


@action("delivery.recurrence_paused")
def pause_recurrence(*, recurrence: Recurrence, first: date, last: date, by: Any) -> Pause:
    """Leave days out; both count."""
    if last < first:
        raise Refused(_("The last day is before the first."), field="last")
    if last - first > _FAR:
        raise Refused(_("A pause lasts a year at most."), field="last")
    if recurrence.pauses.count() >= MOST_PAUSES:
        raise Refused(_("This delivery has as many pauses as it may."))
    if recurrence.pauses.filter(first__lte=last, last__gte=first).exists():
        raise Refused(_("A pause covers some of these days already."), field="first")
    row = Pause.objects.create(recurrence=recurrence, first=first, last=last)
    record(recurrence, first=first.isoformat(), last=last.isoformat())
    return row


@action("delivery.pause_lifted")
def lift_pause(*, pause: Pause, by: Any) -> None:
    """Let a delivery come on those days after all."""
    record(pause.recurrence, first=pause.first.isoformat(), last=pause.last.isoformat())
    pause.delete()


def _shop(name: str, address: str, bay: Bay, contact: str, at: datetime) -> Declared:
    """Give a shop that is not saved yet, and its secret."""
    lines = {"name": clean_line(name), "address": clean_line(address)}
    for field, line in lines.items():
        if not line:
            raise Refused(_("Write something here."), field=field)
        if codes.holds_plate(line):
            raise Refused(_("Leave the number plate out: it is not kept here."), field=field)
    here = Q(state=Asking.ASKED) | Q(state=Asking.ACCEPTED, over_on=None)
    if Merchant.objects.filter(here, **lines).exists():
        raise Refused(_("This shop is here already."), field="name")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    known = {"contact": contact.strip().lower() or None, "digest": secret_digest(secret)}
    return Declared(Merchant(**lines, **known, bay=bay, asked_at=at), secret)


def _recur(merchant: Merchant, given: Mapping[str, Any]) -> Recurrence:
    row = Recurrence(merchant=merchant, **given)
    if row.ends <= row.begins:
        raise Refused(_("The second hour is before the first."), field="ends")
    if row.minutes > _between(row.begins, row.ends):
        raise Refused(_("The stop does not fit between the two hours."), field="minutes")
    if row.until is not None and row.until < row.since:
        raise Refused(_("The last day is before the first."), field="until")
    row.save(force_insert=True)
    return row


def _between(begins: time, ends: time) -> int:
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
