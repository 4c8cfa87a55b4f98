"""The journal: what was done, where, when, by whom."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
        what = _("Journal: the key of the account that did each thing")
        purpose = _("To know who did what, and to be able to put it right")
        keep_days = 3653

    class Meta(Owned.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["community", "name"], name="event_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"
