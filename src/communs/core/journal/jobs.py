"""The journal's own work: the seal of each day, its stamp, and letting go of what is too old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.jobs.timetable import every
from communs.core.journal import delivery, keeping, sealing, stamps
from communs.core.journal.models import Chain, Seal


def with_events() -> Iterable[Community]:
    """Give the communities whose journal has begun."""
    with across("which communities have a journal to seal"):
        keys = list(Chain.everywhere.order_by().values_list("community", flat=True))
    return Community.objects.filter(pk__in=keys)


@task()
def seal() -> str | None:
    """Seal yesterday in the community in force, and ask for its stamp; give the seal's digest."""
    now = timezone.now()
    while delivery.deliver_here(at=now):
        pass
    with transaction.atomic():
        made = sealing.seal_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
        if made is not None and settings.COMMUNS_TSA:
            stamp.enqueue(str(made.pk))
    return made.digest if made else None


@task(attempts=12)
def stamp(seal_id: str) -> None:
    """Have a seal stamped by the time-stamping authority; asked again while it does not answer."""
    row = Seal.objects.get(pk=UUID(seal_id))
    if row.stamp is None:
        sealing.add_stamp(row, stamps.fetch(row.digest, authority=settings.COMMUNS_TSA))


@task()
def let_go() -> int:
    """Let go of events whose time is over."""
    return keeping.let_go(at=timezone.now())


every("10 0 * * *", seal, where=with_events)
every("50 3 1 * *", let_go, where=with_events)
