"""Pages of agreements: drafted, printed, scanned back, signed, ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.documents import Document, docx, pdf
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.enums import AgreementState, Stage
from communs.services.fund.forms import (
    DraftForm,
    EndAgreementForm,
    ScanForm,
    SignatureForm,
    initial_of_draft,
)
from communs.services.fund.models import Agreement, Application, standing_of
from communs.services.fund.queries import agreed
from communs.services.fund.queries import agreements as queries
from communs.services.fund.queries.experiments import of_grant
from communs.services.fund.rules import AGREE, READ_AGREEMENT
from communs.services.fund.views import agreed_shown, filed, tried_shown
from communs.services.fund.views.doing import pressed
from communs.services.fund.views.reading import file_or_404, files_or_none, form_or_none

FORM = require_http_methods(["GET", "HEAD", "POST"])
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@login_required
def agreements(request: Request) -> HttpResponse:
    """The agreements, and the awards that wait for theirs."""
    if not standing_of(request.user, on=timezone.localdate()).reads_agreements:
        raise Http404
    state = request.GET.get("etat", "")
    state = state if state in AgreementState.values else ""
    on = timezone.localdate()
    held = queries.agreements(request.user, state=state, on=on)
    context = {
        "rows": [agreed_shown.row(one) for one in held],
        "to_draft": queries.to_draft(request.user, on=on),
        "states": [("", _("all")), *AgreementState.choices],
        "state": state,
        "agrees": may(request.user, AGREE),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/agreements.html", context)


@require_safe
@login_required
def agreement(request: Request, number: str) -> HttpResponse:
    """A file's agreement: its text, its money, its amendments."""
    file = awarded_or_404(request, number)
    found = queries.agreement_of(file)
    context = filed.base_of(request, file, "agreement")
    if found is None:
        context |= {"agreement": None, "may_draft": may(request.user, AGREE, file)}
    else:
        context |= agreed_shown.whole(request, file, found, timezone.localdate())
        tried = of_grant(found.grant_id, request.user, on=timezone.localdate())
        context["tried"] = tried_shown.row(tried) if tried else None
    return render(request, "fund/agreement.html", context)


@FORM
@login_required
def draft_agreement(request: Request, number: str) -> HttpResponse:
    """The form that drafts a file's agreement from a template."""
    file = awarded_or_404(request, number, AGREE)
    initial = initial_of_draft(file.call, starts_on=timezone.localdate())
    form = DraftForm(form_or_none(request), templates=queries.templates(), initial=initial)
    known = {"application": file, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.draft_agreement, _("Draft the agreement"), **known)


@require_POST
@login_required
def send_agreement(request: Request, number: str) -> HttpResponse:
    """Give an agreement to be signed."""
    _file, found = agreement_or_404(request, number, AGREE)
    known = {"agreement": found, "at": timezone.now(), "by": request.user}
    return pressed(request, actions.send_agreement, _page(number), **known)


@require_safe
@login_required
def agreement_pdf(request: Request, number: str) -> HttpResponse:
    """The agreement to print and sign; each page bears its code."""
    _file, found = agreement_or_404(request, number)
    return written(agreed.document(found), pdf, "application/pdf", f"{found.number}.pdf")


@require_safe
@login_required
def agreement_docx(request: Request, number: str) -> HttpResponse:
    """The same, to be looked at in a word processor."""
    _file, found = agreement_or_404(request, number)
    return written(agreed.document(found), docx, _DOCX, f"{found.number}.docx")


@FORM
@login_required
def sign_agreement(request: Request, number: str) -> HttpResponse:
    """The form that says that all have signed."""
    file, found = agreement_or_404(request, number, AGREE)
    at = timezone.now()
    given = (form_or_none(request), files_or_none(request))
    initial = {"signed_on": timezone.localdate(at)}
    form = SignatureForm(*given, at=at, by=request.user, initial=initial)
    known = {"agreement": found, "at": at, "by": request.user}
    return asked(request, file, form, actions.sign_agreement, _("All have signed"), **known)


@FORM
@login_required
def scan_agreement(request: Request, number: str) -> HttpResponse:
    """The form that takes the signed pages of one agreement back."""
    file, found = agreement_or_404(request, number, AGREE)
    papers = actions.papers_of(found)
    if not papers:
        raise Http404(number)
    return _scan(request, papers, _page(number), {"file": file})


@FORM
@login_required
def scan_agreements(request: Request) -> HttpResponse:
    """The form that takes the signed pages of several agreements back at once."""
    require(request.user, AGREE)
    rows = queries.to_sign(request.user, on=timezone.localdate())
    papers = [paper for one in rows for paper in actions.papers_of(one)]
    return _scan(request, papers, reverse("fund:agreements"), {"file": None})


@FORM
@login_required
def end_agreement(request: Request, number: str) -> HttpResponse:
    """The form that ends an agreement before its time."""
    file, found = agreement_or_404(request, number, AGREE)
    form = EndAgreementForm(form_or_none(request))
    known = {"agreement": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.end_agreement, _("End the agreement"), **known)


def awarded_or_404(request: Request, number: str, permission: str = READ_AGREEMENT) -> Application:
    """Give a file that was awarded, to who reads its agreement and may do this with it."""
    file = file_or_404(request, number, READ_AGREEMENT)
    if file.stage != Stage.AWARDED:
        raise Http404(number)
    require(request.user, permission, file)
    return file


def agreement_or_404(
    request: Request, number: str, permission: str = READ_AGREEMENT
) -> tuple[Application, Agreement]:
    """Give a file with its agreement."""
    file = awarded_or_404(request, number, permission)
    found = queries.agreement_of(file)
    if found is None:
        raise Http404(number)
    return file, found


def asked(
    request: Request,
    file: Application,
    form: Any,
    action: Callable[..., Any],
    title: str,
    **known: Any,
) -> HttpResponse:
    """Do what a form of an agreement asks and go back, or show it again with what it lacks."""
    if form.is_bound and done(form, action, **known) is not None:
        messages.success(request, _("Noted, with its date."))
        return redirect("fund:agreement", file.number)
    context = {"form": form, "form_title": title, "file": file, "back": _page(file.number)}
    status = 422 if form.errors else 200
    return render(request, "fund/agreement_form.html", context, status=status)


def written(
    document: Document, write: Callable[[Document], bytes], media: str, name: str
) -> HttpResponse:
    """Give a document as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(document), content_type=media, headers=headers)


def _scan(
    request: Request, papers: list[actions.Paper], back: str, context: dict[str, Any]
) -> HttpResponse:
    at = timezone.now()
    form = ScanForm(form_or_none(request), files_or_none(request), at=at, by=request.user)
    shared = done(form, actions.share_scan, papers=papers, at=at, by=request.user)
    if shared is not None:
        for level, sentence in agreed_shown.shared_told(shared):
            messages.add_message(request, getattr(messages, level.upper()), sentence)
        return redirect(back)
    context |= {"form": form, "form_title": _("Signed pages, scanned"), "back": back}
    context |= {"papers": [actions.name_of(one) for one in papers]}
    status = 422 if form.errors else 200
    return render(request, "fund/agreement_form.html", context, status=status)


def _page(number: str) -> str:
    return reverse("fund:agreement", args=[number])
