"""Calls, and the rules of a programme as data."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.communities.owned import Owned
from communs.core.forms.models import Version
from communs.services.fund.enums import CallKind, CallState, Sight
from communs.services.fund.models.register import Programme


class FundingRules(Owned):
    """What a grant may be, as one version of rules; a call that was published keeps its own.

    `terms` is what `engine/financing/terms.py` reads: base, rate, ceilings by number of partners
    and by type of expense, the owner's least share, eligible types. `example` says that the
    figures are made up, to be replaced by the fund's own.
    """

    code = models.SlugField(max_length=40, db_index=False)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    terms = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    example = models.BooleanField(default=False)

    class Privacy:
        """Rules name nobody."""

        personal = ()

    class Travel:
        """Rules that another fund may take over and change."""

        title = _("Funding rules")
        key = ("code", "version")
        fields: ClassVar[dict[str, Any]] = {
            "title": _("Title"),
            "terms": _("Rates and ceilings"),
            "text": _("Text of the rules"),
            "reference": _("Legal reference"),
            "valid_from": _("In force from"),
            "example": _("Example figures"),
        }

    class Meta(Owned.Meta):
        ordering = ["code", "-version"]
        constraints = [
            UniqueConstraint(fields=["community", "code", "version"], name="fund_one_rules_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Envelope(Owned):
    """Money voted for a programme in a year; a part of a larger one, or whole."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="envelopes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    title = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Privacy:
        """Budgets name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-year", "title"]
        constraints = [
            UniqueConstraint(
                fields=["community", "programme", "year", "title"], name="fund_one_envelope_a_title"
            ),
            CheckConstraint(condition=Q(amount__gt=0), name="fund_envelope_has_money"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class Call(Owned):
    """What the metropolis asks for: a subsidy to be asked, or solutions to a site's challenge.

    Open from `opens_at` to `closes_at` (not counted), or without an end where one may apply at
    any time. Its form and its rules no longer change once it is published.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=10, choices=CallKind, default=CallKind.SUBSIDY)
    state = models.CharField(max_length=10, choices=CallState, default=CallState.DRAFT)
    code = models.SlugField(max_length=40, db_index=False)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    rules = models.ForeignKey(FundingRules, models.PROTECT, null=True, blank=True, related_name="+")
    form = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, blank=True, related_name="+")
    template = models.ForeignKey(
        "fund.AgreementTemplate", models.PROTECT, null=True, blank=True, related_name="calls"
    )
    challenges = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)
    example = models.BooleanField(default=False)

    class Privacy:
        """A call names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-opens_at", "code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="fund_one_call_a_code"),
            CheckConstraint(condition=Q(kind__in=CallKind.values), name="fund_call_kind_known"),
            CheckConstraint(condition=Q(state__in=CallState.values), name="fund_call_state_known"),
            CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="fund_call_closes_after_it_opens",
            ),
            CheckConstraint(
                condition=Q(state=CallState.DRAFT)
                | Q(opens_at__isnull=False, form__isnull=False, published_at__isnull=False),
                name="fund_call_published_whole",
            ),
        ]
        indexes = [Index(fields=["community", "state", "closes_at"], name="fund_calls_open")]

    def __str__(self) -> str:
        return self.code


class Criterion(Owned):
    """What an application is judged by, from 0 to `scale`, with its weight in the whole."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=40, db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    help = models.CharField(max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    scale = models.PositiveSmallIntegerField(default=5)

    class Privacy:
        """Criteria name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["call", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "call", "code"], name="fund_one_criterion_a_code"
            ),
            CheckConstraint(condition=Q(weight__gt=0), name="fund_criterion_weighs"),
            CheckConstraint(condition=Q(scale__gte=1), name="fund_criterion_has_a_scale"),
        ]

    def __str__(self) -> str:
        return self.title


class Phase(Owned):
    """A time of examination, which says who writes, and who sees whose opinion when."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    scores = models.BooleanField(default=True)
    sees_others = models.CharField(max_length=10, choices=Sight, default=Sight.AFTER_OWN)
    sees_names = models.BooleanField(default=False)

    class Privacy:
        """Phases name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["call", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "call", "position"], name="fund_one_phase_a_place"
            ),
            CheckConstraint(condition=Q(sees_others__in=Sight.values), name="fund_sight_known"),
            CheckConstraint(
                condition=Q(ends_on=None) | Q(begins_on=None) | Q(ends_on__gte=F("begins_on")),
                name="fund_phase_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Site(Owned):
    """Where a commune offers to try a solution, and the challenge that it sets there."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="sites")
    body = models.ForeignKey(Community, models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    challenge = models.TextField()
    place = models.CharField(max_length=200, blank=True)

    class Privacy:
        """A site names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["call", "title"]
        constraints = [
            UniqueConstraint(
                fields=["community", "call", "body", "title"], name="fund_one_site_a_title"
            )
        ]

    def __str__(self) -> str:
        return self.title
