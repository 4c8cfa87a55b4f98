"""Reads about the whole installation, for those who run the platform: counts, never contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.registry.models import Activation

# What the composition root knows of the installation's health: (.about .level .sentence) each.
checks: list[Callable[[datetime], Sequence[Any]]] = []

_REASON = "the platform's administrators see how much is used, without reading it"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A community as the platform's administrators see it."""

    community: Community
    services: int
    members: int
    last_activity: date | None


@dataclass(frozen=True, slots=True)
class Month:
    """What was done in a month, over the whole installation."""

    month: date
    events: int
    people: int
    communities: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The installation at a glance; `storage` in bytes."""

    members: int
    communities: int
    activations: int
    storage: int


def communities(*, words: str = "", kind: str = "", active: bool = False) -> QuerySet[Community]:
    """Give communities by name; `active` keeps those that have a service on or members."""
    rows = Community.objects.order_by("kind", "name", "pk")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(host__icontains=words) | Q(insee=words))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(pk__in=_used()) if active else rows


def tenants(rows: Sequence[Community], *, on: date) -> list[Tenant]:
    """Give what each uses: three queries, whatever their number."""
    keys = [row.pk for row in rows]
    with across(_REASON):
        services = _counts(Activation.everywhere.filter(community__in=keys, on=True))
        members = _counts(Membership.everywhere.filter(in_force(on), community__in=keys))
        last = _last_activity(keys)
    return [Tenant(row, services[row.pk], members[row.pk], last.get(row.pk)) for row in rows]


def months(*, at: datetime) -> list[Month]:
    """Give the twelve last months, the latest first; a month without events is not in it."""
    start = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    back = start.year * 12 + start.month - 1 - 11
    start = start.replace(year=back // 12, month=back % 12 + 1)
    with across(_REASON):
        rows = (
            Event.everywhere.filter(at__gte=start)
            .order_by()
            .annotate(month=TruncMonth("at"))
            .values("month")
            .annotate(
                events=Count("pk"),
                people=Count("actor", distinct=True),
                places=Count("community", distinct=True),
            )
            .order_by("-month")
        )
        return [Month(r["month"].date(), r["events"], r["people"], r["places"]) for r in rows]


def totals(*, on: date) -> Totals:
    """Give the installation at a glance: four queries."""
    with across(_REASON):
        members = Membership.everywhere.filter(in_force(on)).order_by()
        on_now = Activation.everywhere.filter(on=True).order_by()
        kept = StoredFile.everywhere.exclude(state=State.EXPIRED)
        return Totals(
            members=members.values("person").distinct().count(),
            communities=on_now.values("community").distinct().count(),
            activations=on_now.count(),
            storage=kept.aggregate(total=Sum("size"))["total"] or 0,
        )


def services_on() -> Counter[str]:
    """Give in how many communities each service is on."""
    with across(_REASON):
        return Counter(Activation.everywhere.filter(on=True).values_list("service", flat=True))


def health(*, at: datetime) -> list[Any]:
    """Give every answer about the installation's health, the worst first."""
    order = {"error": 0, "warning": 1}
    found = [answer for check in checks for answer in check(at)]
    return sorted(found, key=lambda answer: order.get(answer.level, 2))


def _used() -> set[Any]:
    with across(_REASON):
        on = set(Activation.everywhere.filter(on=True).values_list("community", flat=True))
        return on | set(Membership.everywhere.order_by().values_list("community", flat=True))


def _counts(rows: QuerySet[Any]) -> Counter[Any]:
    found = rows.order_by().values_list("community").annotate(n=Count("pk"))
    return Counter(dict(found))


def _last_activity(keys: list[Any]) -> dict[Any, date]:
    """Read the end of each chain: an index leads there, however long the journal."""
    chained = Event.everywhere.filter(community=OuterRef("pk")).exclude(position=None)
    last = Subquery(chained.order_by("-position").values("at")[:1])
    rows = Community.objects.filter(pk__in=keys).annotate(last=last).order_by()
    return {key: timezone.localdate(at) for key, at in rows.values_list("pk", "last") if at}
