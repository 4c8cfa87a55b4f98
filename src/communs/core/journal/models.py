"""The journal: what was done, where, when, by whom."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from communs.core.communities.owned import Owned


class Event(Owned):
    """One thing done. It points at nothing, so that no deletion can touch it."""

    name = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)
    actor = models.UUIDField(null=True)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)

    class Privacy:
        """The actor is a key, which says nothing once the account is gone."""

        personal = ("actor",)
        purpose = "Audit trail of what agents do"
        keep_days = 3653

    class Meta(Owned.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["community", "name"], name="event_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"
