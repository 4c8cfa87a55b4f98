"""Tasks that the tests of the queue ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django_tasks import task

from communs.core.communities.scope import current
from communs.core.jobs import progress

done: list[Any] = []


@task()
def note(word: str) -> str:
    """Keep the word and where it was said."""
    done.append((word, current().slug))
    return word.upper()


@task(attempts=3, pause=timedelta(seconds=10))
def fail(reason: str) -> None:
    """Fail, always."""
    raise ValueError(reason)


@task()
def count(steps: int) -> None:
    """Take steps and tell."""
    for step in range(1, steps + 1):
        progress.tell(step, steps)


@task(lease=timedelta(seconds=30))
def wait() -> None:
    """Do nothing, under a short lease."""
    done.append("waited")


@task(priority=10)
def hurry() -> None:
    """Go first."""
    done.append("hurried")
