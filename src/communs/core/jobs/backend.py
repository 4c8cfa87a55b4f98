"""Our queue behind Django's tasks API: `task.enqueue(…)` writes a row, in the caller's transaction.

A job is delivered at least once: whoever is killed while working leaves it to the next worker.
So a task must bear being done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job

_STATUS = {
    JobState.WAITING: TaskResultStatus.READY,
    JobState.RUNNING: TaskResultStatus.RUNNING,
    JobState.DONE: TaskResultStatus.SUCCESSFUL,
    JobState.DEAD: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Task):
    """A task that is tried again: `attempts` times in all, the wait doubling from `pause` on."""

    attempts: int = 8
    pause: timedelta = timedelta(seconds=10)
    longest_pause: timedelta = timedelta(hours=6)
    lease: timedelta = timedelta(minutes=1)  # renewed while the work goes on
    forgets: bool = False  # its arguments are emptied once it is done

    def pause_after(self, attempt: int) -> timedelta:
        """Give the wait after this attempt failed (the first is 1)."""
        return min(self.pause * 2 ** min(attempt - 1, 30), self.longest_pause)


# Every task of the loaded modules by its path: a job's row can name no other code.
declared: dict[str, Retried] = {}


@lru_cache(maxsize=1)
def discover() -> None:
    """Have every part's `jobs` declare its tasks and its lines of the timetable.

    Only who works needs them all: a process that asks for a task has imported it.
    """
    autodiscover_modules("jobs")


class Queue(BaseTaskBackend):
    """Keeps tasks in the table of jobs, for the community in force."""

    task_class = Retried
    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def validate_task(self, task: Task) -> None:
        """Check a task as it is declared, and make it known."""
        super().validate_task(task)
        if isinstance(task, Retried):
            declared.setdefault(task.module_path, task)

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Keep the call; raises NoCommunity outside one."""
        job = make(task, args, kwargs)
        job.save(force_insert=True)
        return as_result(task, job, self.alias)

    def get_result(self, result_id: str) -> TaskResult:
        """Give a job of the community in force as Django's API tells it."""
        discover()
        job = Job.objects.filter(pk=result_id).first()
        task = declared.get(job.task) if job else None
        if job is None or task is None:
            raise TaskResultDoesNotExist(result_id)
        return as_result(task, job, self.alias)


def make(task: Task, args: Any, kwargs: Any, **facts: Any) -> Job:
    """Give the job of a call, not yet saved; arguments must be plain JSON."""
    asked_at = timezone.now()
    return Job(
        task=task.module_path,
        args=normalize_json(list(args)),
        kwargs=normalize_json(dict(kwargs)),
        queue=task.queue_name,
        priority=task.priority,
        asked_at=asked_at,
        due_at=task.run_after or asked_at,
        **facts,
    )


def as_result(task: Task, job: Job, alias: str) -> TaskResult:
    failed = job.state == JobState.DEAD
    result: TaskResult = TaskResult(
        task=task,
        id=str(job.pk),
        status=_STATUS[JobState(job.state)],
        enqueued_at=job.asked_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.ended_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=alias,
        errors=[TaskError(exception_class_path="builtins.Exception", traceback=job.reason)]
        if failed
        else [],
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result
