"""How long readings stay, and where those to come will lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction

from communs.core.sensing.backends import backend
from communs.core.sensing.models import Observation, Source, Thing
from communs.core.sensing.queries import milliseconds

_MONTHS = 3
_AT_ONCE = timedelta(hours=6)  # of readings removed in one statement


def prepare(at: datetime) -> int:
    """Make ready for the readings of this month and those after it; give how many months."""
    begins = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(_MONTHS):
        ends = (begins + timedelta(days=32)).replace(day=1)
        backend().prepare(f"{begins:%Y_%m}", milliseconds(begins), milliseconds(ends))
        begins = ends
    return _MONTHS


def tidy(at: datetime) -> int:
    """Drop the tables of months before the last one that hold nothing any more; give how many."""
    last = at.astimezone(UTC).replace(day=1) - timedelta(days=1)
    return backend().tidy(f"{last:%Y_%m}")


def let_go(at: datetime) -> int:
    """Remove what is older than its source keeps it, in the community in force; give how many."""
    gone = 0
    for source in Source.objects.all():
        things = list(Thing.objects.filter(source=source).values_list("number", flat=True))
        old = Observation.objects.filter(thing__in=things)
        gone += _before(old, milliseconds(at - timedelta(days=source.keep_days)))
    return gone


def _before(rows: object, end: int) -> int:
    """Remove rows older than an instant, a few hours of them at a time, so that nobody waits."""
    gone, step = 0, round(_AT_ONCE.total_seconds() * 1000)
    while first := rows.filter(at__lt=end).order_by("at").values_list("at", flat=True).first():  # type: ignore[attr-defined]
        with transaction.atomic():
            gone += rows.filter(at__lt=min(first + step, end)).delete()[0]  # type: ignore[attr-defined]
    return gone
