"""Instalments, what is claimed for them, what is paid, and what is taken back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Guard, Owned
from communs.core.kit.privacy import Fate
from communs.services.fund.enums import ClaimState, InstalmentKind
from communs.services.fund.enums import PaymentState as State
from communs.services.fund.models.agreements import MONEY, Agreement, Signature
from communs.services.fund.models.people import Organisation

_DONE = (State.ORDERED, State.PAID)


class Instalment(Owned):
    """A part of a grant and the condition of its payment; what is reduced is `planned` - `amount`.

    The database refuses instalments that together are more than the grant.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=InstalmentKind)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    planned = models.DecimalField(**MONEY)
    amount = models.DecimalField(**MONEY)
    condition = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=300, blank=True)

    guards = (
        Guard(
            "within_the_grant",
            "(SELECT a.amount FROM fund_agreement AS a WHERE a.id = NEW.agreement_id)"
            " + 0.001 < NEW.planned + coalesce((SELECT sum(i.planned) FROM fund_instalment AS i"
            " WHERE i.agreement_id = NEW.agreement_id AND i.id <> NEW.id), 0)",
        ),
        Guard(
            "not_below_what_is_paid",
            "EXISTS (SELECT 1 FROM fund_payment AS p WHERE p.instalment_id = NEW.id"
            " AND p.state IN ('ordered', 'paid') AND (p.amount <> NEW.amount"
            " OR NEW.agreement_id <> OLD.agreement_id))",
            ("UPDATE",),
        ),
    )

    class Privacy:
        """An instalment names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["agreement", "position"]
        constraints = [
            UniqueConstraint(
                fields=["community", "agreement", "position"], name="fund_one_instalment_a_place"
            ),
            CheckConstraint(
                condition=Q(kind__in=InstalmentKind.values), name="fund_instalment_kind_known"
            ),
            CheckConstraint(
                condition=Q(amount__gte=0, planned__gt=0, amount__lte=F("planned")),
                name="fund_instalment_only_shrinks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.position}"


class Claim(Owned):
    """What a partner claims for an instalment: what was spent, with its evidence.

    `accepted` is the cost that counts, as somebody else found it. Who checks did not claim.
    """

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="claims")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ClaimState, default=ClaimState.MADE)
    spent = models.DecimalField(**MONEY)
    accepted = models.DecimalField(**MONEY, null=True, blank=True)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Privacy:
        """Which accounts claimed and checked."""

        personal = ("made_by", "checked_by")
        what = _("Claims of the fund: the accounts that claimed and that checked")
        purpose = _("To prove that public money was checked by somebody else")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"made_by": Fate.UNLINK, "checked_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["instalment", "made_at"]
        constraints = [
            UniqueConstraint(
                fields=["community", "instalment"],
                condition=~Q(state=ClaimState.REJECTED),
                name="fund_one_claim_an_instalment",
            ),
            CheckConstraint(condition=Q(state__in=ClaimState.values), name="fund_claim_state"),
            CheckConstraint(condition=Q(spent__gt=0), name="fund_claim_spent_something"),
            CheckConstraint(
                condition=Q(accepted=None) | Q(accepted__gte=0, accepted__lte=F("spent")),
                name="fund_claim_accepts_what_was_spent",
            ),
            CheckConstraint(
                condition=Q(state=ClaimState.MADE, accepted=None)
                | Q(state=ClaimState.ACCEPTED, accepted__isnull=False, checked_at__isnull=False)
                | (Q(state=ClaimState.REJECTED, checked_at__isnull=False) & ~Q(reason="")),
                name="fund_claim_checked_says_what",
            ),
            CheckConstraint(
                condition=Q(made_by=None) | Q(checked_by=None) | ~Q(made_by=F("checked_by")),
                name="fund_nobody_checks_their_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id} {self.state}"


class Payment(Owned):
    """Money of an instalment on its way; there is none without the signature of its agreement.

    `reference` is the order's number in the accounts (mandat). What was paid no longer changes.
    """

    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="payments")
    signature = models.ForeignKey(Signature, models.PROTECT, related_name="payments")
    claimed = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    amount = models.DecimalField(**MONEY)
    due_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    moved_by = models.UUIDField(null=True)

    guards = (
        Guard(
            "signed_by_its_agreement",
            "NOT EXISTS (SELECT 1 FROM fund_instalment AS i JOIN fund_signature AS s"
            " ON s.agreement_id = i.agreement_id WHERE i.id = NEW.instalment_id"
            " AND s.id = NEW.signature_id AND s.amendment_id IS NULL)",
        ),
        Guard(
            "within_its_instalment",
            "NEW.state <> 'rejected' AND NEW.amount >"
            " (SELECT i.amount FROM fund_instalment AS i WHERE i.id = NEW.instalment_id)",
        ),
        Guard(
            "paid_stays_paid",
            "OLD.state = 'paid' AND (NEW.state <> 'paid' OR NEW.amount <> OLD.amount"
            " OR NEW.instalment_id <> OLD.instalment_id OR NEW.paid_on <> OLD.paid_on)",
            ("UPDATE",),
        ),
        Guard("paid_is_kept", "OLD.state IN ('ordered', 'paid')", ("DELETE",)),
    )

    class Privacy:
        """Which account moved a payment last."""

        personal = ("moved_by",)
        what = _("Payments of the fund: the account that checked, ordered or paid last")
        purpose = _("To prove how public money was paid")
        keep_days = None
        whose: ClassVar[dict[str, Any]] = {"moved_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["instalment", "due_at"]
        constraints = [
            UniqueConstraint(
                fields=["community", "instalment"],
                condition=~Q(state=State.REJECTED),
                name="fund_one_payment_an_instalment",
            ),
            UniqueConstraint(
                fields=["community", "reference"],
                condition=~Q(reference="") & ~Q(state=State.REJECTED),
                name="fund_one_payment_an_order",
            ),
            CheckConstraint(condition=Q(state__in=State.values), name="fund_payment_state_known"),
            CheckConstraint(condition=Q(amount__gt=0), name="fund_payment_pays_something"),
            CheckConstraint(
                condition=~Q(state=State.CHECKED) | Q(checked_at__isnull=False),
                name="fund_payment_checked_says_when",
            ),
            CheckConstraint(
                condition=~Q(state__in=_DONE)
                | (Q(checked_at__isnull=False, ordered_on__isnull=False) & ~Q(reference="")),
                name="fund_payment_ordered_says_when",
            ),
            CheckConstraint(
                condition=Q(state=State.PAID, paid_on__isnull=False)
                | (~Q(state=State.PAID) & Q(paid_on=None)),
                name="fund_payment_paid_says_when",
            ),
            CheckConstraint(
                condition=~Q(state=State.REJECTED) | ~Q(reason=""),
                name="fund_payment_rejected_says_why",
            ),
        ]
        indexes = [Index(fields=["community", "state", "due_at"], name="fund_payments_waiting")]

    def __str__(self) -> str:
        return f"{self.instalment_id} {self.state}"


class Recovery(Owned):
    """What was paid too much and is asked back: how much, why, since when; received in full.

    `payment` is the last that was made: nothing is asked back where nothing was paid.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="recoveries")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="recoveries")
    amount = models.DecimalField(**MONEY)
    reason = models.CharField(max_length=1000)
    asked_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)

    guards = (
        Guard(
            "within_what_was_paid",
            "(SELECT coalesce(sum(p.amount), 0) FROM fund_payment AS p JOIN fund_instalment AS i"
            " ON i.id = p.instalment_id WHERE i.agreement_id = NEW.agreement_id"
            " AND p.state = 'paid') + 0.001 < NEW.amount + coalesce((SELECT sum(r.amount)"
            " FROM fund_recovery AS r WHERE r.agreement_id = NEW.agreement_id"
            " AND r.id <> NEW.id), 0)",
        ),
    )

    class Privacy:
        """What a public body gives back names nobody."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["agreement", "asked_on"]
        constraints = [
            CheckConstraint(condition=Q(amount__gt=0), name="fund_recovery_of_something"),
            CheckConstraint(condition=~Q(reason=""), name="fund_recovery_says_why"),
            CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("asked_on")),
                name="fund_recovery_received_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.amount}"
