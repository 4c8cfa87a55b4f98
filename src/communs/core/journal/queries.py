"""Reads about what was done, in the community in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from communs.core.journal.enums import Delivery
from communs.core.journal.models import Event, Seal, Undelivered


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; an empty part asks for nothing."""

    first: date | None = None
    last: date | None = None
    name: str = ""
    subject: str = ""
    actors: tuple[UUID, ...] | None = None


def events(asked: Asked) -> QuerySet[Event]:
    """Give the events that answer, the latest first."""
    rows = Event.objects.order_by("-id")
    if asked.first:
        rows = rows.filter(at__gte=_midnight(asked.first))
    if asked.last:
        rows = rows.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    if asked.name:
        rows = rows.filter(name=asked.name)
    if asked.subject:
        rows = rows.filter(subject__contains=asked.subject)
    return rows if asked.actors is None else rows.filter(actor__in=asked.actors)


def slice_of(rows: QuerySet[Event], *, before: UUID | None, size: int) -> tuple[list[Event], bool]:
    """Give up to `size` events before a key, and whether there are more: no journal is counted."""
    found = list((rows.filter(pk__lt=before) if before else rows)[: size + 1])
    return found[:size], len(found) > size


def names_used() -> list[str]:
    """Give the names of the events there are."""
    return sorted(Event.objects.order_by().values_list("name", flat=True).distinct())


def last_seal() -> Seal | None:
    """Give the latest seal, if the journal was ever sealed."""
    return Seal.objects.last()


def undelivered(*, state: str = "") -> QuerySet[Undelivered]:
    """Give the deliveries that failed, with their event, the next to be tried first."""
    rows = Undelivered.objects.select_related("event")
    return rows.filter(state=state) if state in Delivery.values else rows


def failure(key: UUID) -> Undelivered | None:
    """Give a failed delivery of this community, or None."""
    return Undelivered.objects.select_related("event").filter(pk=key).first()


def actors_of(rows: Iterable[Event]) -> set[UUID]:
    """Give the keys of the accounts that did these things."""
    return {row.actor for row in rows if row.actor}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
