"""Who stops: discs, what became of them, what agents and residents saw."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import NOBODY
from communs.services.delivery.enums import Errand, Moderation, Nuisance, Seen, VehicleClass
from communs.services.delivery.models.places import Bay

NOTE_LENGTH = 200


class Ticket(Owned):
    """A digital disc: a bay and an hour. Its page is opened by a secret kept as a digest."""

    bay = models.ForeignKey(Bay, models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, editable=False)
    vehicle = models.CharField(max_length=16, choices=VehicleClass)
    purpose = models.CharField(max_length=20, choices=Errand, default=Errand.DELIVERY)
    started_at = models.DateTimeField()
    allowed_until = models.DateTimeField()
    extended = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """A disc has no name; the print of a plate stands beside it, for some hours."""

        personal = ()
        secret = ("digest",)

    class Meta(Owned.Meta):
        ordering = ["-started_at"]
        constraints = [
            UniqueConstraint(fields=["community", "number"], name="delivery_one_ticket_a_number"),
            UniqueConstraint(fields=["community", "digest"], name="delivery_one_ticket_a_secret"),
            CheckConstraint(
                condition=Q(allowed_until__gt=F("started_at")), name="delivery_ticket_lasts"
            ),
            CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="delivery_ticket_ends_after_it_began",
            ),
        ]
        indexes = [
            Index(fields=["community", "bay", "allowed_until"], name="delivery_tickets_of_bay"),
            Index(fields=["community", "started_at"], name="delivery_tickets_by_time"),
        ]

    def __str__(self) -> str:
        return self.number


class PlatePrint(Owned):
    """The keyed print of a plate, from which the plate cannot be read, beside its disc."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="prints")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Privacy:
        """An hourly job erases prints after the settings’ delay; these two days are the most."""

        personal = ("digest",)
        what = _("Keyed prints of number plates that drivers gave with their disc")
        purpose = _("To let wardens check a disc, and to refuse a vehicle that comes back too soon")
        keep_days = 2
        kept_from = "at"
        whose = NOBODY  # a driver has no account, and a print leads to no name
        secret = ("digest",)

    class Meta(Owned.Meta):
        ordering = ["-at"]
        constraints = [
            UniqueConstraint(fields=["community", "ticket"], name="delivery_one_print_a_ticket"),
        ]
        indexes = [
            Index(fields=["community", "digest"], name="delivery_prints"),
            Index(fields=["community", "at"], name="delivery_prints_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)


class Turning(Owned):
    """Somebody was turned away; a bay and an hour, for what the streets need."""

    bay = models.ForeignKey(Bay, models.CASCADE, related_name="turnings")
    at = models.DateTimeField()
    full = models.BooleanField()

    class Privacy:
        """Who was turned away is not kept."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-at"]
        indexes = [Index(fields=["community", "at"], name="delivery_turnings_by_time")]

    def __str__(self) -> str:
        return f"{self.bay_id} {self.at}"


class Visit(Owned):
    """One real stop, made out from discs, bookings and sensors; made anew each night."""

    bay = models.ForeignKey(Bay, models.CASCADE, related_name="visits")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="visits")
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    sources = models.CharField(max_length=30)
    overstayed = models.BooleanField(null=True, blank=True)

    class Privacy:
        """A stop of nobody in particular."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-begins_at"]
        constraints = [
            UniqueConstraint(fields=["community", "ticket"], name="delivery_one_visit_a_ticket"),
            CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at")),
                name="delivery_visit_in_order",
            ),
        ]
        indexes = [Index(fields=["community", "day", "bay"], name="delivery_visits_of_day")]

    def __str__(self) -> str:
        return f"{self.bay_id} {self.begins_at}"


class Check(Owned):
    """What a warden saw in a bay; it sends no fine."""

    bay = models.ForeignKey(Bay, models.CASCADE, related_name="checks")
    seen = models.CharField(max_length=12, choices=Seen)
    taken = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Privacy:
        """Neither a plate nor a name; who looked is in the journal."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-at"]
        constraints = [
            CheckConstraint(condition=Q(seen__in=Seen.values), name="delivery_seen_known"),
        ]
        indexes = [Index(fields=["community", "bay", "-at"], name="delivery_checks_of_bay")]

    def __str__(self) -> str:
        return f"{self.bay_id} {self.seen}"


class Report(Owned):
    """Double parking or a blocked bay, as somebody told it; agents read it first."""

    bay = models.ForeignKey(Bay, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=Nuisance)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=Moderation, default=Moderation.WAITING)
    at = models.DateTimeField()

    class Privacy:
        """Who wrote is not kept; the words may name somebody, so they go after a year."""

        personal = ("note",)
        what = _("Reports of blocked delivery bays: a few words, without their author")
        purpose = _("To know where bays are lacking")
        keep_days = 365
        kept_from = "at"
        whose = NOBODY  # whoever reports has no account

    class Meta(Owned.Meta):
        ordering = ["-at"]
        constraints = [
            CheckConstraint(condition=Q(kind__in=Nuisance.values), name="delivery_nuisance_known"),
            CheckConstraint(
                condition=Q(state__in=Moderation.values), name="delivery_report_state_known"
            ),
        ]
        indexes = [Index(fields=["community", "state", "-at"], name="delivery_reports_to_read")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
