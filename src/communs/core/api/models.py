"""Keys with which programs act for a person, in one community, within what they were given."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate


class Token(Owned):
    """A program's leave to act for a person; only a digest of its secret is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    made_on = models.DateField()
    until = models.DateField()
    last_used_on = models.DateField(null=True)

    class Privacy:
        """A token is its person's, and goes when it is over."""

        personal = ("person", "name")
        what = _("Programs’ keys: whose they are, what they may do, the day of their last use")
        purpose = _("To let a program act for somebody, and to see which ones do")
        keep_days = 366
        kept_from = "until"
        whose = {"person": Fate.ERASE}
        secret = ("digest",)

    class Meta(Owned.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["community", "person"], name="token_by_person")]

    def __str__(self) -> str:
        return self.name

    def serves(self, on: date) -> bool:
        """Tell whether the token can still be used that day; the last one counts."""
        return on <= self.until
