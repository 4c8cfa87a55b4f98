"""States of forms' answers and of their test cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AnswersState(TextChoices):
    """How far answers are."""

    DRAFT = "draft", _("Being written")
    SENT = "sent", _("Sent")


class Expected(TextChoices):
    """What a test case says should become of its answers."""

    ACCEPTED = "accepted", _("The answers are accepted")
    REFUSED = "refused", _("The answers are refused")
