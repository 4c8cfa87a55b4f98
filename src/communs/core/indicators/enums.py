"""Units, directions and provenances of measures."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """What one of the value is."""

    COUNT = "count", _("number")
    EURO = "euro", _("euros")
    PERCENT = "percent", _("per cent")
    DAY = "day", _("days")
    HOUR = "hour", _("hours")
    KILOGRAM = "kilogram", _("kilograms")
    KILOMETRE = "kilometre", _("kilometres")
    SQUARE_METRE = "square-metre", _("square metres")


class Direction(TextChoices):
    """Which way is better."""

    UP = "up", _("more is better")
    DOWN = "down", _("less is better")
    NONE = "none", _("neither way is better")


class Provenance(TextChoices):
    """How an observation came to be."""

    MEASURED = "measured", _("measured")
    IMPORTED = "imported", _("imported")
    CORRECTED = "corrected", _("corrected")
