"""Who holds which role where, who is asked to join, who stands in for whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate


class Membership(Owned):
    """A person's role in a community, from a day to another; one without an end at a time."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Privacy:
        """Whom a community trusts with what is kept while it does, and three years after."""

        personal = ("person",)
        what = _("Roles: which account may do what, and until when")
        purpose = _("To let agents do their work, and nobody else")
        keep_days = 1096
        kept_from = "until"
        whose = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(
                fields=["community", "person"],
                condition=Q(until=None),
                name="one_membership_without_end",
            ),
            CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
            ),
            CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]
        indexes = [Index(fields=["community", "person"], name="membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Invitation(Owned):
    """An address asked to join; gone once accepted or withdrawn, and a month after it expired."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role)
    invited_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Privacy:
        """The address of somebody who may have no account yet."""

        personal = ("email", "invited_by")
        what = _("Invitations: the address to which one was sent, and the role offered")
        purpose = _("To let somebody join a community’s agents")
        keep_days = 30
        kept_from = "expires_at"
        whose = {"email": Fate.ERASE, "invited_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(fields=["community", "email"], name="one_invitation_an_address"),
            CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"


class Delegation(Owned):
    """A member's role lent to another member, from a day to another; never longer than the role."""

    giver = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="given")
    taker = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="taken")
    since = models.DateField()
    until = models.DateField()

    class Privacy:
        """Who stands in for whom."""

        personal = ("giver", "taker")
        what = _("Delegations: who lent their role to whom, and from when to when")
        purpose = _("To let a colleague stand in during an absence")
        keep_days = 1096
        kept_from = "until"
        whose = {"giver__person": Fate.ERASE, "taker__person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["-since", "-id"]
        constraints = [
            CheckConstraint(
                condition=Q(until__gte=F("since")), name="delegation_ends_after_it_begins"
            ),
            CheckConstraint(condition=~Q(giver=F("taker")), name="nobody_lends_to_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} > {self.taker_id}"
