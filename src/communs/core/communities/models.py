"""Communities: the metropolis, its territories and its communes, through time."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.enums import Kind
from communs.core.kit.ids import time_ordered_id
from communs.core.kit.periods import in_force
from communs.core.kit.remembered import Remembered

SLUG = RegexValidator(r"^[a-z][a-z0-9-]*\Z", _("Lower-case letters, digits and hyphens only."))
COLOUR = RegexValidator(r"^#[0-9a-f]{6}\Z", _("A colour is written #rrggbb."))


directory: Remembered[list[Community]] = Remembered(seconds=5)


class CommunityQuerySet(models.QuerySet):
    """Communities, asked about on a day."""

    def existing(self, on: date) -> Self:
        """Keep those that existed that day."""
        return self.filter(in_force(on))

    def communes(self) -> Self:
        """Keep the communes."""
        return self.filter(kind=Kind.COMMUNE)

    def territories(self) -> Self:
        """Keep the territories."""
        return self.filter(kind=Kind.TERRITORY)


class Community(models.Model):
    """A metropolis, a territory (EPT) or a commune: a public body, and a tenant of the platform."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.CharField(max_length=60, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    siren = models.CharField(max_length=9, null=True, blank=True)
    siret = models.CharField(max_length=14, null=True, blank=True)
    insee = models.CharField(max_length=5, null=True, blank=True)
    department = models.CharField(max_length=3, blank=True)
    postal_codes = models.CharField(max_length=400, blank=True)
    host = models.CharField(max_length=253, null=True, blank=True, unique=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    brand = models.CharField(max_length=7, blank=True, validators=[COLOUR])
    warm = models.CharField(max_length=7, blank=True, validators=[COLOUR])
    demonstration = models.BooleanField(default=False)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            UniqueConstraint(fields=["insee"], name="one_community_per_insee_code"),
            UniqueConstraint(fields=["siren"], name="one_community_per_siren"),
            UniqueConstraint(
                fields=["kind"], condition=Q(kind=Kind.METROPOLIS), name="one_metropolis"
            ),
            CheckConstraint(condition=Q(kind__in=Kind.values), name="community_kind_known"),
            CheckConstraint(
                condition=Q(insee__isnull=True) | Q(kind=Kind.COMMUNE),
                name="only_communes_have_an_insee_code",
            ),
            CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(since__isnull=True)
                | Q(until__gt=models.F("since")),
                name="community_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        directory.forget()

    @property
    def full_name(self) -> str:
        """The name as a page's head shows it."""
        return self.name

    @property
    def css_tokens(self) -> str:
        """The community's own colours, empty when it keeps the house's."""
        return f"{self.brand} {self.warm}" if self.brand and self.warm else ""

    @property
    def is_metropolis(self) -> bool:
        return self.kind == Kind.METROPOLIS

    def existed(self, on: date) -> bool:
        """Tell whether it existed that day; an unknown beginning counts as long ago."""
        begun = self.since is None or self.since <= on
        return begun and (self.until is None or on < self.until)


class Affiliation(models.Model):
    """A commune's time in a territory, or a commune's or territory's in the metropolis."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    member = models.ForeignKey(Community, models.PROTECT, related_name="affiliations")
    group = models.ForeignKey(Community, models.PROTECT, related_name="member_affiliations")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["member", "since"]
        constraints = [
            UniqueConstraint(fields=["member", "group", "since"], name="one_affiliation_a_time"),
            CheckConstraint(condition=~Q(member=models.F("group")), name="no_member_of_itself"),
            CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(since__isnull=True)
                | Q(until__gt=models.F("since")),
                name="affiliation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.group}"


class Population(models.Model):
    """Inhabitants of a community (municipal population) in the edition of a year."""

    id = models.UUIDField(primary_key=True, default=time_ordered_id, editable=False)
    community = models.ForeignKey(Community, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField()
    inhabitants = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["community", "year"]
        constraints = [UniqueConstraint(fields=["community", "year"], name="one_population_a_year")]

    def __str__(self) -> str:
        return f"{self.community} {self.year} : {self.inhabitants}"


class Outline(models.Model):
    """The shape of a commune: a GeoJSON geometry in degrees (WGS 84)."""

    community = models.OneToOneField(
        Community, models.CASCADE, primary_key=True, related_name="outline"
    )
    geometry = models.JSONField()
    source = models.CharField(max_length=300)

    def __str__(self) -> str:
        return str(self.community)
