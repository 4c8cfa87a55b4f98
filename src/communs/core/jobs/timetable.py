"""Work that comes back: at each hour of its line, one job for each community concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim
from django.utils import timezone
from django_tasks.base import Task

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.jobs.backend import discover, make
from communs.core.jobs.models import Job

_BEHIND = -10  # what comes back waits for what somebody asked


def metropolis() -> Iterable[Community]:
    """Give the metropolis alone: work done once for the whole installation."""
    return Community.objects.filter(kind=Kind.METROPOLIS)


def everyone() -> Iterable[Community]:
    """Give every community of today."""
    return Community.objects.filter(merged_into=None)


@dataclass(frozen=True, slots=True)
class Line:
    """A task, when it comes back (cron's five fields, local time), and for whom."""

    task: Task
    when: str
    where: Callable[[], Iterable[Community]]

    def slot(self, at: datetime) -> datetime:
        """Give the latest hour of this line that is not after `at`."""
        minute = at.replace(second=0, microsecond=0)
        after = timezone.localtime(minute + timedelta(minutes=1))
        return next(CronSim(self.when, after, reverse=True))


lines: list[Line] = []


def every(when: str, task: Task, *, where: Callable[[], Iterable[Community]] = metropolis) -> Task:
    """Put a task on the timetable; `when` is read once here, so that a slip shows at start."""
    CronSim(when, datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()))
    lines.append(Line(task, when, where))
    return task


class Clock:
    """Asks for what the timetable says; several workers ask, one job is made.

    A worker that was away asks for the latest missed hour only, once.
    """

    def __init__(self) -> None:
        discover()
        self._asked: dict[Line, datetime] = {}

    def tick(self, *, at: datetime) -> int:
        """Make the jobs that fell due; give how many this worker made."""
        made = 0
        for line in lines:
            slot = line.slot(at)
            if self._asked.get(line) != slot:
                made += _ask(line, slot)
                self._asked[line] = slot
        return made


def _ask(line: Line, slot: datetime) -> int:
    name = slot.isoformat()
    with across("which communities already have this hour's job"):
        there = Job.everywhere.filter(task=line.task.module_path, slot=name)
        done = set(there.values_list("community_id", flat=True))
    missing = [community for community in line.where() if community.pk not in done]
    for community in missing:
        with within(community):
            job = make(line.task, (), {}, slot=name)
            job.priority += _BEHIND
            Job.objects.bulk_create([job], ignore_conflicts=True)
    return len(missing)
