"""Payments: checked, ordered, paid or rejected; what was paid too much comes back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import day
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.agreements import file_of
from communs.services.fund.engine.paying import moves
from communs.services.fund.enums import AgreementState, ClaimState, InstalmentKind
from communs.services.fund.enums import PaymentState as State
from communs.services.fund.models import Agreement, Claim, Instalment, Payment, Recovery
from communs.services.fund.queries import agreements


@action("fund.payment_checked")
def check_payment(*, payment: Payment, at: datetime, by: Any) -> Payment:
    """Say that the condition of an advance is met; what is claimed is checked with its claim."""
    row = hold_payment(payment)
    refuse_instructor(row.instalment.agreement, by)
    if row.claimed_id is not None:
        raise Refused(_("This payment is claimed: check its claim."))
    _move(row, State.CHECKED, by, checked_at=at)
    _record(row)
    return row


@action("fund.payment_ordered")
def order_payment(*, payment: Payment, reference: str, on: date, by: Any) -> Payment:
    """Order a payment that was checked, under its number in the accounts."""
    row = hold_payment(payment)
    refuse_instructor(row.instalment.agreement, by)
    name = clean_line(reference)
    if not name:
        raise Refused(_("Write the number of the order of payment."), field="reference")
    others = Payment.objects.filter(reference=name).exclude(pk=row.pk)
    if others.exclude(state=State.REJECTED).exists():
        raise Refused(_("Another payment has this number."), field="reference")
    if row.checked_at is not None and on < row.checked_at.astimezone(PARIS).date():
        words = _("A payment is not ordered before it was checked, on %(day)s.")
        raise Refused(words % {"day": day(row.checked_at)}, field="on")
    _move(row, State.ORDERED, by, reference=name, ordered_on=on)
    _record(row, reference=name)
    return row


@action("fund.payment_paid")
def pay(*, payment: Payment, on: date, by: Any) -> Payment:
    """Note that the money left; the agreement is settled once nothing is owed either way."""
    row = hold_payment(payment)
    refuse_instructor(row.instalment.agreement, by)
    if row.ordered_on is not None and on < row.ordered_on:
        words = _("A payment is not made before it was ordered, on %(day)s.")
        raise Refused(words % {"day": day(row.ordered_on)}, field="on")
    _move(row, State.PAID, by, paid_on=on)
    settle(row.instalment.agreement)
    _record(row)
    return row


@action("fund.payment_rejected")
def reject_payment(*, payment: Payment, reason: str, at: datetime, by: Any) -> Payment:
    """Reject a payment, with the reason; an advance is due again, a claim may be made again."""
    row = hold_payment(payment)
    refuse_instructor(row.instalment.agreement, by)
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why: the partners will read it."), field="reason")
    _move(row, State.REJECTED, by, reason=why)
    if row.claimed is not None:
        _reject_claim(row, row.claimed, why, at)
    elif row.instalment.kind == InstalmentKind.ADVANCE:
        Payment.objects.create(
            instalment=row.instalment, signature=row.signature, amount=row.amount, due_at=at
        )
    _record(row, reason=why)
    return row


@action("fund.recovery_received")
def receive(*, recovery: Recovery, on: date, reference: str = "", by: Any) -> Recovery:
    """Note that what was paid too much came back, in full."""
    row = Recovery.objects.select_for_update().select_related("agreement").get(pk=recovery.pk)
    if row.received_on is not None:
        raise Refused(_("It was received already."))
    if on < row.asked_on:
        raise Refused(_("It cannot come back before it was asked for."), field="on")
    row.received_on, row.reference = on, clean_line(reference)
    row.save(update_fields=["received_on", "reference"])
    settle(row.agreement)
    record(row, agreement=row.agreement.number, amount=str(row.amount))
    return row


def refuse_instructor(agreement: Agreement, by: Any) -> None:
    """Refuse whoever answers for the file: who instructs does not check, order or pay."""
    key = getattr(by, "pk", None)
    if key is not None and file_of(agreement).instructor_id == key:
        raise Refused(_("You answer for this file: somebody else checks and pays."))


def settle(agreement: Agreement) -> None:
    """Settle a signed agreement on which nothing is owed any more, either way."""
    found = agreements.whole(Agreement.objects.filter(pk=agreement.pk)).get()
    told = agreements.ledger(found)
    if not told.remaining and not told.to_recover:
        rows = Agreement.objects.filter(pk=agreement.pk, state=AgreementState.SIGNED)
        rows.update(state=AgreementState.SETTLED)


def hold_payment(payment: Payment) -> Payment:
    """Give a payment as it is now, held until the action ends."""
    rows = Payment.objects.select_related(
        "instalment__agreement__grant__application__call", "signature", "claimed"
    )
    return rows.select_for_update(of=("self",)).get(pk=payment.pk)


def _move(row: Payment, to: str, by: Any, **also: Any) -> None:
    """Move a payment on, with what is written with its state; refused to the second of two."""
    if not moves.allowed(row.state, to):
        known = {"before": State(row.state).label, "after": State(to).label}
        raise Refused(_("This payment is “%(before)s”: it cannot become “%(after)s”.") % known)
    values = {"state": to, "moved_by": getattr(by, "pk", None), **also}
    if not Payment.objects.filter(pk=row.pk, state=row.state).update(**values):
        raise Refused(_("Somebody else moved this payment meanwhile. Read it again."))
    for name, value in values.items():
        setattr(row, name, value)


def move_with_claim(row: Payment, to: str, by: Any, **also: Any) -> None:
    """Move a payment because its claim was checked or rejected."""
    _move(row, to, by, **also)


def _reject_claim(row: Payment, claim: Claim, why: str, at: datetime) -> None:
    """Open a claim again whose payment failed; a balance is what was planned until then."""
    rows = Claim.objects.filter(pk=claim.pk).exclude(state=ClaimState.REJECTED)
    rows.update(state=ClaimState.REJECTED, reason=why, checked_at=at)
    if row.instalment.kind == InstalmentKind.BALANCE:
        Instalment.objects.filter(pk=row.instalment_id).update(amount=row.instalment.planned)


def _record(row: Payment, **more: Any) -> None:
    agreement = row.instalment.agreement
    record(
        row,
        file=file_of(agreement).number,
        agreement=agreement.number,
        amount=str(row.amount),
        **more,
    )
