"""Carriers and the spaces that they book."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate
from communs.services.delivery.enums import BookingState
from communs.services.delivery.models.places import Bay
from communs.services.delivery.models.stops import Ticket


class Carrier(Owned):
    """A firm or a shop that may book; the account of its address acts for it."""

    name = models.CharField(max_length=120)
    contact = models.EmailField()
    until = models.DateField()

    class Privacy:
        """The address of whoever answers for the firm."""

        personal = ("contact",)
        what = _("Carriers: name of the firm, address of the account that books")
        purpose = _("To let firms book a delivery bay, and to reach them")
        keep_days = 366
        kept_from = "until"
        whose = {"contact": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "name"], name="delivery_one_carrier_a_name"),
            UniqueConstraint(
                fields=["community", "contact"], name="delivery_one_carrier_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Booking(Owned):
    """A space of a bay kept for a carrier, from a minute to another."""

    bay = models.ForeignKey(Bay, models.CASCADE, related_name="bookings")
    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="bookings")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    released_from = models.DateTimeField()  # when grace is over
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.BOOKED)
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, blank=True, related_name="bookings"
    )

    class Privacy:
        """A firm’s booking; the firm’s contact stands with the carrier."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["begins_at"]
        constraints = [
            UniqueConstraint(fields=["community", "ticket"], name="delivery_one_booking_a_ticket"),
            CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="delivery_booking_in_order"
            ),
            CheckConstraint(
                condition=Q(state__in=BookingState.values), name="delivery_booking_state_known"
            ),
        ]
        indexes = [
            Index(fields=["community", "bay", "begins_at"], name="delivery_bookings_of_bay"),
            Index(fields=["community", "state", "released_from"], name="delivery_bookings_due"),
        ]

    def __str__(self) -> str:
        return f"{self.bay_id} {self.begins_at}"
