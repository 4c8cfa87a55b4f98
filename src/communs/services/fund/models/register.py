"""Tables of the fund; they belong to the metropolis that runs it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.owned import Guard, Owned, OwnedManager, OwnedQuerySet
from communs.core.kit.privacy import NOBODY
from communs.services.fund.enums import Challenge, Provenance, Theme


class Programme(Owned):
    """A fund with its rules: « Fonds métropolitain pour l’innovation numérique »."""

    code = models.SlugField(max_length=40, db_index=False)
    acronym = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    created_on = models.DateField(null=True, blank=True)

    class Privacy:
        """A programme names nobody."""

        personal = ()

    class Travel:
        """The same programme, run by another community."""

        title = _("Programmes")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "acronym": _("Acronym"),
            "name": _("Name"),
            "created_on": _("Created on"),
        }

    class Meta(Owned.Meta):
        constraints = [UniqueConstraint(fields=["community", "code"], name="one_programme_a_code")]

    def __str__(self) -> str:
        return self.acronym


class Round(Owned):
    """One award of grants: what the deciding body announced, with the counts it announced."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    awarded_on = models.DateField()
    announced_on = models.DateField(null=True, blank=True)
    committee_on = models.DateField(null=True, blank=True)
    body = models.CharField(max_length=120)
    total = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    project_count = models.PositiveIntegerField(null=True, blank=True)
    commune_count = models.PositiveIntegerField(null=True, blank=True)
    territory_count = models.PositiveIntegerField(null=True, blank=True)
    pooled_count = models.PositiveIntegerField(null=True, blank=True)
    pooled_minimum = models.PositiveSmallIntegerField(null=True, blank=True)
    committee = models.JSONField(default=list)
    document = models.CharField(max_length=200, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)

    class Privacy:
        """The committee: public officials, as the communiqué prints them."""

        personal = ("committee",)
        what = _("Committees: names and roles, as the press release prints them")
        purpose = _("Record of a public decision")
        keep_days = None
        whose = NOBODY  # they sat on it as officials: the act is public

    class Meta(Owned.Meta):
        ordering = ["-awarded_on"]
        constraints = [
            UniqueConstraint(
                fields=["community", "programme", "awarded_on"], name="one_round_a_day"
            ),
            CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gt=0), name="round_total_unknown_or_some"
            ),
        ]
        indexes = [models.Index(fields=["community", "-awarded_on"], name="round_newest_first")]

    def __str__(self) -> str:
        return f"{self.programme} {self.awarded_on:%Y-%m-%d}"


class GrantQuerySet(OwnedQuerySet):
    """Grants, by what the register filters on."""

    def awarded_in(self, year: int) -> Self:
        """Keep those awarded in a year."""
        return self.filter(awarded_on__gte=date(year, 1, 1), awarded_on__lt=date(year + 1, 1, 1))

    def of(self, beneficiary: Community) -> Self:
        """Keep a beneficiary's."""
        return self.filter(beneficiary=beneficiary)


class GrantManager(OwnedManager.from_queryset(GrantQuerySet)):  # type: ignore[misc]
    """Grants of the community in force."""


class Grant(Owned):
    """One funded experiment. An amount that was not published is unknown, never 0.

    What was applied for here has its file and the seal of the act that awarded it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="grants")
    number = models.PositiveIntegerField()
    reference = models.SlugField(max_length=60, db_index=False)
    beneficiary = models.ForeignKey(Community, models.PROTECT, related_name="+")
    territory = models.ForeignKey(Community, models.PROTECT, null=True, related_name="+")
    beneficiary_as_published = models.CharField(max_length=200)
    title = models.CharField(max_length=256)
    title_as_published = models.CharField(max_length=256)
    awarded_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    theme = models.CharField(max_length=20, choices=Theme, null=True, blank=True)
    challenge = models.CharField(max_length=20, choices=Challenge, null=True, blank=True)
    classified_by = models.CharField(max_length=10, choices=Provenance, default=Provenance.INFERRED)
    row = models.PositiveSmallIntegerField(null=True, blank=True)
    application = models.ForeignKey(
        "fund.Application", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    seal = models.ForeignKey(
        "fund.Seal", models.PROTECT, null=True, blank=True, related_name="grants"
    )
    words = models.TextField(editable=False)

    guards = (
        Guard(
            "keeps_what_is_agreed",
            "EXISTS (SELECT 1 FROM fund_agreement AS a WHERE a.grant_id = NEW.id"
            " AND a.seal_id IS NOT NULL"
            " AND (a.amount <> NEW.amount OR NEW.seal_id IS NULL OR a.seal_id <> NEW.seal_id))",
        ),
    )

    objects: ClassVar[Any] = GrantManager()

    class Privacy:
        """Grants go to public bodies."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-awarded_on", "number"]
        constraints = [
            UniqueConstraint(fields=["community", "round", "number"], name="one_grant_a_number"),
            UniqueConstraint(fields=["community", "reference"], name="one_grant_a_reference"),
            CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="grant_amount_unknown_or_some",
            ),
            UniqueConstraint(fields=["community", "application"], name="fund_one_grant_a_file"),
            CheckConstraint(
                condition=Q(application=None) | Q(seal__isnull=False, amount__isnull=False),
                name="grant_of_a_file_is_sealed",
            ),
            CheckConstraint(
                condition=Q(theme__isnull=True) | Q(theme__in=Theme.values),
                name="grant_theme_known",
            ),
            CheckConstraint(
                condition=Q(challenge__isnull=True) | Q(challenge__in=Challenge.values),
                name="grant_challenge_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "-awarded_on", "number"], name="grant_register_order"
            ),
            models.Index(
                fields=["community", "beneficiary", "-awarded_on", "number"],
                name="grant_by_beneficiary",
            ),
            # Holds all that the register filters and counts, so that the table is not read for it.
            models.Index(
                fields=["community", "theme", "challenge", "territory", "awarded_on", "words"],
                name="grant_by_filters",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Fact(Owned):
    """Something known of an experiment, with its source; withdrawn ones are shown no more.

    What somebody wrote or corrected here is not overwritten by reading the documents again.
    """

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="facts")
    code = models.SlugField(max_length=40, db_index=False)
    when = models.CharField(max_length=10, blank=True)
    value = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    text_fr = models.TextField()
    text_en = models.TextField()
    source = models.CharField(max_length=300)
    corrected_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Privacy:
        """Facts about services name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["grant", "when", "code"]
        constraints = [
            UniqueConstraint(fields=["community", "grant", "code"], name="one_fact_a_code"),
            CheckConstraint(condition=~Q(source=""), name="fact_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.code}"

    @property
    def version(self) -> str:
        """What changes each time the fact is corrected."""
        return self.corrected_at.isoformat() if self.corrected_at else "first"
