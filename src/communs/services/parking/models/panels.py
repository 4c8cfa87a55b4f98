"""Panels by the road that say how many spaces are free."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from communs.core.communities.owned import Owned
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models.places import Segment, Site, Zone


class Panel(Owned):
    """A panel, where it stands, and which spaces it counts: of a zone, a street or a car park.

    After `stale_after` minutes without news of any of them it shows no number.
    """

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    stands_at = models.CharField(max_length=200, blank=True)
    zone = models.ForeignKey(Zone, models.CASCADE, null=True, blank=True, related_name="panels")
    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="panels"
    )
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="panels")
    kind = models.CharField(max_length=10, choices=SpaceKind, blank=True)
    stale_after = models.PositiveSmallIntegerField(default=30)

    class Privacy:
        """A panel names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "slug"], name="parking_one_panel_a_slug"),
            CheckConstraint(
                condition=Q(zone__isnull=False, segment__isnull=True, site__isnull=True)
                | Q(zone__isnull=True, segment__isnull=False, site__isnull=True)
                | Q(zone__isnull=True, segment__isnull=True, site__isnull=False),
                name="parking_panel_counts_one",
            ),
            CheckConstraint(condition=Q(stale_after__gte=1), name="parking_panel_goes_stale"),
        ]

    def __str__(self) -> str:
        return self.name
