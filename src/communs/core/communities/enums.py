"""Kinds of community."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """The three levels of the metropolis (loi NOTRe: métropole, EPT, commune)."""

    METROPOLIS = "metropolis", _("Metropolis")
    TERRITORY = "territory", _("Territory")
    COMMUNE = "commune", _("Commune")
