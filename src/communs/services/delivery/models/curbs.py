"""Files of curbs that came from elsewhere: looked at first, then installed or not."""

from __future__ import annotations

from django.db import models
from django.db.models import Index

from communs.core.communities.owned import Owned


class CurbFile(Owned):
    """What a CurbLR file holds for delivery bays, as it was read."""

    name = models.CharField(max_length=120)
    reading = models.JSONField(default=dict)
    at = models.DateTimeField()
    installed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """Curbs and rules."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-at"]
        indexes = [Index(fields=["community", "-at"], name="delivery_curb_files")]

    def __str__(self) -> str:
        return self.name
