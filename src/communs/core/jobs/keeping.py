"""What people and the timetable do with jobs: try again, drop, let go when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job

_ROUTINE = timedelta(days=3)  # how long the timetable's finished jobs are shown


def try_again(job: Job, *, at: datetime) -> bool:
    """Put a job that was given up back in the queue, its attempts forgotten."""
    dead = Job.objects.filter(pk=job.pk, state=JobState.DEAD)
    return bool(dead.update(state=JobState.WAITING, due_at=at, attempts=0, ended_at=None))


def let_go(*, at: datetime) -> int:
    """Delete the jobs whose time is over, in the community in force."""
    month, days = at - timedelta(days=Job.Privacy.keep_days), at - _ROUTINE
    ended = Job.objects.filter(state__in=[JobState.DONE, JobState.DEAD])
    routine = Q(state=JobState.DONE, slot__isnull=False, ended_at__lt=days)
    return ended.filter(Q(ended_at__lt=month) | routine).delete()[0]
