"""Pages on which a file is sent, answered, withdrawn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.forms import AnswerForm, ReasonForm
from communs.services.fund.rules import LEAD, WRITE
from communs.services.fund.views import closed, filed
from communs.services.fund.views.reading import (
    file_or_404,
    files_or_none,
    form_or_none,
    named_or_404,
)

_FORM = require_http_methods(["GET", "HEAD", "POST"])
CONFLICT = 409


@_FORM
@login_required
@closed.answers
def send(request: Request, number: str) -> HttpResponse:
    """What stands in the way of sending, and the button that sends."""
    at, refused = timezone.now(), ""
    if request.method == "POST":
        refused = _sent(request, number, at)
        if not refused:
            messages.success(request, _("Your file is sent. Keep its receipt."))
            return redirect("fund:file", number)
    found = file_or_404(request, number, WRITE)
    closed.refuse(request, found, "send")
    context = filed.base_of(request, found, "send")
    context |= filed.of_file(found, at, inside=context["inside"]) | {"refused": refused}
    return render(request, "fund/send.html", context, status=CONFLICT if refused else 200)


@_FORM
@login_required
@closed.answers
def answer(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that answers what was asked for."""
    found, at = file_or_404(request, number, WRITE), timezone.now()
    item = next((one for one in found.missing.all() if one.pk == key), None)
    if item is None:
        raise Http404(str(key))
    given = (form_or_none(request), files_or_none(request))
    form = AnswerForm(*given, initial={"answer": item.answer}, at=at, by=request.user)
    closed.refuse(request, found, "file", form)
    if done(form, actions.answer_missing, missing=item, at=at, by=request.user) is not None:
        messages.success(request, _("Answered. Send the file back once all is answered."))
        return redirect("fund:file", number)
    context = filed.base_of(request, found, "file") | {"form": form, "item": item}
    return render(request, "fund/answer.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def withdraw(request: Request, number: str) -> HttpResponse:
    """The form by which the lead takes a file back."""
    found, at = file_or_404(request, number, LEAD), timezone.now()
    form = ReasonForm(form_or_none(request))
    done(form, actions.withdraw, application=found, at=at, by=request.user)
    if form.is_bound and not form.errors:
        messages.success(request, _("The file is withdrawn."))
        return redirect("fund:file", number)
    context = filed.base_of(request, found, "file") | {"form": form}
    return render(request, "fund/withdraw.html", context, status=422 if form.errors else 200)


def _sent(request: Request, number: str, at: datetime) -> str:
    """Send a file, or say why it was not; each broken rule stands in the list below."""
    file = named_or_404(request, number, LEAD)
    try:
        actions.submit(application=file, at=at, by=request.user)
    except actions.NotReady:
        return _(
            "The file was not sent: nothing you wrote is lost. What follows stands in the way."
        )
    except Refused as refusal:
        return str(refusal)
    return ""
