"""Who holds which role where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.communities.owned import Owned


class Membership(Owned):
    """A person's role in a community, from a day to another."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Privacy:
        """Whom a community trusts with what is kept while it does."""

        personal = ("person",)
        what = _("Roles: which account may do what, and until when")
        purpose = _("To let agents do their work, and nobody else")
        keep_days = 1096

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(fields=["community", "person", "role"], name="one_membership_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"
