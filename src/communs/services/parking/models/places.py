"""Where one parks: zones, car parks, sides of streets, spaces."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.services.parking.enums import Colour, Side, SiteKind, SpaceKind, Verdict


class Zone(Owned):
    """A named area with rules of its own: « zone orange »."""

    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=80)
    colour = models.CharField(max_length=10, choices=Colour, blank=True, default=Colour.NONE)
    note = models.CharField(max_length=300, blank=True)

    class Privacy:
        """A zone names nobody."""

        personal = ()

    class Travel:
        """Zones go by name; where they are is each commune’s own."""

        title = _("Parking zones")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "colour": _("Colour"),
            "note": _("Note"),
        }

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="parking_one_zone_a_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Site(Owned):
    """A car park, or a group of spaces off the street. What is not known of it stays unknown."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SiteKind, default=SiteKind.SURFACE)
    address = models.CharField(max_length=200, blank=True)
    operator = models.CharField(max_length=120, blank=True)
    operator_siret = models.CharField(max_length=14, blank=True)
    national_id = models.CharField(max_length=12, blank=True)
    page = models.URLField(blank=True)
    zone = models.ForeignKey(Zone, models.SET_NULL, null=True, blank=True, related_name="sites")
    capacity = models.PositiveIntegerField(null=True, blank=True)
    capacity_disabled = models.PositiveIntegerField(null=True, blank=True)
    capacity_electric = models.PositiveIntegerField(null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    height_unlimited = models.BooleanField(default=False)
    subscribers_only = models.BooleanField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    thing = models.ForeignKey(
        "sensing.Thing", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A car park names nobody; its operator is a body."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "slug"], name="parking_one_site_a_slug"),
            CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="parking_site_on_earth",
            ),
            CheckConstraint(
                condition=Q(height_unlimited=False) | Q(height_cm__isnull=True),
                name="parking_site_one_height",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a height where there is none."""
        if self.height_unlimited and self.height_cm is not None:
            raise ValidationError({"height_cm": _("Leave it empty where there is no limit.")})


class Segment(Owned):
    """One side of a street between two corners; its line is GeoJSON, or not drawn yet."""

    slug = models.SlugField(max_length=80)
    street = models.CharField(max_length=120)
    side = models.CharField(max_length=6, choices=Side, blank=True, default=Side.UNKNOWN)
    from_street = models.CharField(max_length=120, blank=True)
    to_street = models.CharField(max_length=120, blank=True)
    line = models.JSONField(null=True, blank=True)
    zone = models.ForeignKey(Zone, models.SET_NULL, null=True, blank=True, related_name="segments")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A street names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["street", "slug"]
        constraints = [
            UniqueConstraint(fields=["community", "slug"], name="parking_one_segment_a_slug"),
        ]

    def __str__(self) -> str:
        return self.street


class Space(Owned):
    """One parking space, on a street or in a car park; without a sensor nobody knows its state."""

    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="spaces"
    )
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="spaces")
    code = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=SpaceKind, default=SpaceKind.STANDARD)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    in_service = models.BooleanField(default=True)
    thing = models.ForeignKey(
        "sensing.Thing", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Privacy:
        """A space is taken or free; by whom is not known, and no plate is kept."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["segment", "site", "number"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="parking_one_space_a_code"),
            UniqueConstraint(
                fields=["community", "thing"],
                condition=Q(thing__isnull=False),
                name="parking_one_space_a_sensor",
            ),
            CheckConstraint(
                condition=Q(segment__isnull=False, site__isnull=True)
                | Q(segment__isnull=True, site__isnull=False),
                name="parking_space_in_one_place",
            ),
            CheckConstraint(
                condition=Q(kind__in=SpaceKind.values), name="parking_space_kind_known"
            ),
            CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="parking_space_on_earth",
            ),
        ]
        indexes = [
            Index(fields=["community", "segment", "number"], name="parking_spaces_of_street"),
            Index(fields=["community", "site", "number"], name="parking_spaces_of_site"),
        ]

    def __str__(self) -> str:
        return self.code


class Overstay(Owned):
    """What a warden found where somebody seemed to stay too long; `since` as the sensor said.

    It is in milliseconds since 1970 in UTC. Who looked is in the journal.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="overstays")
    since = models.BigIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict)
    answered_at = models.DateTimeField()

    class Privacy:
        """Neither a plate nor a person: a space and a moment."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-answered_at"]
        constraints = [
            UniqueConstraint(
                fields=["community", "space", "since"], name="parking_one_answer_a_stay"
            ),
            CheckConstraint(condition=Q(verdict__in=Verdict.values), name="parking_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.space} {self.verdict}"
