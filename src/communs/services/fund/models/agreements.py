"""Agreements: their templates, what was agreed with whom, its signature and its amendments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Guard, History, Owned
from communs.core.files.models import StoredFile
from communs.core.kit.errors import Refused
from communs.core.kit.privacy import NOBODY
from communs.services.fund.engine.paying import templates
from communs.services.fund.enums import AgreementState as State
from communs.services.fund.enums import AmendmentKind, AmendmentState, Nature
from communs.services.fund.models.committee import Seal
from communs.services.fund.models.people import Organisation
from communs.services.fund.models.register import Grant

MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}
_SIGNED = Q(state__in=State.signed())


class AgreementTemplate(Owned):
    """What an agreement says and when it pays, as data; what was agreed keeps its own words.

    `clauses` are headings and texts with placeholders; `schedule` the instalments in percent;
    `votes` says which amendments the Bureau votes again. `example` says that it is made up.
    """

    code = models.SlugField(max_length=40, db_index=False)
    title = models.CharField(max_length=160)
    clauses = models.JSONField(default=list)
    schedule = models.JSONField(default=list)
    votes = models.JSONField(default=dict)
    duration_months = models.PositiveSmallIntegerField(default=24)
    example = models.BooleanField(default=False)

    class Privacy:
        """A template names nobody."""

        personal = ()

    class Travel:
        """A template that another fund may take over and change."""

        title = _("Templates of agreements")
        key = ("code",)
        fields: ClassVar[dict[str, Any]] = {
            "title": _("Title"),
            "clauses": _("Clauses"),
            "schedule": _("Instalments"),
            "votes": _("Amendments that are voted"),
            "duration_months": _("Duration in months"),
            "example": _("Example, to be adapted"),
        }

    class Meta(Owned.Meta):
        ordering = ["code"]
        constraints = [
            UniqueConstraint(fields=["community", "code"], name="fund_one_template_a_code"),
            CheckConstraint(
                condition=Q(duration_months__gte=1, duration_months__lte=120),
                name="fund_template_lasts_some_months",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse clauses and a schedule that no agreement could be made of."""
        try:
            templates.check(self.clauses, self.schedule, self.votes)
        except templates.Faulty as fault:
            raise Refused(fault.told(), field=fault.field) from fault


class Agreement(Owned):
    """What the metropolis and the beneficiaries of a grant agree on.

    One made here stands on the seal of the act that awarded the grant, and is signed by a
    `Signature`; the database refuses another amount, another seal, a signed state without one. One
    without a seal was signed elsewhere: its essential data (décret 2017-779) alone are known.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="agreements")
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, blank=True, related_name="+")
    template = models.ForeignKey(
        AgreementTemplate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.SlugField(max_length=30, db_index=False, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SIGNED)
    amount = models.DecimalField(**MONEY, null=True, blank=True)
    eligible_cost = models.DecimalField(**MONEY, null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    clauses = models.JSONField(default=list, blank=True)
    votes = models.JSONField(default=dict, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=100, blank=True)
    nature = models.CharField(max_length=20, choices=Nature, default=Nature.CASH)
    payment_terms = models.CharField(max_length=256, blank=True)
    paid_from = models.DateField(null=True, blank=True)
    paid_until = models.DateField(null=True, blank=True)
    notified_to_eu = models.BooleanField(default=False)

    guards = (
        Guard(
            "stands_on_its_award",
            "NEW.seal_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM fund_grant AS g"
            " WHERE g.id = NEW.grant_id AND g.seal_id = NEW.seal_id AND g.amount = NEW.amount)",
        ),
        Guard(
            "signed_by_a_signature",
            "NEW.seal_id IS NOT NULL AND NEW.state IN ('signed', 'settled')"
            " AND NOT EXISTS (SELECT 1 FROM fund_signature AS s WHERE s.agreement_id = NEW.id"
            " AND s.amendment_id IS NULL)",
        ),
    )

    class Privacy:
        """Agreements between public bodies name nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["-drafted_at", "-number"]
        constraints = [
            UniqueConstraint(
                fields=["community", "grant"],
                condition=~Q(state__in=State.over()),
                name="one_agreement_a_grant",
            ),
            UniqueConstraint(
                fields=["community", "number"],
                condition=~Q(number=""),
                name="fund_one_agreement_a_number",
            ),
            CheckConstraint(
                condition=Q(paid_until__isnull=True) | Q(paid_until__gte=F("paid_from")),
                name="agreement_paid_in_order",
            ),
            CheckConstraint(condition=Q(state__in=State.values), name="fund_agreement_state_known"),
            CheckConstraint(
                condition=Q(seal__isnull=False, number__gt="", amount__gt=0)
                | Q(seal=None, state=State.SIGNED),
                name="fund_agreement_is_sealed",
            ),
            CheckConstraint(
                condition=~_SIGNED | Q(signed_on__isnull=False, paid_from__isnull=False),
                name="fund_agreement_signed_says_when",
            ),
            CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="fund_agreement_ends_after_it_begins",
            ),
            CheckConstraint(
                condition=~Q(state__in=State.over()) | ~Q(ended_because=""),
                name="fund_agreement_ended_says_why",
            ),
        ]
        indexes = [Index(fields=["community", "state", "-number"], name="fund_agreements_by_state")]

    def __str__(self) -> str:
        return self.number or f"{self.grant_id} {self.signed_on}"


class Party(Owned):
    """An organisation that signs an agreement, with its part of the grant to the cent."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    amount = models.DecimalField(**MONEY)
    left_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        """An organisation is nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["agreement", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "agreement", "organisation"], name="fund_one_party"
            ),
            CheckConstraint(condition=Q(amount__gte=0), name="fund_party_amount"),
            CheckConstraint(
                condition=Q(left_at=None) | Q(amount=0), name="fund_who_left_gets_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Amendment(Owned):
    """A change of an agreement: voted again where its rule says so, then signed, then in force.

    `change` is what changes: `{"partner": key}`, `{"ends_on": day}` or `{"parts": {key: euros}}`.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=AmendmentKind)
    state = models.CharField(max_length=10, choices=AmendmentState)
    change = models.JSONField(default=dict)
    reason = models.CharField(max_length=1000)
    needs_vote = models.BooleanField()
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    guards = (
        Guard(
            "in_force_once_signed",
            "NEW.state = 'in_force' AND NOT EXISTS (SELECT 1 FROM fund_signature AS s"
            " WHERE s.agreement_id = NEW.agreement_id AND s.amendment_id = NEW.id)",
        ),
    )

    class Privacy:
        """An amendment is about organisations."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["agreement", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "agreement", "position"], name="fund_one_amendment_a_place"
            ),
            UniqueConstraint(
                fields=["community", "agreement"],
                condition=Q(state__in=(AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)),
                name="fund_one_amendment_at_a_time",
            ),
            CheckConstraint(
                condition=Q(kind__in=AmendmentKind.values), name="fund_amendment_kind_known"
            ),
            CheckConstraint(
                condition=Q(state__in=AmendmentState.values), name="fund_amendment_state_known"
            ),
            CheckConstraint(
                condition=Q(needs_vote=False)
                | Q(seal__isnull=False)
                | Q(state__in=(AmendmentState.TO_VOTE, AmendmentState.ABANDONED)),
                name="fund_amendment_voted_where_it_must",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.position}"


class Signature(History):
    """That an agreement, or an amendment, was signed by all; the database refuses to change it.

    `digest` is the SHA-256 of the signed paper as it came back, or of the text where none did.
    """

    keep_days: ClassVar[int] = 36_525

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    amendment = models.ForeignKey(
        Amendment, models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="+")
    signed_on = models.DateField()
    digest = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    guards = (
        Guard(
            "of_the_seal_of_its_agreement",
            "NOT EXISTS (SELECT 1 FROM fund_agreement AS a WHERE a.id = NEW.agreement_id"
            " AND a.seal_id = NEW.seal_id) OR (NEW.amendment_id IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM fund_amendment AS m WHERE m.id = NEW.amendment_id"
            " AND m.agreement_id = NEW.agreement_id))",
            ("INSERT",),
        ),
    )

    class Privacy:
        """Who signed stands on the paper; the row names nobody."""

        personal = ()

    class Meta(History.Meta):
        ordering = ["at", "id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "agreement"],
                condition=Q(amendment=None),
                name="fund_signed_once",
            ),
            UniqueConstraint(
                fields=["community", "amendment"],
                condition=Q(amendment__isnull=False),
                name="fund_amendment_signed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.signed_on:%Y-%m-%d}"


class ScannedPage(Owned):
    """A page of a signed agreement that came back, found by its square code."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="scanned")
    amendment = models.ForeignKey(
        Amendment, models.CASCADE, null=True, blank=True, related_name="scanned"
    )
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Privacy:
        """Signed pages: names and signatures of who commits a public body."""

        personal = ("file",)
        what = _("Signed agreements of the fund: names and signatures as the paper bears them")
        purpose = _("To prove that an agreement was signed")
        keep_days = None
        whose = NOBODY  # they signed as officials: the paper is a public act

    class Meta(Owned.Meta):
        ordering = ["agreement", "number"]
        constraints = [
            UniqueConstraint(
                fields=["community", "agreement", "number"],
                condition=Q(amendment=None),
                name="fund_one_scan_a_page",
            ),
            UniqueConstraint(
                fields=["community", "amendment", "number"],
                condition=Q(amendment__isnull=False),
                name="fund_one_scan_a_page_of_amendment",
            ),
            CheckConstraint(condition=Q(number__gte=1, place__gte=1), name="fund_scan_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number}"
