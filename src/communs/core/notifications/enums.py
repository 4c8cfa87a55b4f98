"""Ways, paces and states of what people are told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """A way besides the site itself, which always keeps every notice."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    CALL = "call", _("Telephone call")


class SendingState(TextChoices):
    """To be sent, sent, tried in vain and to be tried again, or given up."""

    WAITING = "waiting", _("To send")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("To try again")
    GIVEN_UP = "given_up", _("Not sent")


class Pace(TextChoices):
    """How often e-mails that can wait are sent."""

    AT_ONCE = "at_once", _("At once, one by one")
    DAILY = "daily", _("Together, each morning")
    WEEKLY = "weekly", _("Together, each Monday morning")
