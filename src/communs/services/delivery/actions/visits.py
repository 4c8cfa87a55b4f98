"""Stops, made out from what discs and sensors told of a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from communs.core.journal.actions import action, nothing_done, record
from communs.core.sensing.enums import Property
from communs.core.sensing.models import Observation
from communs.core.sensing.queries import milliseconds
from communs.services.delivery.engine import fusion, terms
from communs.services.delivery.models import Bay, Booking, Ticket, Visit

_BEFORE, _AFTER = timedelta(hours=6), timedelta(hours=12)


@action("delivery.visits_made")
def make_visits(*, day: date, grace: timedelta, by: Any) -> int:
    """Make out the stops that began on a day, in place of what was made out before."""
    bays = {bay.pk: bay for bay in Bay.objects.select_related("thing")}
    discs, stays = _discs(day), _stays(bays, day)
    begins, ends = terms.bounds(day)
    rows = [
        _row(bays[key], visit, day)
        for key in sorted({*discs, *stays})
        for visit in fusion.fuse(discs[key], stays[key], grace=grace)
        if begins <= visit.begins < ends
    ]
    before, _tables = Visit.objects.filter(day=day).delete()
    Visit.objects.filter(ticket__in=[row.ticket_id for row in rows if row.ticket_id]).delete()
    Visit.objects.bulk_create(rows)
    if rows or before:
        record("delivery.visit", day=day.isoformat(), count=len(rows))
    else:
        nothing_done()
    return len(rows)


def _discs(day: date) -> dict[UUID, list[fusion.Disc]]:
    begins, ends = terms.bounds(day)
    rows = Ticket.objects.filter(started_at__gte=begins, started_at__lt=ends + _AFTER).order_by()
    booked = set(Booking.objects.filter(ticket__in=rows).values_list("ticket_id", flat=True))
    found: dict[UUID, list[fusion.Disc]] = defaultdict(list)
    told = rows.values_list("pk", "bay_id", "started_at", "allowed_until", "ended_at")
    for key, bay, began, until, left in told:
        held = key in booked
        disc = fusion.Disc(key=str(key), began=began, until=until, left=left, booked=held)
        found[bay].append(disc)
    return found


def _stays(bays: dict[UUID, Bay], day: date) -> dict[UUID, list[fusion.Stay]]:
    begins, ends = terms.bounds(day)
    by_number = {
        bay.thing.number: key
        for key, bay in bays.items()
        if bay.thing is not None and bay.thing.property == Property.PRESENCE
    }
    rows = Observation.objects.filter(
        thing__in=by_number,
        at__gte=milliseconds(begins - _BEFORE),
        at__lt=milliseconds(ends + _AFTER),
    )
    readings: dict[UUID, list[tuple[datetime, float]]] = defaultdict(list)
    for number, at, value in rows.values_list("thing", "at", "value"):
        moment = datetime.fromtimestamp(at / 1000, UTC)
        readings[by_number[number]].append((moment, value))
    found: dict[UUID, list[fusion.Stay]] = defaultdict(list)
    return found | {key: fusion.stays(said) for key, said in readings.items()}


def _row(bay: Bay, visit: fusion.Visit, day: date) -> Visit:
    return Visit(
        bay=bay,
        ticket_id=UUID(visit.disc) if visit.disc else None,
        day=day,
        begins_at=visit.begins,
        ends_at=visit.ends,
        sources=" ".join(visit.sources),
        overstayed=visit.overstayed,
    )
