"""Bays and what applies there; what applied is kept."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.communities.owned import Owned
from communs.core.kit.timespans_told import days_told
from communs.services.delivery.enums import Activity, VehicleClass

CODE_LENGTH = 6
EVERY_DAY = "0123456"
_DAYS = re.compile(r"0?1?2?3?4?5?6?")


class Terms(Owned):
    """The words of a rule: when, for which vehicles, what, for how long."""

    name = models.CharField(max_length=120)
    days = models.CharField(max_length=7, default=EVERY_DAY)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    holidays = models.BooleanField(null=True, blank=True)
    activity = models.CharField(max_length=12, choices=Activity, default=Activity.LOADING)
    vehicles = models.JSONField(default=list, blank=True)  # none named: all of them
    most_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    no_return_minutes = models.PositiveSmallIntegerField(default=0)
    extension_minutes = models.PositiveSmallIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=10)  # the lowest number wins

    class Meta(Owned.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse days that are none, and vehicles that nobody knows."""
        if not self.days or not _DAYS.fullmatch(self.days):
            raise ValidationError({"days": _("Choose at least one day.")})
        given = self.vehicles
        if not isinstance(given, list) or [v for v in given if v not in VehicleClass.values]:
            raise ValidationError({"vehicles": _("Choose vehicles of the list.")})


TERMS = tuple(
    field.name for field in Terms._meta.local_fields if field.name not in {"id", "community"}
)


class Template(Terms):
    """A usual rule, ready to be put into force; communes share theirs."""

    code = models.SlugField(max_length=40)

    class Privacy:
        """A rule names nobody."""

        personal = ()

    class Travel:
        """The same rules elsewhere; where they hold is said there."""

        title = _("Usual rules of delivery bays")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "days": pgettext_lazy("delivery bay", "Days"),
            "begins": pgettext_lazy("delivery bay", "From"),
            "ends": pgettext_lazy("delivery bay", "Until"),
            "holidays": _("On public holidays"),
            "activity": _("What one may do"),
            "vehicles": _("Vehicles"),
            "most_minutes": _("Longest stop, in minutes"),
            "no_return_minutes": _("Minutes before coming back"),
            "extension_minutes": _("Minutes that may be added once"),
            "priority": _("Rank"),
        }
        told: ClassVar[dict[str, Any]] = {"days": days_told}

    class Meta(Owned.Meta):
        ordering = ["priority", "name"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="delivery_one_template_a_code"),
            CheckConstraint(
                condition=Q(activity__in=Activity.values), name="delivery_template_activity_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Bay(Owned):
    """A delivery bay; its code is on the sign, and six characters that nobody mistakes."""

    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    spaces = models.PositiveSmallIntegerField(default=1)
    length_m = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    shape = models.JSONField(null=True, blank=True)  # a GeoJSON polygon
    thing = models.ForeignKey(
        "sensing.Thing", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    origin = models.CharField(max_length=120, blank=True)  # its key in the file it came from

    class Privacy:
        """A bay names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["street", "name", "code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="delivery_one_bay_a_code"),
            UniqueConstraint(
                fields=["community", "origin"],
                condition=~Q(origin=""),
                name="delivery_one_bay_an_origin",
            ),
            CheckConstraint(
                condition=Q(spaces__gte=1, spaces__lte=20), name="delivery_bay_holds_some"
            ),
            CheckConstraint(
                condition=Q(length_m__isnull=True) | Q(length_m__gt=0),
                name="delivery_bay_length_unknown_or_some",
            ),
            CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="delivery_bay_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}"


class Policy(Terms):
    """A rule in force from a day on; never rewritten: its next version closes it."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    order_reference = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day
    published_at = models.DateTimeField()
    bays = models.ManyToManyField(Bay, through="Placement", related_name="policies")

    class Privacy:
        """A rule names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["priority", "name", "-version"]
        constraints = [
            UniqueConstraint(
                fields=["community", "code", "version"], name="delivery_one_policy_a_version"
            ),
            CheckConstraint(
                condition=Q(activity__in=Activity.values), name="delivery_policy_activity_known"
            ),
            CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="delivery_policy_in_order",
            ),
            CheckConstraint(
                condition=Q(most_minutes__isnull=True) | Q(most_minutes__gte=1),
                name="delivery_policy_stop_some",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


class Placement(Owned):
    """A bay where a rule applies."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="placements")
    bay = models.ForeignKey(Bay, models.CASCADE, related_name="placements")

    class Privacy:
        """A bay and a rule."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["policy", "bay"]
        constraints = [
            UniqueConstraint(fields=["community", "policy", "bay"], name="delivery_one_placement"),
        ]
        indexes = [Index(fields=["community", "bay"], name="delivery_placements_of_bay")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.bay_id}"
