"""Where readings come from, what they are about, what they said, and what is believed now.

All instants are whole milliseconds since 1970 in UTC: no day of summer time is in the way.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from communs.core.communities.owned import Owned
from communs.core.kit.ids import time_ordered_id
from communs.core.sensing.enums import EntityKind, Outcome, Property, Protocol

HOUR = 3_600  # seconds


class Source(Owned):
    """A stream of readings: a network of sensors, an operator's platform, a file.

    `silent_after` seconds without news and a state is not believed; `stuck_after` seconds without
    a change neither (nothing: never); nor for an hour after more than `flips_most` changes in one.
    `revision` is new after each change, so that what processes remember of it is never stale.
    """

    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    protocol = models.CharField(max_length=14, choices=Protocol, default=Protocol.PLAIN)
    mapping = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    topic = models.CharField(max_length=200, blank=True)
    on = models.BooleanField(default=True)
    silent_after = models.PositiveIntegerField(default=2 * HOUR)
    stuck_after = models.PositiveIntegerField(null=True, blank=True, default=72 * HOUR)
    flips_most = models.PositiveSmallIntegerField(default=60)
    keep_days = models.PositiveIntegerField(default=400)
    demonstration = models.BooleanField(default=False)
    revision = models.UUIDField(default=time_ordered_id, editable=False)

    class Privacy:
        """A source is a machine."""

        personal = ()
        secret = ("digest",)

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "slug"], name="sensing_one_source_a_slug"),
            CheckConstraint(
                condition=Q(protocol__in=Protocol.values), name="sensing_protocol_known"
            ),
            CheckConstraint(
                condition=Q(silent_after__gte=1, keep_days__gte=1), name="sensing_limits_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Thing(Owned):
    """One property that one device measures, in one place.

    `code` is the device's identifier at its source, `number` a small one of ours, by which its
    observations name it: so a thing is withdrawn, and not deleted.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="things")
    code = models.CharField(max_length=64)
    property = models.CharField(max_length=32, choices=Property, default=Property.PRESENCE)
    number = models.PositiveIntegerField(editable=False)
    name = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    commissioned_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A sensor is a machine, and sees nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["number"]
        constraints = [
            UniqueConstraint(
                fields=["community", "source", "code", "property"],
                name="sensing_one_thing_a_property",
            ),
            UniqueConstraint(fields=["community", "number"], name="sensing_one_thing_a_number"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class State(Owned):
    """What a thing said last; its key is the thing's own.

    `since` is when it began to say so, `heard` when it last spoke. It is not believed from
    `silent_from` and `stuck_from` on, before `calm_from`, nor while `drifting`: see `known`.
    """

    thing = models.ForeignKey(
        Thing, models.CASCADE, related_name="states", related_query_name="state"
    )
    value = models.FloatField(null=True)
    since = models.BigIntegerField(null=True)
    heard = models.BigIntegerField(null=True)
    sequence = models.BigIntegerField(default=0)
    battery = models.FloatField(null=True)
    flips = models.PositiveIntegerField(default=0)
    flips_from = models.BigIntegerField(default=0)
    silent_from = models.BigIntegerField(default=0)
    stuck_from = models.BigIntegerField(null=True)
    calm_from = models.BigIntegerField(default=0)
    drifting = models.BooleanField(default=False)

    class Privacy:
        """A place is taken or free: by whom is not known."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["thing"]
        constraints = [
            UniqueConstraint(fields=["community", "thing"], name="sensing_one_state_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id}: {self.value}"


class Observation(Owned):
    """What a thing said at one instant; only added to, and gone when its source says so.

    It names its thing by number and has no key but what it says: millions are kept, and the same
    reading received twice is one. The order of the key is that of time: a table of millions grows
    at its end. It is made by hand, in months on PostgreSQL.
    """

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("community", "at", "thing", "sequence")
    at = models.BigIntegerField()
    thing = models.PositiveIntegerField()
    sequence = models.BigIntegerField()
    value = models.FloatField()

    class Privacy:
        """A measure of a place; neither plate nor image is ever among them."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["at", "thing", "sequence"]

    def __str__(self) -> str:
        return f"{self.thing} {self.at}: {self.value}"


class Tally(Owned):
    """How many readings of a source met the same end that day, with the latest as an example."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="tallies")
    day = models.DateField()
    outcome = models.CharField(max_length=14, choices=Outcome)
    count = models.PositiveBigIntegerField(default=0)
    example = models.CharField(max_length=200, blank=True)
    latest = models.BigIntegerField()

    class Privacy:
        """Counts of machines' messages."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-day", "outcome"]
        constraints = [
            UniqueConstraint(
                fields=["community", "source", "day", "outcome"], name="sensing_one_tally_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}: {self.count}"


class Stranger(Owned):
    """A device that speaks and that nobody has put in place yet."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="strangers")
    code = models.CharField(max_length=64)
    property = models.CharField(max_length=32)
    count = models.PositiveBigIntegerField(default=0)
    latest = models.BigIntegerField()

    class Privacy:
        """A device’s identifier."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["code"]
        constraints = [
            UniqueConstraint(
                fields=["community", "source", "code", "property"], name="sensing_one_stranger"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SpotCheck(Owned):
    """What somebody saw on the spot, beside what the thing said then (nothing: it was unknown)."""

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="checks")
    seen = models.FloatField()
    said = models.FloatField(null=True)
    at = models.BigIntegerField()

    class Privacy:
        """Who looked is in the journal, not here."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-at"]
        indexes = [Index(fields=["thing", "-at"], name="sensing_checks_of_thing")]

    def __str__(self) -> str:
        return f"{self.thing_id}: {self.seen}"


class Description(Owned):
    """What a client of SensorThings said of one entity of its source, beside what is measured.

    `number` is its identifier, and `links` the numbers of those that it belongs with, by name. A
    series of readings is a `Thing` of ours, and has its number.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="descriptions")
    kind = models.CharField(max_length=20, choices=EntityKind)
    number = models.PositiveIntegerField(editable=False)
    body = models.JSONField(default=dict)
    links = models.JSONField(default=dict)
    thing = models.ForeignKey(
        Thing, models.CASCADE, null=True, blank=True, related_name="descriptions"
    )

    class Privacy:
        """A machine and where it stands."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["kind", "number"]
        constraints = [
            UniqueConstraint(
                fields=["community", "kind", "number"], name="sensing_one_description_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
