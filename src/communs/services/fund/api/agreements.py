"""Agreements and payments, for the programs of who runs and pays the fund."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from communs.core.api.security import signed_in
from communs.services.fund import actions
from communs.services.fund.api.asked import agreement_of, awarded_of, needs
from communs.services.fund.enums import AgreementState
from communs.services.fund.models import AgreementTemplate, Payment
from communs.services.fund.queries import agreements as queries
from communs.services.fund.rules import AGREE, CHECK, PAY, READ_AGREEMENT
from communs.services.fund.schemas import (
    AcceptIn,
    AgreementOut,
    AgreementsOut,
    DayIn,
    DraftIn,
    OrderIn,
    PaymentOut,
    WhyIn,
    agreement_out,
    agreement_row,
    amount_of,
    payment_out,
)

router = Router(auth=signed_in)
_ONE = "/dossiers/{number}/convention"
_PAID = "/dossiers/{number}/convention/paiements/{uuid:key}"
_CLAIMED = "/dossiers/{number}/convention/demandes/{uuid:key}"


@router.get("/conventions", response=AgreementsOut, url_name="fund_agreements")
def agreements(
    request: HttpRequest,
    state: AgreementState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """List the agreements that one may read, the latest first."""
    needs(request, READ_AGREEMENT)
    rows = queries.agreements(request.user, state=state or "", on=timezone.localdate())
    found: Any = rows[offset : offset + limit]
    return {
        "count": rows.count(),
        "offset": offset,
        "limit": limit,
        "agreements": [agreement_row(one, one.paid or queries.NOTHING) for one in found],
    }


@router.get(_ONE, response=AgreementOut, url_name="fund_agreement")
def agreement(request: HttpRequest, number: str) -> dict[str, Any]:
    """Give the agreement of an application, with its money."""
    return agreement_out(agreement_of(request, number)[1])


@router.post(_ONE, response={201: AgreementOut}, url_name="fund_agreement")
def draft(request: HttpRequest, number: str, given: DraftIn) -> Status:
    """Draft the agreement of an awarded application."""
    file = awarded_of(request, number, AGREE)
    template = AgreementTemplate.objects.filter(code=given.template).first()
    if template is None:
        raise Http404(given.template)
    known: dict[str, Any] = {"template": template, "starts_on": given.starts_on}
    actions.draft_agreement(application=file, **known, at=timezone.now(), by=request.user)
    return Status(201, agreement(request, number))


@router.post(f"{_ONE}/envoi", response=AgreementOut, url_name="fund_agreement_sent")
def send(request: HttpRequest, number: str) -> dict[str, Any]:
    """Give an agreement to be signed."""
    _file, found = agreement_of(request, number, AGREE)
    actions.send_agreement(agreement=found, at=timezone.now(), by=request.user)
    return agreement(request, number)


@router.get("/paiements", response=list[PaymentOut], url_name="fund_payments")
def payments(request: HttpRequest) -> list[dict[str, Any]]:
    """List the payments on their way, what waits longest first."""
    needs(request, READ_AGREEMENT)
    return [
        payment_out(one) for one in queries.money_waiting(request.user, on=timezone.localdate())
    ]


@router.post(f"{_PAID}/controle", response=PaymentOut, url_name="fund_payment_checked")
def check(request: HttpRequest, number: str, key: UUID) -> dict[str, Any]:
    """Say that the condition of an advance is met."""
    found = _payment(request, number, key, CHECK)
    return payment_out(actions.check_payment(payment=found, at=timezone.now(), by=request.user))


@router.post(f"{_PAID}/mandat", response=PaymentOut, url_name="fund_payment_ordered")
def order(request: HttpRequest, number: str, key: UUID, given: OrderIn) -> dict[str, Any]:
    """Order a payment that was checked."""
    found = _payment(request, number, key, PAY)
    known: dict[str, Any] = {"reference": given.reference, "on": given.on, "by": request.user}
    return payment_out(actions.order_payment(payment=found, **known))


@router.post(f"{_PAID}/versement", response=PaymentOut, url_name="fund_payment_paid")
def pay(request: HttpRequest, number: str, key: UUID, given: DayIn) -> dict[str, Any]:
    """Note that the money left."""
    found = _payment(request, number, key, PAY)
    return payment_out(actions.pay(payment=found, on=given.on, by=request.user))


@router.post(f"{_PAID}/rejet", response=PaymentOut, url_name="fund_payment_rejected")
def reject(request: HttpRequest, number: str, key: UUID, given: WhyIn) -> dict[str, Any]:
    """Reject a payment, with the reason."""
    found = _payment(request, number, key, PAY)
    known: dict[str, Any] = {"reason": given.reason, "at": timezone.now(), "by": request.user}
    return payment_out(actions.reject_payment(payment=found, **known))


@router.post(f"{_CLAIMED}/controle", response=AgreementOut, url_name="fund_claim_checked")
def check_claim(request: HttpRequest, number: str, key: UUID, given: AcceptIn) -> dict[str, Any]:
    """Accept a claim for the cost that counts."""
    accepted = amount_of(given.accepted, "accepted")
    known: dict[str, Any] = {"accepted": accepted, "at": timezone.now(), "by": request.user}
    actions.check_claim(claim=_claim(request, number, key), **known)
    return agreement(request, number)


@router.post(f"{_CLAIMED}/rejet", response=AgreementOut, url_name="fund_claim_rejected")
def reject_claim(request: HttpRequest, number: str, key: UUID, given: WhyIn) -> dict[str, Any]:
    """Reject a claim, with the reason; it may be made again."""
    known: dict[str, Any] = {"reason": given.reason, "at": timezone.now(), "by": request.user}
    actions.reject_claim(claim=_claim(request, number, key), **known)
    return agreement(request, number)


def _payment(request: HttpRequest, number: str, key: UUID, permission: str) -> Payment:
    found = queries.payment(key, awarded_of(request, number, permission))
    if found is None:
        raise Http404(str(key))
    return found


def _claim(request: HttpRequest, number: str, key: UUID) -> Any:
    found = queries.claim(key, awarded_of(request, number, CHECK))
    if found is None:
        raise Http404(str(key))
    return found
