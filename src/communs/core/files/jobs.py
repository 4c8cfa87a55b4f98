"""What files need from time to time: the antivirus, the end of their time, order on the disk."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django_tasks import task

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.files import upkeep
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.jobs.timetable import every, everyone


def with_pending() -> Iterable[Community]:
    """Give the communities some of whose files wait for the antivirus."""
    with across("which communities have files that wait for the antivirus"):
        waiting = StoredFile.everywhere.filter(state=State.PENDING).order_by()
        keys = list(waiting.values_list("community", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


def with_due() -> Iterable[Community]:
    """Give the communities some of whose files are past their time."""
    with across("which communities have files whose time is over"):
        due = StoredFile.everywhere.filter(expires_at__lte=timezone.now()).order_by()
        due = due.exclude(state=State.EXPIRED)
        keys = list(due.values_list("community", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


@task()
def scan_pending() -> int:
    """Have the antivirus look at what waits; give how many it judged."""
    told = upkeep.scan_pending(at=timezone.now())
    return told.clean + told.found


@task()
def expire_due() -> int:
    """Remove what is past its time; give how many."""
    return upkeep.expire_due(at=timezone.now())


@task()
def sweep() -> list[str]:
    """Remove contents without a row; give the rows whose content is gone."""
    return upkeep.sweep(at=timezone.now()).missing


every("* * * * *", scan_pending, where=with_pending)
every("25 * * * *", expire_due, where=with_due)
every("20 4 * * *", sweep, where=everyone)
