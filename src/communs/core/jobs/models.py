"""The queue: work for later, kept in the database so that nothing of it is lost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.jobs.enums import JobState
from communs.core.kit.privacy import Fate

OPEN = (JobState.WAITING, JobState.RUNNING)


class Job(Owned):
    """One call of a task, for one community.

    `due_at` says when a worker may take it: for a waiting job its hour, for a running one the
    end of the worker's lease. So a worker that dies gives its job back by doing nothing.
    """

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=40, default="default")
    priority = models.SmallIntegerField(default=0)
    slot = models.CharField(max_length=40, null=True)
    asked_by = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, default="")
    reason = models.TextField(default="")
    result = models.JSONField(null=True)
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(null=True)

    class Privacy:
        """A job names accounts by their keys only; it goes a month after its end."""

        personal = ("asked_by", "args", "kwargs")
        what = _("Work in progress: the key of the account that asked, and of what is worked on")
        purpose = _("To do later what takes time, and to tell who asked how far it is")
        keep_days = 30
        whose = {"asked_by": Fate.UNLINK}
        secret = ("args", "kwargs", "result")

    class Meta(Owned.Meta):
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["community", "task", "slot"], name="one_job_a_slot"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="job_to_take", condition=Q(state__in=OPEN)),
            models.Index(fields=["community", "state"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"
