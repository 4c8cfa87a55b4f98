"""Signed papers and claims, for programs: pages scanned back, signatures, what was spent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from communs.core.api.security import signed_in
from communs.core.documents import pdf
from communs.core.files.actions import keep
from communs.core.files.models import StoredFile
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.api.asked import agreement_of, awarded_of, needs
from communs.services.fund.models import Application, Organisation, standing_of
from communs.services.fund.queries import agreed
from communs.services.fund.queries import agreements as queries
from communs.services.fund.rules import AGREE, CLAIM, EVIDENCE, PAY, SIGNED_PAGE
from communs.services.fund.schemas import (
    AgreementOut,
    ClaimIn,
    EndIn,
    ReceivedIn,
    ScanOut,
    SignatureIn,
    agreement_out,
    amount_of,
    scan_out,
)

router = Router(auth=signed_in)
ONE = "/dossiers/{number}/convention"
PDF: dict[str, Any] = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string"}}}}}
}
_MOST_EVIDENCE = 3


@router.get(f"{ONE}/document", url_name="fund_agreement_document", openapi_extra=PDF)
def document(request: HttpRequest, number: str) -> HttpResponse:
    """Give the agreement to print and sign; each page bears its code."""
    found = agreement_of(request, number)[1]
    return HttpResponse(pdf(agreed.document(found)), content_type="application/pdf")


@router.post("/conventions/pages", response=ScanOut, url_name="fund_agreements_scanned")
def scan_several(request: HttpRequest, file: File[UploadedFile]) -> dict[str, Any]:
    """Take the signed pages of several agreements back, in any order."""
    needs(request, AGREE)
    rows = queries.to_sign(request.user, on=timezone.localdate())
    return _scan(request, [paper for one in rows for paper in actions.papers_of(one)], file)


@router.post(f"{ONE}/pages", response=ScanOut, url_name="fund_agreement_pages")
def scan(request: HttpRequest, number: str, file: File[UploadedFile]) -> dict[str, Any]:
    """Take the signed pages of an agreement, or of its amendment, back, in any order."""
    papers = actions.papers_of(agreement_of(request, number, AGREE)[1])
    if not papers:
        raise Refused(_("Nothing waits for its signed pages here."))
    return _scan(request, papers, file)


@router.post(f"{ONE}/signature", response=AgreementOut, url_name="fund_agreement_signature")
def sign(
    request: HttpRequest,
    number: str,
    given: Form[SignatureIn],
    file: File[UploadedFile | None] = None,
) -> dict[str, Any]:
    """Note that all have signed: every page is back, or somebody looked at the paper."""
    found, at = agreement_of(request, number, AGREE)[1], timezone.now()
    kept = kept_page(request, file, at)
    known: dict[str, Any] = given.model_dump() | {"file": kept, "at": at, "by": request.user}
    actions.sign_agreement(agreement=found, **known)
    return agreement_out(agreement_of(request, number)[1])


@router.post(f"{ONE}/fin", response=AgreementOut, url_name="fund_agreement_end")
def end(request: HttpRequest, number: str, given: EndIn) -> dict[str, Any]:
    """End an agreement before its time."""
    found = agreement_of(request, number, AGREE)[1]
    recover = amount_of(given.recover, "recover")
    known: dict[str, Any] = {"reason": given.reason, "lapsed": given.lapsed, "recover": recover}
    actions.end_agreement(agreement=found, **known, at=timezone.now(), by=request.user)
    return agreement_out(agreement_of(request, number)[1])


@router.post(f"{ONE}/demandes", response={201: AgreementOut}, url_name="fund_claim_made")
def claim(
    request: HttpRequest,
    number: str,
    given: Form[ClaimIn],
    evidence: File[list[UploadedFile] | None] = None,
) -> Status:
    """Claim the next instalment: what was spent so far on what counts, with its evidence."""
    file, found = agreement_of(request, number, CLAIM)
    instalment = queries.next_instalment(found)
    if instalment is None:
        raise Refused(_("No instalment can be claimed now."))
    at, sent = timezone.now(), evidence or []
    known: dict[str, Any] = {
        "organisation": _claimant(request, file, given.organisation, at),
        "spent": amount_of(given.spent, "spent"),
        "note": given.note,
    }
    if len(sent) > _MOST_EVIDENCE:
        raise Refused(_("At most three files."), field="evidence")
    kept = [_kept(request, one, EVIDENCE, "evidence", at) for one in sent]
    actions.claim(instalment=instalment, **known, evidence=kept, at=at, by=request.user)
    return Status(201, agreement_out(agreement_of(request, number)[1]))


@router.post(
    f"{ONE}/remboursements/{{uuid:key}}", response=AgreementOut, url_name="fund_payment_received"
)
def receive(request: HttpRequest, number: str, key: UUID, given: ReceivedIn) -> dict[str, Any]:
    """Note that what was paid too much came back."""
    found = queries.recovery(key, awarded_of(request, number, PAY))
    if found is None:
        raise Http404(str(key))
    actions.receive(recovery=found, **given.model_dump(), by=request.user)
    return agreement_out(agreement_of(request, number)[1])


def kept_page(request: HttpRequest, file: UploadedFile | None, at: datetime) -> StoredFile | None:
    """Keep a signed paper that was sent, until its action attaches it."""
    return None if file is None else _kept(request, file, SIGNED_PAGE, "file", at)


def _kept(
    request: HttpRequest, file: UploadedFile, purpose: str, field: str, at: datetime
) -> StoredFile:
    return keep(upload=file, purpose=purpose, field=field, at=at, by=request.user)


def _scan(request: HttpRequest, papers: list[actions.Paper], file: UploadedFile) -> dict[str, Any]:
    at = timezone.now()
    kept = _kept(request, file, SIGNED_PAGE, "file", at)
    return scan_out(actions.share_scan(file=kept, papers=papers, at=at, by=request.user))


def _claimant(
    request: HttpRequest, file: Application, key: UUID | None, at: datetime
) -> Organisation:
    """Give who claims: the organisation that is named, or the only one that the caller acts for."""
    user: Any = request.user
    mine = queries.claimants(file, standing_of(user, on=timezone.localdate(at)).writes)
    if key is None and len(mine) == 1:
        return mine[0]
    found = next((one for one in mine if one.pk == key), None)
    if found is None:
        raise Refused(_("Say for which partner of the agreement you claim."), field="organisation")
    return found
