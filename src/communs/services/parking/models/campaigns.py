"""Something is tried in some zones, and compared with others and with before."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.services.parking.enums import Part
from communs.services.parking.models.places import Zone


class Campaign(Owned):
    """What is tried, the days before it to compare with, the days on which it is measured.

    Occupancy is aimed at between `low` and `high` per cent, during the hours that count.
    """

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    tried = models.CharField(max_length=300, blank=True)
    before_from = models.DateField()
    before_until = models.DateField()
    measured_from = models.DateField()
    measured_until = models.DateField()
    low = models.PositiveSmallIntegerField(default=60)
    high = models.PositiveSmallIntegerField(default=80)
    hour_from = models.PositiveSmallIntegerField(default=9)
    hour_until = models.PositiveSmallIntegerField(default=19)

    class Privacy:
        """A campaign is about streets."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-measured_from", "name"]
        constraints = [
            UniqueConstraint(fields=["community", "slug"], name="parking_one_campaign_a_slug"),
            CheckConstraint(
                condition=Q(
                    before_until__gte=F("before_from"),
                    measured_from__gt=F("before_until"),
                    measured_until__gte=F("measured_from"),
                ),
                name="parking_campaign_in_order",
            ),
            CheckConstraint(
                condition=Q(low__lt=F("high"), high__lte=100), name="parking_campaign_band"
            ),
            CheckConstraint(
                condition=Q(hour_from__lt=F("hour_until"), hour_until__lte=24),
                name="parking_campaign_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse days, hours and bands out of their order, in words."""
        wrong: dict[str, Any] = {}
        if self.before_until < self.before_from:
            wrong["before_until"] = _("The last day comes before the first.")
        elif self.measured_from <= self.before_until:
            wrong["measured_from"] = _("What is measured begins after the days to compare with.")
        elif self.measured_until < self.measured_from:
            wrong["measured_until"] = _("The last day comes before the first.")
        elif not self.low < self.high <= 100:  # noqa: PLR2004 -- per cent
            wrong["high"] = _("Write a band such as 60 to 80 per cent.")
        elif not self.hour_from < self.hour_until <= 24:  # noqa: PLR2004 -- hours of a day
            wrong["hour_until"] = _(
                "The hours that count end after they begin, at 24 at the latest."
            )
        if wrong:
            raise ValidationError(wrong)


class CampaignZone(Owned):
    """A zone in a campaign: something is tried there, or nothing is and it is compared with."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="zones")
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="campaigns")
    part = models.CharField(max_length=8, choices=Part)

    class Privacy:
        """A zone in a campaign names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["part", "zone"]
        constraints = [
            UniqueConstraint(
                fields=["community", "campaign", "zone"], name="parking_one_part_a_zone"
            ),
            CheckConstraint(condition=Q(part__in=Part.values), name="parking_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.part}"
