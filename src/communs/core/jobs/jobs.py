"""The queue's own work."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from communs.core.jobs import keeping
from communs.core.jobs.timetable import every, everyone


@task()
def let_go() -> int:
    """Delete jobs whose time is over."""
    return keeping.let_go(at=timezone.now())


every("40 3 * * *", let_go, where=everyone)
