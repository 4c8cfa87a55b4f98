"""How spaces were used: stays, and days of streets and car parks; observations tell them again."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from communs.core.communities.owned import Owned
from communs.services.parking.models.places import Segment, Site, Space


class Stay(Owned):
    """A space taken from an instant to another, as its sensor said it.

    Instants are milliseconds since 1970 in UTC. Where `begins_known` is false, nothing was known
    just before; where `ends_known` is, `until` is the last instant at which it was known taken.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="stays")
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    begins_known = models.BooleanField(default=True)
    ends_known = models.BooleanField(default=True)
    day = models.DateField()
    demonstration = models.BooleanField(default=False)

    class Privacy:
        """Neither a plate nor a person: a space and two moments."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["since"]
        constraints = [
            UniqueConstraint(fields=["community", "space", "since"], name="parking_one_stay"),
            CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="parking_stay_not_backwards"
            ),
        ]
        indexes = [Index(fields=["community", "day"], name="parking_stays_of_day")]

    def __str__(self) -> str:
        return f"{self.space_id} {self.since}"


class PlaceDay(Owned):
    """A day of a street or a car park: how much of it was known, taken, how long stays lasted.

    `hours` holds for each hour of the clock the seconds of spaces known and taken, then, at half
    past, the spaces known and free. `dwells` are the minutes of the stays that began that day and
    whose both ends are known; `arrivals` counts all that were seen to begin.
    """

    segment = models.ForeignKey(Segment, models.CASCADE, null=True, blank=True, related_name="days")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="days")
    day = models.DateField()
    spaces = models.PositiveIntegerField()
    possible = models.PositiveBigIntegerField()
    hours = models.JSONField()
    arrivals = models.PositiveIntegerField()
    dwells = models.JSONField()
    demonstration = models.BooleanField(default=False)

    class Privacy:
        """Counts of spaces and of stays."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["day"]
        constraints = [
            UniqueConstraint(
                fields=["community", "segment", "day"], name="parking_one_day_a_segment"
            ),
            UniqueConstraint(fields=["community", "site", "day"], name="parking_one_day_a_site"),
            CheckConstraint(
                condition=Q(segment__isnull=False, site__isnull=True)
                | Q(segment__isnull=True, site__isnull=False),
                name="parking_day_of_one_place",
            ),
        ]
        indexes = [Index(fields=["community", "day"], name="parking_days")]

    def __str__(self) -> str:
        return f"{self.segment_id or self.site_id} {self.day}"


class Outlook(Owned):
    """What the weeks before a day say of a place at each hour of the week; of no place, of all.

    `chances` are those of a free space, by weekday and hour, null where too little is known;
    `ahead` is the occupancy expected hour by hour on `day`. The row of no place has the scores of
    all of it, as they were found on days that it had not seen.
    """

    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="outlooks"
    )
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="outlooks")
    day = models.DateField()
    chances = models.JSONField(default=list)
    ahead = models.JSONField(default=list)
    scores = models.JSONField(default=dict)
    demonstration = models.BooleanField(default=False)

    class Privacy:
        """Chances of spaces."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["day"]
        constraints = [
            UniqueConstraint(fields=["community", "segment"], name="parking_one_outlook_a_segment"),
            UniqueConstraint(fields=["community", "site"], name="parking_one_outlook_a_site"),
            CheckConstraint(
                condition=Q(segment__isnull=True) | Q(site__isnull=True),
                name="parking_outlook_of_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id or self.site_id or ''} {self.day}"
