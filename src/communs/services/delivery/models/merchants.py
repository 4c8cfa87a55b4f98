"""Shops, and the deliveries that come back to them week after week."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Fate
from communs.services.delivery.enums import Asking, VehicleClass
from communs.services.delivery.models.bookings import Carrier
from communs.services.delivery.models.places import EVERY_DAY, Bay


class Merchant(Owned):
    """A shop at an address, and the bay that serves it; its page is opened by a secret."""

    name = models.CharField(max_length=120)
    address = models.CharField(max_length=160)
    bay = models.ForeignKey(Bay, models.PROTECT, related_name="merchants")
    contact = models.EmailField(null=True, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=10, choices=Asking, default=Asking.ASKED)
    asked_at = models.DateTimeField()
    over_on = models.DateField(null=True, blank=True)  # ended, refused, or asked and not answered

    class Privacy:
        """The address of whoever asked for a shop, kept a year after the last day."""

        personal = ("contact",)
        what = _("Shops with recurring deliveries: name, address, e-mail address if one was given")
        purpose = _("To know how full delivery bays will be, and to answer whoever asked")
        keep_days = 366
        kept_from = "over_on"
        whose = {"contact": Fate.UNLINK}
        secret = ("digest",)

    class Meta(Owned.Meta):
        ordering = ["name", "address"]
        constraints = [
            UniqueConstraint(fields=["community", "digest"], name="delivery_one_merchant_a_secret"),
            CheckConstraint(
                condition=Q(state__in=Asking.values), name="delivery_merchant_state_known"
            ),
        ]
        indexes = [Index(fields=["community", "state"], name="delivery_merchants_asked")]

    def __str__(self) -> str:
        return f"{self.name}, {self.address}"


class Recurrence(Owned):
    """A delivery that comes back: one vehicle, on certain days, some time between two hours."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="recurrences")
    days = models.CharField(max_length=7, default=EVERY_DAY)
    begins = models.TimeField()
    ends = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    vehicle = models.CharField(max_length=16, choices=VehicleClass)
    carrier = models.ForeignKey(
        Carrier, models.SET_NULL, null=True, blank=True, related_name="recurrences"
    )
    holidays = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day

    class Privacy:
        """A shop's deliveries; whoever answers for the shop stands with it."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["begins", "ends"]
        constraints = [
            CheckConstraint(condition=Q(ends__gt=F("begins")), name="delivery_recurrence_in_order"),
            CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240), name="delivery_recurrence_lasts"
            ),
            CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="delivery_recurrence_days_in_order",
            ),
            CheckConstraint(
                condition=Q(vehicle__in=VehicleClass.values), name="delivery_recurrence_vehicle"
            ),
        ]
        indexes = [Index(fields=["community", "merchant"], name="delivery_recurrences_of_shop")]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.begins}"


class Pause(Owned):
    """Days on which a delivery does not come, the last one included."""

    recurrence = models.ForeignKey(Recurrence, models.CASCADE, related_name="pauses")
    first = models.DateField()
    last = models.DateField()

    class Privacy:
        """Days without a delivery."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["first"]
        constraints = [
            CheckConstraint(condition=Q(last__gte=F("first")), name="delivery_pause_in_order"),
        ]
        indexes = [Index(fields=["community", "recurrence"], name="delivery_pauses_of_recurrence")]

    def __str__(self) -> str:
        return f"{self.first} {self.last}"
