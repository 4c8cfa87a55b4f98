"""What agents in the street look at; none of it is a fine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from communs.core.communities.owned import OwnedQuerySet
from communs.services.delivery.enums import Moderation
from communs.services.delivery.models import Bay, PlatePrint, Report, Ticket
from communs.services.delivery.queries.bays import Standing, standings
from communs.services.delivery.queries.stops import print_of

_STILL_SHOWN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Round:
    """A bay as an agent meets it; `unticketed` is None when no sensor tells."""

    standing: Standing
    valid: Sequence[Ticket]
    over: Sequence[Ticket]
    unticketed: int | None


def rounds(found: Iterable[Bay], *, at: datetime, grace: timedelta) -> list[Round]:
    """Give bays with their discs, those that have something to look at first."""
    stand = standings(found, at=at)
    discs = _discs([one.bay for one in stand], at)
    rows = [_round(one, discs[one.bay.pk], at, grace) for one in stand]
    return sorted(rows, key=lambda row: (not row.over, not row.unticketed, not row.valid))


def plate_found(plate: str, *, at: datetime) -> Ticket | None:
    """Give the disc with which a vehicle stands somewhere now, or None; nothing is kept of it."""
    rows = PlatePrint.objects.filter(
        Q(ticket__ended_at__isnull=True),
        digest=print_of(plate),
        ticket__started_at__lte=at,
        ticket__allowed_until__gt=at,
    )
    row = rows.select_related("ticket__bay").first()
    return row.ticket if row else None


def to_read() -> OwnedQuerySet:
    """Give the reports that nobody has read yet."""
    return Report.objects.filter(state=Moderation.WAITING).select_related("bay")


def _discs(found: Sequence[Bay], at: datetime) -> dict[object, list[Ticket]]:
    """Give, by bay, the discs that nobody ended and that count or counted not long ago."""
    rows = Ticket.objects.filter(
        bay__in=found,
        ended_at__isnull=True,
        started_at__lte=at,
        allowed_until__gt=at - _STILL_SHOWN,
    )
    by_bay: dict[object, list[Ticket]] = defaultdict(list)
    for row in rows.order_by("allowed_until"):
        by_bay[row.bay_id].append(row)
    return by_bay


def _round(one: Standing, discs: Sequence[Ticket], at: datetime, grace: timedelta) -> Round:
    valid = [disc for disc in discs if disc.allowed_until > at]
    past = [disc for disc in discs if disc.allowed_until + grace <= at]
    if one.seen is None:
        return Round(one, valid, past, None)
    if not one.seen:  # the sensor says that everybody has left
        return Round(one, valid, [], 0)
    return Round(one, valid, past[-one.seen :], max(0, one.seen - len(valid)))
