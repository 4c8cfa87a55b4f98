"""Shops, what comes back to them, and how full bays will be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from communs.core.communities.owned import OwnedQuerySet
from communs.services.delivery.engine import expected
from communs.services.delivery.enums import Asking
from communs.services.delivery.models import Bay, Merchant, Recurrence
from communs.services.delivery.queries.bays import bays
from communs.services.delivery.queries.stops import secret_digest

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Expectation:
    """What shops have declared of a bay, by day, against its spaces."""

    bay: Bay
    days: Mapping[date, Sequence[expected.Half]]

    def crowded(self, share: float) -> int:
        """Count the half hours in which so large a share of the spaces’ time will be taken."""
        counts = (expected.crowded(half, self.bay.spaces, share) for half in self.days.values())
        return sum(map(len, counts))

    def clashing(self) -> int:
        """Count the half hours in which more vehicles may come than there are spaces."""
        return sum(len(expected.clashing(half, self.bay.spaces)) for half in self.days.values())

    @property
    def fullest(self) -> float:
        """Give the largest part of the spaces’ time that is expected to be taken."""
        means = (half.mean for halves in self.days.values() for half in halves)
        return max(means, default=0.0) / self.bay.spaces


def merchants() -> OwnedQuerySet:
    """Give the shops, with their bay and what comes back to them."""
    rows = Merchant.objects.select_related("bay")
    return rows.prefetch_related("recurrences__pauses", "recurrences__carrier")


def merchants_here(*, on: date) -> OwnedQuerySet:
    """Give the shops that were accepted and whose last day is not over."""
    rows = merchants().filter(state=Asking.ACCEPTED)
    return rows.filter(Q(over_on__isnull=True) | Q(over_on__gte=on))


def merchants_asking() -> OwnedQuerySet:
    """Give the shops that wait for an answer, the first to ask first."""
    return merchants().filter(state=Asking.ASKED).order_by("asked_at")


def merchant_of(secret: str) -> Merchant | None:
    """Give the shop whose page a secret opens, or None."""
    return merchants().filter(digest=secret_digest(secret)).first()


def coming(recurrence: Recurrence) -> expected.Coming:
    """Give a recurring delivery as the engine reads it."""
    return expected.Coming(
        key=str(recurrence.pk),
        days=frozenset(map(int, recurrence.days)),
        begins=recurrence.begins,
        ends=recurrence.ends,
        minutes=recurrence.minutes,
        since=recurrence.since,
        until=recurrence.until,
        holidays=recurrence.holidays,
        pauses=tuple((pause.first, pause.last) for pause in recurrence.pauses.all()),
    )


def expectation(bay: Bay, *, on: date) -> Expectation:
    """Give what is expected in a bay on one day."""
    return expectations_of([bay], on=on, days=1)[0]


def expectations(*, on: date, days: int = _WEEK) -> list[Expectation]:
    """Give what is expected in every bay in the days from one on, in three queries."""
    return expectations_of(bays(on=on), on=on, days=days)


def expectations_of(found: Iterable[Bay], *, on: date, days: int = _WEEK) -> list[Expectation]:
    """Give what is expected in some bays in the days from one on."""
    rows = list(found)
    span = [on + timedelta(days=ahead) for ahead in range(days)]
    declared = _declared([bay.pk for bay in rows], span[0], span[-1])
    return [
        Expectation(bay, {day: expected.load(_open(declared[bay.pk], day), day) for day in span})
        for bay in rows
    ]


Declared = tuple[expected.Coming, date | None]  # and the last day of its shop


def _declared(keys: Sequence[UUID], first: date, last: date) -> dict[UUID, list[Declared]]:
    """Give, by bay, what accepted shops have declared that may come in these days."""
    rows = Recurrence.objects.filter(
        Q(until__isnull=True) | Q(until__gte=first),
        Q(merchant__over_on__isnull=True) | Q(merchant__over_on__gte=first),
        merchant__bay__in=keys,
        merchant__state=Asking.ACCEPTED,
        since__lte=last,
    )
    found: dict[UUID, list[Declared]] = defaultdict(list)
    for row in rows.select_related("merchant").prefetch_related("pauses"):
        found[row.merchant.bay_id].append((coming(row), row.merchant.over_on))
    return found


def _open(declared: Iterable[Declared], day: date) -> list[expected.Coming]:
    return [one for one, last in declared if last is None or day <= last]
