"""A worker: takes what is due, works, says how it went. As many as one likes may run.

Taking is an update that only one worker can win, so nothing is done twice at a time. While it
works, a thread renews the lease; killed, the worker renews nothing, and another takes the job.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskContext

from communs.core.communities.scope import across, within
from communs.core.jobs import progress
from communs.core.jobs.backend import Retried, as_result, declared, discover
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import OPEN, Job
from communs.core.jobs.timetable import Clock

log = logging.getLogger(__name__)

_NAP = 0.5  # seconds without work before looking again
_TICK = 15.0  # seconds between two looks at the timetable
_CANDIDATES = 20
_LEASE = timedelta(minutes=1)  # of a job whose task is gone
_TRUST = timedelta(hours=1)  # how far ahead another machine's clock may be

pulses: list[Callable[[datetime], int]] = []


def pulse(function: Callable[[datetime], int]) -> Callable[[datetime], int]:
    """Have every worker call this at each turn; it tells how much it did."""
    pulses.append(function)
    return function


class GaveUp(Exception):
    """A worker died too often at this job."""


class Worker:
    """One loop over the queue, the timetable and the pulses."""

    def __init__(self, *, queues: frozenset[str] = frozenset({"default"})) -> None:
        discover()
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident() % 10_000}"
        self.queues = queues
        self.stopping = threading.Event()
        self._clock = Clock()

    def run(self, *, alive: Callable[[], bool] = lambda: True) -> None:
        """Work until told to stop; trouble with the database is waited out."""
        last_tick = 0.0
        while not self.stopping.is_set() and alive():
            done = 0
            try:
                close_old_connections()
                now = timezone.now()
                if now.timestamp() - last_tick >= _TICK or now.timestamp() < last_tick:
                    last_tick = now.timestamp()
                    self._clock.tick(at=now)
                    free_the_misdated(at=now)
                done = self.turn(at=now)
            except DatabaseError:
                log.exception("the database does not answer; trying again")
                connection.close()
            if not done:
                self.stopping.wait(_NAP)

    def clear(self, *, at: datetime) -> int:
        """Do all that is due, the timetable's too, then return how much it was."""
        self._clock.tick(at=at)
        done = 0
        while step := self.turn(at=timezone.now()):
            done += step
        return done

    def turn(self, *, at: datetime) -> int:
        """Do one job if one is due, and what each pulse has to do; give how much was done."""
        done = sum(beat(at) for beat in pulses)
        job = self.take(at=at)
        if job is not None:
            self.work(job)
        return done + (job is not None)

    def take(self, *, at: datetime) -> Job | None:
        """Win one of the jobs due, or None."""
        with across("a worker looks for work, whoever asked for it"):
            due = Job.everywhere.filter(state__in=OPEN, due_at__lte=at, queue__in=self.queues)
            found = list(
                due.select_related("community").order_by("-priority", "due_at")[:_CANDIDATES]
            )
        # Among equals each worker begins at another place, so that many do not fight for the first.
        first = [job for job in found if job.priority == found[0].priority]
        shift = hash(self.name) % len(first) if len(first) == _CANDIDATES else 0
        for job in first[shift:] + first[:shift] + found[len(first) :]:
            with within(job.community):
                if self._win(job, at):
                    return job
        return None

    def work(self, job: Job) -> None:
        """Run a job that was won, and keep how it ended."""
        with within(job.community):
            task = declared.get(job.task)
            if task is None:
                self._end(job, state=JobState.DEAD, reason=f"There is no task {job.task}.")
                return
            try:
                _refuse_a_killer(job, task)
                with self._renewed(job, task):
                    result = _call(task, job)
            except Exception as error:  # noqa: BLE001 -- whatever a task raises is its answer
                self._failed(job, task, error)
            else:
                emptied: dict[str, Any] = {"args": [], "kwargs": {}} if task.forgets else {}
                self._end(job, state=JobState.DONE, result=result, reason="", **emptied)

    def _win(self, job: Job, at: datetime) -> bool:
        task = declared.get(job.task)
        lease = task.lease if task else _LEASE
        seen = {"state": job.state, "due_at": job.due_at, "attempts": job.attempts}
        job.state, job.worker, job.due_at = JobState.RUNNING, self.name, at + lease
        job.attempts, job.started_at = job.attempts + 1, at
        won = Job.objects.filter(pk=job.pk, **seen).update(
            state=job.state,
            worker=job.worker,
            due_at=job.due_at,
            attempts=job.attempts,
            started_at=at,
        )
        return bool(won)

    @contextmanager
    def _renewed(self, job: Job, task: Retried) -> Iterator[None]:
        """Keep the lease while the work goes on."""
        over = threading.Event()

        def renew() -> None:
            try:
                while not over.wait(task.lease.total_seconds() / 3):
                    with within(job.community):
                        self._mine(job).update(due_at=timezone.now() + task.lease)
            except DatabaseError:
                log.warning("the lease of job %s could not be renewed", job.pk)
            finally:
                connection.close()

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _mine(self, job: Job) -> Any:
        """Give the job as long as it is still this worker's."""
        return Job.objects.filter(
            pk=job.pk, state=JobState.RUNNING, worker=self.name, attempts=job.attempts
        )

    def _failed(self, job: Job, task: Retried, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:2000]
        if job.attempts >= task.attempts:
            log.error("job %s given up: %s", job.pk, type(error).__name__)
            self._end(job, state=JobState.DEAD, reason=reason)
            return
        due_at = timezone.now() + task.pause_after(job.attempts)
        self._mine(job).update(state=JobState.WAITING, due_at=due_at, reason=reason, worker="")

    def _end(self, job: Job, **facts: Any) -> None:
        if not self._mine(job).update(ended_at=timezone.now(), **facts):
            log.warning("job %s was taken over before its end", job.pk)
        else:
            log.info("job %s of %s: %s", job.pk, job.task, facts["state"])


def free_the_misdated(*, at: datetime) -> int:
    """Make due what was asked or taken in the future: the clock has been put back since."""
    future = at + _TRUST
    with across("a worker looks for jobs dated while the clock was wrong"):
        wrong = Job.everywhere.filter(state__in=OPEN, due_at__gt=future)
        wrong = wrong.filter(Q(asked_at__gt=future) | Q(started_at__gt=future))
        found = list(wrong.select_related("community"))
    for job in found:
        with within(job.community):
            Job.objects.filter(pk=job.pk, due_at=job.due_at).update(
                due_at=at, asked_at=at, started_at=None
            )
    return len(found)


def _refuse_a_killer(job: Job, task: Retried) -> None:
    if job.attempts > task.attempts:
        message = f"Its worker stopped {job.attempts - 1} times without an answer."
        raise GaveUp(message)


def _call(task: Retried, job: Job) -> Any:
    progress.begin(job)
    if task.takes_context:
        context = TaskContext(task_result=as_result(task, job, task.backend))
        return task.call(context, *job.args, **job.kwargs)
    return task.call(*job.args, **job.kwargs)
