"""Messages leave here: one by one, or together each morning."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from communs.core.jobs.timetable import every, everyone
from communs.core.notifications import sending


@task(attempts=sending.ATTEMPTS)
def send(key: str) -> str:
    """Send one message."""
    return sending.send(UUID(key), at=timezone.now())


@task()
def gather() -> int:
    """Have what waited for this morning sent, one message a person; give how many."""
    day = timezone.localdate()
    people = sending.gather(day)
    for person in people:
        send_digest.enqueue(str(person), day.isoformat())
    return len(people)


@task(attempts=sending.ATTEMPTS)
def send_digest(person: str, day: str) -> str:
    """Send one person what waited for that morning."""
    return sending.send_digest(UUID(person), date.fromisoformat(day), at=timezone.now())


every("0 8 * * *", gather, where=everyone)
