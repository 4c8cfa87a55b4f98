"""How far a long job is: told by the task, read by the page."""

from __future__ import annotations

import time
from contextvars import ContextVar
from uuid import UUID

from communs.core.jobs.models import Job

_running: ContextVar[UUID | None] = ContextVar("running", default=None)
_told_at: ContextVar[float] = ContextVar("told_at", default=0.0)

_PAUSE = 0.5  # seconds between two writes: the page looks no more often


def begin(job: Job) -> None:
    """Make `tell` speak of this job."""
    _running.set(job.pk)
    _told_at.set(0.0)


def tell(done: int, steps: int) -> None:
    """Say that `done` of `steps` are done; outside a job it says nothing to nobody."""
    key, now = _running.get(), time.monotonic()
    if key is None or (done < steps and now - _told_at.get() < _PAUSE):
        return
    _told_at.set(now)
    Job.objects.filter(pk=key).update(steps_done=done, steps=steps)
