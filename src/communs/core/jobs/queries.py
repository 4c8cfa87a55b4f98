"""Reads about the queue of the community in force."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from communs.core.communities.scope import across
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import OPEN, Job

LATE = timedelta(minutes=10)


def counts() -> dict[str, int]:
    """Give how many jobs are in each state."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in JobState}


def jobs(*, state: str = "") -> QuerySet[Job]:
    """Give the jobs, the latest first."""
    rows = Job.objects.all()
    return rows.filter(state=state) if state else rows


def late(*, at: datetime) -> int:
    """Count, over the whole installation, the jobs that no worker took in ten minutes."""
    with across("the health of the installation counts late jobs"):
        return Job.everywhere.filter(state__in=OPEN, due_at__lt=at - LATE).count()
