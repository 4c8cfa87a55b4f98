"""Claims: made by a partner, checked by somebody else; the balance follows the final cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import money as euros
from communs.core.kit.text import clean_line, clean_text
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.agreements import file_of, hold
from communs.services.fund.actions.payments import move_with_claim, refuse_instructor, settle
from communs.services.fund.engine.financing import amounts
from communs.services.fund.engine.paying import money
from communs.services.fund.enums import AgreementState, ClaimState, InstalmentKind, PaymentState
from communs.services.fund.models import (
    Agreement,
    Claim,
    Instalment,
    Organisation,
    Party,
    Payment,
    Recovery,
)
from communs.services.fund.queries import agreements
from communs.services.fund.queries.explaining import amount_refused


@action("fund.claim_made")
def claim(
    *,
    instalment: Instalment,
    organisation: Organisation,
    spent: Decimal | None,
    note: str = "",
    evidence: Sequence[StoredFile] = (),
    at: datetime,
    by: Any,
) -> Claim:
    """Claim the next instalment: what was spent so far on what counts, with its evidence."""
    agreement = hold(instalment.agreement, AgreementState.SIGNED)
    row = _claimable(agreement, instalment)
    if not Party.objects.filter(
        agreement=agreement, organisation=organisation, left_at=None
    ).exists():
        raise Refused(_("Only a partner of the agreement may claim."), field="organisation")
    amount = _amount(spent, "spent")
    if row.evidence and not evidence:
        words = _("Add the evidence that is asked for: %(evidence)s.")
        raise Refused(words % {"evidence": row.evidence}, field="evidence")
    made = Claim.objects.create(
        instalment=row,
        organisation=organisation,
        spent=amount,
        note=clean_text(note),
        made_at=at,
        made_by=getattr(by, "pk", None),
    )
    for one in evidence:
        attach(file=one, subject=made, at=at, by=by)
    Payment.objects.create(
        instalment=row,
        signature=agreement.signatures.get(amendment=None),
        claimed=made,
        state=PaymentState.CLAIMED,
        amount=row.amount,
        due_at=at,
        moved_by=getattr(by, "pk", None),
    )
    record(made, file=file_of(agreement).number, agreement=agreement.number, spent=str(amount))
    return made


@action("fund.claim_checked")
def check_claim(*, claim: Claim, accepted: Decimal | None, at: datetime, by: Any) -> Claim:
    """Accept a claim for the cost that counts; the last one says what the grant comes to.

    Where the grant's share of the final cost is less than the grant, the balance shrinks, and what
    was paid too much is asked back.
    """
    row, agreement = _held(claim, by)
    amount = _amount(accepted, "accepted")
    if amount > row.spent:
        raise Refused(_("No more is accepted than was claimed."), field="accepted")
    row.state, row.accepted = ClaimState.ACCEPTED, amount
    row.checked_at, row.checked_by = at, getattr(by, "pk", None)
    row.save(update_fields=["state", "accepted", "checked_at", "checked_by"])
    payment = row.payments.select_for_update().get(state=PaymentState.CLAIMED)
    if row.instalment.kind == InstalmentKind.BALANCE:
        _close_accounts(agreement, row, payment, at, by)
    else:
        move_with_claim(payment, PaymentState.CHECKED, by, checked_at=at)
    settle(agreement)
    record(row, file=file_of(agreement).number, agreement=agreement.number, accepted=str(amount))
    return row


@action("fund.claim_rejected")
def reject_claim(*, claim: Claim, reason: str, at: datetime, by: Any) -> Claim:
    """Reject a claim, with the reason; it may be made again."""
    row, agreement = _held(claim, by)
    why = clean_line(reason)
    if not why:
        raise Refused(_("Say why: the partners will read it."), field="reason")
    row.state, row.reason = ClaimState.REJECTED, why
    row.checked_at, row.checked_by = at, getattr(by, "pk", None)
    row.save(update_fields=["state", "reason", "checked_at", "checked_by"])
    payment = row.payments.select_for_update().get(state=PaymentState.CLAIMED)
    move_with_claim(payment, PaymentState.REJECTED, by, reason=why)
    record(row, file=file_of(agreement).number, agreement=agreement.number, reason=why)
    return row


def _claimable(agreement: Agreement, instalment: Instalment) -> Instalment:
    """Give the instalment, if it is the next one; refused otherwise, with what it waits for."""
    found = agreements.whole(Agreement.objects.filter(pk=agreement.pk)).get()
    following = agreements.next_instalment(found)
    if following is None or following.pk != instalment.pk:
        raise Refused(
            _(
                "This instalment cannot be claimed now: the one before is paid first, and one claim"
                " waits at a time."
            )
        )
    return following


def _held(claim: Claim, by: Any) -> tuple[Claim, Agreement]:
    """Give a claim to who checks it: neither who made it nor who answers for the file."""
    rows = Claim.objects.select_related("instalment")
    row = rows.select_for_update(of=("self",)).get(pk=claim.pk)
    agreement = hold(row.instalment.agreement, AgreementState.SIGNED)
    if row.state != ClaimState.MADE:
        raise Refused(_("This claim was checked already."))
    refuse_instructor(agreement, by)
    if row.made_by is not None and row.made_by == getattr(by, "pk", None):
        raise Refused(_("You made this claim: somebody else checks it."))
    return row, agreement


def _close_accounts(
    agreement: Agreement, row: Claim, payment: Payment, at: datetime, by: Any
) -> None:
    """Bring the balance to what the final cost is worth, and ask back what is too much."""
    whole, paid = agreement.amount or money.NOTHING, agreements.paid_of(agreement)
    found = money.final(whole, agreement.eligible_cost, row.accepted or money.NOTHING, paid)
    balance = min(found.balance, row.instalment.amount)
    if balance:
        move_with_claim(payment, PaymentState.CHECKED, by, checked_at=at, amount=balance)
    else:
        why = _("The final cost leaves nothing to pay.")
        move_with_claim(payment, PaymentState.REJECTED, by, reason=why)
    Instalment.objects.filter(pk=row.instalment_id).update(amount=balance)
    last = agreements.last_paid(agreement)
    if found.recovered and last is not None:
        words = _("The final cost is %(cost)s: the grant comes to %(grant)s.")
        known = {"cost": euros(row.accepted or money.NOTHING), "grant": euros(found.grant)}
        Recovery.objects.create(
            agreement=agreement,
            payment=last,
            amount=found.recovered,
            reason=words % known,
            asked_on=at.astimezone(PARIS).date(),
        )


def _amount(given: Decimal | None, field: str) -> Decimal:
    if given is None:
        raise Refused(amount_refused(amounts.Unfit("not_a_number")), field=field)
    try:
        return amounts.checked(given)
    except amounts.Unfit as fault:
        raise Refused(amount_refused(fault), field=field) from fault
