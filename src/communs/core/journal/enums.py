"""States of a delivery that failed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Delivery(TextChoices):
    """To be tried again, or given up."""

    WAITING = "waiting", _("Waiting")
    DEAD = "dead", _("Given up")
