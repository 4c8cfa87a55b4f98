"""Licences of shared configurations, and what became of an installed one."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Licence(TextChoices):
    """Under which licence a configuration is shared; values are SPDX identifiers."""

    ETALAB = "etalab-2.0", _("Licence Ouverte 2.0: reuse freely, say where it comes from")
    CC0 = "CC0-1.0", _("CC0 1.0: reuse freely, without conditions")
    BY = "CC-BY-4.0", _("CC BY 4.0: reuse freely, name the author")
    BY_SA = "CC-BY-SA-4.0", _("CC BY-SA 4.0: name the author, share under the same licence")


class InstallationState(TextChoices):
    """What became of a configuration that came from elsewhere."""

    RECEIVED = "received", _("Received, not installed")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced by a later one")
    ROLLED_BACK = "rolled_back", _("Rolled back")
