"""Amendments of agreements, for programs: written, voted, signed, given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from communs.core.api.security import signed_in
from communs.core.documents import pdf
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.api.asked import agreement_of, awarded_of
from communs.services.fund.api.signing import ONE, PDF, kept_page
from communs.services.fund.models import Agreement, Amendment, Party
from communs.services.fund.queries import agreed
from communs.services.fund.queries import agreements as queries
from communs.services.fund.rules import AGREE, READ_AGREEMENT
from communs.services.fund.schemas import (
    AgreementOut,
    ExtensionIn,
    LeaveIn,
    ShiftIn,
    SignatureIn,
    VoteIn,
    agreement_out,
    amount_of,
)

router = Router(auth=signed_in)
_MANY = f"{ONE}/avenants"
_EACH = f"{_MANY}/{{uuid:key}}"
_MADE = {201: AgreementOut}


@router.post(f"{_MANY}/prolongation", response=_MADE, url_name="fund_agreement_extension")
def extend(request: HttpRequest, number: str, given: ExtensionIn) -> Status:
    """Write an amendment that gives more time."""
    found = agreement_of(request, number, AGREE)[1]
    return _written(request, number, actions.extend, agreement=found, **given.model_dump())


@router.post(f"{_MANY}/depart", response=_MADE, url_name="fund_agreement_departure")
def let_partner_go(request: HttpRequest, number: str, given: LeaveIn) -> Status:
    """Write an amendment by which a partner leaves: its part goes to the others."""
    found = agreement_of(request, number, AGREE)[1]
    known = {"party": _party(found, given.party, "party"), "reason": given.reason}
    return _written(request, number, actions.let_partner_go, agreement=found, **known)


@router.post(f"{_MANY}/repartition", response=_MADE, url_name="fund_agreement_shift")
def shift_budget(request: HttpRequest, number: str, given: ShiftIn) -> Status:
    """Write an amendment that shares the same grant out otherwise."""
    found = agreement_of(request, number, AGREE)[1]
    parts = {
        _party(found, one.party, "parts").pk: amount_of(one.amount, "parts") for one in given.parts
    }
    if len(parts) < len(given.parts):
        raise Refused(_("A party is named twice."), field="parts")
    known = {"parts": parts, "reason": given.reason}
    return _written(request, number, actions.shift_budget, agreement=found, **known)


@router.get(f"{_EACH}/document", url_name="fund_agreement_amendment", openapi_extra=PDF)
def document(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """Give an amendment to print and sign; each page bears its code."""
    found = _amendment(request, number, key, READ_AGREEMENT)
    return HttpResponse(pdf(agreed.amendment_document(found)), content_type="application/pdf")


@router.post(f"{_EACH}/vote", response=AgreementOut, url_name="fund_agreement_amendment_voted")
def vote(request: HttpRequest, number: str, key: UUID, given: VoteIn) -> dict[str, Any]:
    """Stand an amendment on the sealed act that names its agreement; it may then be signed."""
    found = _amendment(request, number, key)
    acts = {one.deliberation_id: one for one in queries.sealed_after(found)}
    seal = acts.get(given.deliberation)
    if seal is None:
        words = _("No sealed act of this key names the agreement since the amendment was written.")
        raise Refused(words, field="deliberation")
    actions.vote_amendment(amendment=found, seal=seal, at=timezone.now(), by=request.user)
    return agreement_out(agreement_of(request, number)[1])


@router.post(
    f"{_EACH}/signature", response=AgreementOut, url_name="fund_agreement_amendment_signed"
)
def sign(
    request: HttpRequest,
    number: str,
    key: UUID,
    given: Form[SignatureIn],
    file: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    """Note that all have signed an amendment: it is in force."""
    found, at = _amendment(request, number, key), timezone.now()
    kept = kept_page(request, file, at)
    known: dict[str, Any] = given.model_dump() | {"file": kept, "at": at, "by": request.user}
    actions.sign_amendment(amendment=found, **known)
    return agreement_out(agreement_of(request, number)[1])


@router.post(
    f"{_EACH}/abandon", response=AgreementOut, url_name="fund_agreement_amendment_abandoned"
)
def abandon(request: HttpRequest, number: str, key: UUID) -> dict[str, Any]:
    """Give an amendment up before it is signed."""
    found = _amendment(request, number, key)
    actions.abandon_amendment(amendment=found, at=timezone.now(), by=request.user)
    return agreement_out(agreement_of(request, number)[1])


def _written(
    request: HttpRequest, number: str, action: Callable[..., Amendment], **known: Any
) -> Status:
    action(**known, at=timezone.now(), by=request.user)
    return Status(201, agreement_out(agreement_of(request, number)[1]))


def _party(agreement: Agreement, key: UUID, field: str) -> Party:
    found = next((one for one in agreement.parties.all() if one.pk == key), None)
    if found is None:
        raise Refused(_("No party of the agreement has this key."), field=field)
    return found


def _amendment(request: HttpRequest, number: str, key: UUID, permission: str = AGREE) -> Amendment:
    found = queries.amendment(key, awarded_of(request, number, permission))
    if found is None:
        raise Http404(str(key))
    return found
