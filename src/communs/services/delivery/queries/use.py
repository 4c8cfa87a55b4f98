"""How bays are used: stops, people turned away, reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from communs.core.communities.owned import OwnedQuerySet
from communs.services.delivery.engine import advice, terms
from communs.services.delivery.enums import Moderation
from communs.services.delivery.models import Bay, Report, Turning, Visit
from communs.services.delivery.queries.bays import bays
from communs.services.delivery.queries.shops import expectations_of

WEEKS = 8
_DAY = timedelta(days=1)
Stop = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Use:
    """A bay's hours of the week over the last weeks, and what they advise."""

    bay: Bay
    cells: dict[advice.Slot, advice.Cell]
    advice: advice.Advice


def visits_between(first: date, last: date) -> OwnedQuerySet:
    """Give the stops that began on these days."""
    return Visit.objects.filter(day__gte=first, day__lte=last)


def uses(*, on: date, saturated: float, quiet: float) -> list[Use]:
    """Give how every bay was used in the eight weeks before a day, and what shops have declared.

    In six queries whatever the number of bays. A stop whose end nobody knows counts until the end
    of its disc, or not at all without one.
    """
    found = list(bays(on=on))
    first = on - timedelta(weeks=WEEKS)
    stops = _stops(first, on - _DAY)
    begins, ends = terms.bounds(first)[0], terms.bounds(on)[0]
    turned = _moments(Turning.objects.filter(full=True), begins, ends)
    told = _moments(Report.objects.filter(state=Moderation.KEPT), begins, ends)
    ahead = {one.bay.pk: one for one in expectations_of(found, on=on)}
    rows = []
    for bay in found:
        days = _days(bay, stops[bay.pk], first, on)
        known = stops[bay.pk], turned[bay.pk], told[bay.pk]
        hours = advice.cells(*known, spaces=bay.spaces, days=days)
        counsel = advice.advise(
            hours,
            days=len(days),
            saturated=saturated,
            quiet=quiet,
            crowded=ahead[bay.pk].crowded(saturated),
            declared=ahead[bay.pk].fullest,
        )
        rows.append(Use(bay, hours, counsel))
    return rows


def saturated_hours(*, on: date, share: float) -> int | None:
    """Count the saturated hours of a day over all bays; None when no stop is known."""
    stops = _stops(on, on)
    if not stops:
        return None
    cells = [
        cell
        for bay in bays(on=on)
        for cell in advice.cells(stops[bay.pk], [], [], spaces=bay.spaces, days=[on]).values()
    ]
    return sum(cell.share >= share for cell in cells)


def _days(bay: Bay, stops: Sequence[Stop], first: date, on: date) -> list[date]:
    """Give the days that count: since the bay opened, and since its first stop is known."""
    known = min((terms.day_of(begins) for begins, _ends in stops), default=on)
    start = max(first, bay.since, known)
    return [start + count * _DAY for count in range((on - start).days)]


def _stops(first: date, last: date) -> dict[UUID, list[Stop]]:
    rows = visits_between(first, last).filter(Q(ends_at__isnull=False) | Q(ticket__isnull=False))
    found: dict[UUID, list[Stop]] = defaultdict(list)
    for bay, begins, ends, until in rows.values_list(
        "bay_id", "begins_at", "ends_at", "ticket__allowed_until"
    ):
        found[bay].append((begins, ends or until))
    return found


def _moments(rows: Any, begins: datetime, ends: datetime) -> dict[UUID, list[datetime]]:
    found: dict[UUID, list[datetime]] = defaultdict(list)
    between = rows.filter(at__gte=begins, at__lt=ends).order_by()
    for bay, at in between.values_list("bay_id", "at"):
        found[bay].append(at)
    return found


def dwell_minutes(rows: Sequence[Stop]) -> list[float]:
    """Give how long stops lasted, in minutes."""
    return [(ends - begins) / timedelta(minutes=1) for begins, ends in rows]
