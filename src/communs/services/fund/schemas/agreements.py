"""Agreements, claims and payments, as programs give and take them. Amounts are written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from communs.core.registry.service import noop
from communs.services.fund.engine.financing.amounts import CENT
from communs.services.fund.enums import AgreementState, ClaimState, InstalmentKind, PaymentState
from communs.services.fund.models import Agreement, Claim, Instalment, Payment
from communs.services.fund.queries import agreements as queries
from communs.services.fund.schemas.amendments import (
    AmendmentOut,
    RecoveryOut,
    amendments_of,
    recoveries_of,
)
from communs.services.fund.schemas.applications import Amount, Slug, Words

Reference = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class PartyOut(Schema):
    """An organisation that signs, with its part of the grant."""

    id: UUID
    name: str
    amount: Decimal
    left_at: datetime | None


class PaymentOut(Schema):
    """Money on its way; `paid_on` once it left."""

    id: UUID
    application: str
    agreement: str
    kind: InstalmentKind
    amount: Decimal
    state: PaymentState
    due_at: datetime
    checked_at: datetime | None
    ordered_on: date | None
    reference: str
    paid_on: date | None
    reason: str


class ClaimOut(Schema):
    """What a partner claimed for an instalment, and what of it counts."""

    id: UUID
    kind: InstalmentKind
    organisation: str
    spent: Decimal
    accepted: Decimal | None
    state: ClaimState
    made_at: datetime
    checked_at: datetime | None
    reason: str


class InstalmentOut(Schema):
    """A part of the grant; `amount` is less than `planned` where it was reduced."""

    kind: InstalmentKind
    planned: Decimal
    amount: Decimal
    condition: str
    evidence: str


class AgreementRow(Schema):
    """An agreement, as a list has it."""

    number: str
    application: str
    title: str
    state: AgreementState
    amount: Decimal
    paid: Decimal
    signed_on: date | None


class AgreementsOut(Schema):
    """A page of agreements."""

    count: int
    offset: int
    limit: int
    agreements: list[AgreementRow]


class AgreementOut(AgreementRow):
    """An agreement with its parties, its money, its amendments and what is asked back."""

    deliberation: str
    document_sha256: str
    missing_pages: list[int] = Field(
        description=noop("Signed pages that have not come back, while they are waited for")
    )
    starts_on: date | None
    ends_on: date | None
    remaining: Decimal
    to_recover: Decimal
    parties: list[PartyOut]
    instalments: list[InstalmentOut]
    claims: list[ClaimOut]
    payments: list[PaymentOut]
    amendments: list[AmendmentOut]
    recoveries: list[RecoveryOut]


class DraftIn(Schema):
    """Of which template an agreement is made, and from when it runs."""

    template: Slug
    starts_on: date


class OrderIn(Schema):
    """An order of payment."""

    reference: Reference
    on: date


class DayIn(Schema):
    """The day on which something was done."""

    on: date


class AcceptIn(Schema):
    """The cost that counts."""

    accepted: Amount = Field(description=noop("In euros, as written: 1250.50"))


class WhyIn(Schema):
    """Why something is rejected; the partners read it."""

    reason: Words


def agreement_row(one: Agreement, paid: Decimal) -> dict[str, Any]:
    """Give an agreement as a list has it."""
    file = one.grant.application
    return {
        "number": one.number,
        "application": file.number if file else "",
        "title": one.grant.title,
        "state": one.state,
        "amount": one.amount,
        "paid": paid.quantize(CENT),
        "signed_on": one.signed_on,
    }


def agreement_out(one: Agreement) -> dict[str, Any]:
    """Give an agreement whole."""
    told = queries.ledger(one)
    held = list(one.instalments.all())
    return agreement_row(one, told.paid - told.received) | {
        "deliberation": one.decision,
        "document_sha256": one.document_sha256,
        "missing_pages": _missing(one),
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "remaining": told.remaining,
        "to_recover": told.to_recover,
        "parties": list(one.parties.all()),
        "instalments": held,
        "claims": [_claim(row, each) for row in held for each in row.claims.all()],
        "payments": [payment_out(each, row, one) for row in held for each in row.payments.all()],
        "amendments": amendments_of(one),
        "recoveries": recoveries_of(one),
    }


def payment_out(
    one: Payment, instalment: Instalment | None = None, agreement: Agreement | None = None
) -> dict[str, Any]:
    """Give a payment with its agreement."""
    row = instalment or one.instalment
    of = agreement or row.agreement
    names = ("state", "amount", "due_at", "checked_at", "ordered_on", "reference", "paid_on")
    file = of.grant.application
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "application": file.number if file else "",
        "agreement": of.number,
        "kind": row.kind,
        "reason": one.reason,
    }


def _missing(one: Agreement) -> list[int]:
    return (queries.missing_pages(one) if one.state == AgreementState.SENT else None) or []


def _claim(row: Instalment, one: Claim) -> dict[str, Any]:
    names = ("spent", "accepted", "state", "made_at", "checked_at", "reason")
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "kind": row.kind,
        "organisation": one.organisation.name,
    }
