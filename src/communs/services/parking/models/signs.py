"""What applies where one parks: tariffs, rules, permits. These go along to other communes."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.core.communities.owned import Owned
from communs.core.kit.timespans_told import days_told
from communs.services.parking.enums import Charge, Effect, Nature, SpaceKind, Where, Who
from communs.services.parking.models.places import Segment, Site, Zone

EVERY_DAY = "0123456"
_DAYS = re.compile(r"0?1?2?3?4?5?6?")


class Tariff(Owned):
    """What a stay costs; outside the hours that are paid for, parking is free.

    Steps are pairs of minutes and cents, both growing.
    """

    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=120)
    days = models.CharField(max_length=7, default=EVERY_DAY)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    break_begins = models.TimeField(null=True, blank=True)
    break_ends = models.TimeField(null=True, blank=True)
    on_holidays = models.BooleanField(default=False)
    free_minutes = models.PositiveSmallIntegerField(default=0)
    steps = models.JSONField(default=list, blank=True)
    further_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    further_cents = models.PositiveIntegerField(null=True, blank=True)
    most_cents = models.PositiveIntegerField(null=True, blank=True)

    class Privacy:
        """A tariff names nobody."""

        personal = ()

    class Travel:
        """The same prices elsewhere."""

        title = _("Parking tariffs")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "days": _("Days that are paid for"),
            "begins": _("Paid from"),
            "ends": _("Paid until"),
            "break_begins": _("Free break from"),
            "break_ends": _("Free break until"),
            "on_holidays": _("Paid on public holidays too"),
            "free_minutes": _("Free minutes on arrival"),
            "steps": _("Prices"),
            "further_minutes": _("Each further duration, in minutes"),
            "further_cents": _("Its price, in cents"),
            "most_cents": _("Most for 24 hours, in cents"),
        }
        told: ClassVar[dict[str, Any]] = {"days": days_told}

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="parking_one_tariff_a_code"),
            CheckConstraint(
                condition=Q(further_minutes__isnull=True, further_cents__isnull=True)
                | Q(further_minutes__gte=1, further_cents__isnull=False),
                name="parking_tariff_further_whole",
            ),
            CheckConstraint(
                condition=Q(break_begins__isnull=True, break_ends__isnull=True)
                | Q(
                    begins__isnull=False,
                    ends__isnull=False,
                    break_begins__gt=models.F("begins"),
                    break_ends__gt=models.F("break_begins"),
                    ends__gt=models.F("break_ends"),
                ),
                name="parking_tariff_break_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse days that are none, and prices that do not grow with time."""
        _check_days(self.days)
        if not _holds_its_break(self):
            sentence = _("A break begins and ends within the hours that are paid for.")
            raise ValidationError({"break_begins": sentence})
        if not _grows(self.steps, self.free_minutes):
            raise ValidationError(
                {"steps": _("Each duration must be longer than the one before, and cost no less.")}
            )


class Regulation(Owned):
    """One rule: where, when, for whom, and what it says; with the order that it comes from."""

    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=160)
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.ORDINARY)
    where = models.CharField(max_length=10, choices=Where, default=Where.PLACES)
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="regulations"
    )
    kind = models.CharField(max_length=10, choices=SpaceKind, blank=True)
    days = models.CharField(max_length=7, default=EVERY_DAY)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    holidays = models.BooleanField(null=True, blank=True)
    who = models.CharField(max_length=16, choices=Who, default=Who.EVERYONE)
    effect = models.CharField(max_length=10, choices=Effect, default=Effect.ALLOWS)
    most_minutes = models.PositiveIntegerField(null=True, blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.UNSAID)
    tariff = models.ForeignKey(
        Tariff, models.PROTECT, null=True, blank=True, related_name="regulations"
    )
    order_reference = models.CharField(max_length=120, blank=True)
    order_on = models.DateField(null=True, blank=True)

    class Privacy:
        """A rule names nobody."""

        personal = ()

    class Travel:
        """Rules go along without the streets they hold in: there they hold nowhere at first."""

        title = _("Parking rules")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "title": _("Title"),
            "nature": _("What it is"),
            "where": _("Where it holds"),
            "zone": _("Zone"),
            "kind": _("Kind of space"),
            "days": _("Days of the week"),
            "begins": _("From what hour"),
            "ends": _("Until what hour"),
            "since": _("First day"),
            "until": _("Last day"),
            "holidays": _("On public holidays"),
            "who": _("For whom"),
            "effect": _("What it says"),
            "most_minutes": _("Longest stay, in minutes"),
            "charge": _("Price"),
            "tariff": _("Tariff"),
            "order_reference": pgettext_lazy("parking", "Order"),
            "order_on": _("Date of the order"),
        }
        told: ClassVar[dict[str, Any]] = {"days": days_told}

    class Meta(Owned.Meta):
        ordering = ["title"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="parking_one_regulation_a_code"),
            CheckConstraint(
                condition=Q(where=Where.ZONE, zone__isnull=False)
                | (~Q(where=Where.ZONE) & Q(zone__isnull=True)),
                name="parking_regulation_zone_said",
            ),
            CheckConstraint(
                condition=Q(charge=Charge.TARIFF, tariff__isnull=False)
                | (~Q(charge=Charge.TARIFF) & Q(tariff__isnull=True)),
                name="parking_regulation_price_said",
            ),
            CheckConstraint(
                condition=Q(most_minutes__isnull=True) | Q(most_minutes__gte=1),
                name="parking_regulation_stay_some",
            ),
            CheckConstraint(
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=models.F("since")),
                name="parking_regulation_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse days that are none, a reservation for everyone, an end before the beginning."""
        _check_days(self.days)
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day comes before the first.")})
        if self.effect == Effect.RESERVES and self.who == Who.EVERYONE:
            raise ValidationError({"who": _("Say for whom parking is reserved.")})


class Placement(Owned):
    """A street or a car park in which a rule holds."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="placements")
    segment = models.ForeignKey(
        Segment, models.CASCADE, null=True, blank=True, related_name="placements"
    )
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="placements")

    class Privacy:
        """A street names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["regulation"]
        constraints = [
            UniqueConstraint(
                fields=["community", "regulation", "segment"], name="parking_one_rule_a_segment"
            ),
            UniqueConstraint(
                fields=["community", "regulation", "site"], name="parking_one_rule_a_site"
            ),
            CheckConstraint(
                condition=Q(segment__isnull=False, site__isnull=True)
                | Q(segment__isnull=True, site__isnull=False),
                name="parking_rule_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regulation}: {self.segment or self.site}"


class PermitKind(Owned):
    """A card or a subscription that people may have, and how to get it."""

    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=120)
    who = models.CharField(max_length=16, choices=Who, default=Who.RESIDENTS)
    month_cents = models.PositiveIntegerField(null=True, blank=True)
    how = models.TextField(max_length=1000, blank=True)

    class Privacy:
        """A kind of permit; who holds one is not kept here."""

        personal = ()

    class Travel:
        """The same permits elsewhere."""

        title = _("Kinds of permits")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "who": _("For whom"),
            "month_cents": _("Price of a month, in cents"),
            "how": _("How to get it"),
        }

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="parking_one_permit_a_code"),
        ]

    def __str__(self) -> str:
        return self.name


def _check_days(days: str) -> None:
    if not days or not _DAYS.fullmatch(days):
        raise ValidationError({"days": _("Choose at least one day.")})


def _holds_its_break(tariff: Tariff) -> bool:
    """Tell whether a break, if there is one, lies within the paid hours."""
    if tariff.break_begins is None and tariff.break_ends is None:
        return True
    hours = (tariff.begins, tariff.break_begins, tariff.break_ends, tariff.ends)
    known = [hour for hour in hours if hour is not None]
    return len(known) == len(hours) and known == sorted(set(known))


def _grows(steps: Any, free_minutes: int) -> bool:
    """Tell whether steps are pairs of minutes and cents that grow."""
    if not isinstance(steps, list):
        return False
    length, price = free_minutes, 0
    for step in steps:
        if not (isinstance(step, list) and [type(part) for part in step] == [int, int]):
            return False
        if step[0] <= length or step[1] < price:
            return False
        length, price = step
    return True
