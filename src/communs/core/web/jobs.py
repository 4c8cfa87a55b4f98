"""Long work that pages ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django_tasks import task
from django_tasks.base import Task

from communs.core.jobs.models import Job
from communs.core.journal import verification
from communs.core.people.models import Person


@task()
def check_journal() -> dict[str, Any]:
    """Check the whole journal of the community in force; give what was found."""
    path = settings.COMMUNS_TSA_CERTIFICATES
    found = verification.check(certificates=Path(path) if path else None)
    return {"events": found.events, "seals": found.seals, "wrong": found.wrong[:50]}


def ask(task: Task, *args: Any, by: Person) -> UUID:
    """Have a task done for somebody, who may then see how far it is; give the job's key."""
    key = UUID(task.enqueue(*args).id)
    Job.objects.filter(pk=key).update(asked_by=by.pk)
    return key
