"""How somebody agreed."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """Where a consent was given or withdrawn; an agent notes what was said to them."""

    SITE = "site", _("on this site")
    COUNTER = "counter", _("at the counter")
    PHONE = "phone", _("by telephone")
    PAPER = "paper", _("on paper")
