"""Themes and challenges of the fund."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Theme(TextChoices):
    """The fields of experiment that the communiqué of 27 November 2018 names."""

    DIGITAL_FOR_ALL = "digital-for-all", _("Digital for all")
    E_ADMINISTRATION = "e-administration", _("E-administration")
    PARTICIPATION = "participation", _("Citizen participation")
    LOGISTICS = "logistics", _("Logistics")
    SMART_PARKING = "smart-parking", _("Smart parking")


class Challenge(TextChoices):
    """The six challenges of the metropolitan digital master plan (SMAN)."""

    CONNECTED = "connected", _("Connected")
    INCLUSIVE = "inclusive", _("Inclusive and caring")
    RESILIENT = "resilient", _("Resilient and sustainable")
    ATTRACTIVE = "attractive", _("Radiant and attractive")
    AGILE = "agile", _("Agile and efficient")
    COLLABORATIVE = "collaborative", _("Collaborative and participatory")


class Provenance(TextChoices):
    """Where a statement comes from."""

    PUBLISHED = "published", _("published")
    INFERRED = "inferred", _("our classification")


class Progress(TextChoices):
    """How far Communs' answer to an experiment is."""

    NONE = "none", _("no service yet")
    AVAILABLE = "available", _("service available")
    ON = "on", _("service running")


class Nature(TextChoices):
    """What a grant is given in, in the words of the SCDL schema."""

    CASH = "aide en numéraire", _("in cash")
    KIND = "aide en nature", _("in kind")
