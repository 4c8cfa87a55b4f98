"""What the clock asks of sensing."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from communs.core.jobs.timetable import every, everyone
from communs.core.sensing import keeping


@task()
def prepare_months() -> int:
    """Make ready for the readings of this month and the two after it; give how many."""
    return keeping.prepare(timezone.now())


@task()
def drop_empty_months() -> int:
    """Drop the tables of months that are over and hold nothing any more; give how many."""
    return keeping.tidy(timezone.now())


@task()
def let_readings_go() -> int:
    """Remove the community's readings that are older than their source keeps them."""
    return keeping.let_go(timezone.now())


every("5 1 * * *", prepare_months)
every("55 3 * * *", drop_empty_months)
every("25 2 * * *", let_readings_go, where=everyone)
