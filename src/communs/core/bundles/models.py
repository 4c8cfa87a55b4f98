"""Configurations that a community shares, and those that it installed."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.bundles.enums import InstallationState, Licence
from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate

TITLE_LENGTH = 120
NOTES_LENGTH = 2000


class Bundle(Owned):
    """A service's configuration as this community packed it; versions count from 1."""

    service = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    licence = models.CharField(max_length=60, choices=Licence)
    notes = models.CharField(max_length=NOTES_LENGTH, blank=True)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    published = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Privacy:
        """Which account packed it; the document itself is refused when it names anybody."""

        personal = ("by",)
        what = _("Shared configurations: which account packed each")
        purpose = _("To know who answers for what a community shares")
        keep_days = None
        whose = {"by": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["service", "-version"]
        constraints = [
            UniqueConstraint(
                fields=["community", "service", "version"], name="bundles_one_of_a_version"
            ),
            CheckConstraint(condition=Q(version__gt=0), name="bundles_versions_from_one"),
        ]
        indexes = [Index(fields=["published", "service", "-at"], name="bundles_catalogue")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Installation(Owned):
    """A configuration from elsewhere: as it was received, and what it changed here.

    `before` and `after` hold only what it touched, so that it can be taken back.
    """

    service = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    source = models.CharField(max_length=120)
    source_slug = models.CharField(max_length=60)
    source_key = models.CharField(max_length=64)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    choices = models.JSONField(default=list)
    state = models.CharField(
        max_length=20, choices=InstallationState, default=InstallationState.IN_FORCE
    )
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Privacy:
        """Which account installed it; the document itself is refused when it names anybody."""

        personal = ("by",)
        what = _("Installed configurations: which account installed each")
        purpose = _("To know who changed how a service works")
        keep_days = None
        whose = {"by": Fate.KEEP}

    class Meta(Owned.Meta):
        ordering = ["-at", "-id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "service"],
                condition=Q(state=InstallationState.IN_FORCE),
                name="bundles_one_in_force",
            ),
            UniqueConstraint(
                fields=["community", "service"],
                condition=Q(state=InstallationState.RECEIVED),
                name="bundles_one_received",
            ),
            CheckConstraint(
                condition=Q(state__in=InstallationState.values), name="bundles_state_known"
            ),
        ]
        indexes = [Index(fields=["digest", "state"], name="bundles_who_installed")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"
