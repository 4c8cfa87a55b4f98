"""Roles a person may hold in a community."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """Whole jobs, not single rights: who may do what is said in `rules`."""

    ADMINISTRATOR = "administrator", _("Administrator of the community")
    EDITOR = "editor", _("Editor")
    AGENT = "agent", _("Agent, at the counter or outside")
