"""Pages of amendments: written, voted, printed, signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communs.core.documents import pdf
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.forms import (
    ExtensionForm,
    LeaveForm,
    SealForm,
    ShiftForm,
    SignatureForm,
)
from communs.services.fund.models import Amendment, Application
from communs.services.fund.queries import agreed
from communs.services.fund.queries import agreements as queries
from communs.services.fund.rules import AGREE, READ_AGREEMENT
from communs.services.fund.views.agreements import (
    FORM,
    agreement_or_404,
    asked,
    awarded_or_404,
    written,
)
from communs.services.fund.views.doing import pressed
from communs.services.fund.views.reading import files_or_none, form_or_none


@FORM
@login_required
def extend(request: Request, number: str) -> HttpResponse:
    """The form of an amendment that gives more time."""
    file, found = agreement_or_404(request, number, AGREE)
    form = ExtensionForm(form_or_none(request), initial={"ends_on": found.ends_on})
    known = {"agreement": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.extend, _("Give more time"), **known)


@FORM
@login_required
def let_partner_go(request: Request, number: str) -> HttpResponse:
    """The form of an amendment by which a partner leaves."""
    file, found = agreement_or_404(request, number, AGREE)
    form = LeaveForm(form_or_none(request), parties=found.parties.all())
    known = {"agreement": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.let_partner_go, _("A partner leaves"), **known)


@FORM
@login_required
def shift_budget(request: Request, number: str) -> HttpResponse:
    """The form of an amendment that shares the grant out otherwise."""
    file, found = agreement_or_404(request, number, AGREE)
    form = ShiftForm(form_or_none(request), parties=found.parties.all())
    known = {"agreement": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.shift_budget, _("Share the grant otherwise"), **known)


@require_safe
@login_required
def amendment_pdf(request: Request, number: str, key: UUID) -> HttpResponse:
    """An amendment to print and sign; each page bears its code."""
    _file, found = _amendment(request, number, key, READ_AGREEMENT)
    name = f"{agreed.paper_of(found)}.pdf"
    return written(agreed.amendment_document(found), pdf, "application/pdf", name)


@FORM
@login_required
def vote_amendment(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that says by which sealed act an amendment was voted."""
    file, found = _amendment(request, number, key)
    form = SealForm(form_or_none(request), seals=queries.sealed_after(found))
    known = {"amendment": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.vote_amendment, _("The Bureau voted"), **known)


@FORM
@login_required
def sign_amendment(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that says that all have signed an amendment."""
    file, found = _amendment(request, number, key)
    at = timezone.now()
    given = (form_or_none(request), files_or_none(request))
    initial = {"signed_on": timezone.localdate(at)}
    form = SignatureForm(*given, at=at, by=request.user, initial=initial)
    known: dict[str, Any] = {"amendment": found, "at": at, "by": request.user}
    return asked(request, file, form, actions.sign_amendment, _("All have signed"), **known)


@require_POST
@login_required
def abandon_amendment(request: Request, number: str, key: UUID) -> HttpResponse:
    """Give an amendment up."""
    _file, found = _amendment(request, number, key)
    known = {"amendment": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:agreement", args=[number])
    return pressed(request, actions.abandon_amendment, back, **known)


def _amendment(
    request: Request, number: str, key: UUID, permission: str = AGREE
) -> tuple[Application, Amendment]:
    file = awarded_or_404(request, number, permission)
    found = queries.amendment(key, file)
    if found is None:
        raise Http404(str(key))
    return file, found
