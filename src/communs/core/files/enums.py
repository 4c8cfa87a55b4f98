"""Where a file stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """A file is served when it is clean, and only then."""

    PENDING = "pending", _("being checked")
    CLEAN = "clean", _("available")
    QUARANTINED = "quarantined", _("set aside")
    EXPIRED = "expired", _("removed")
