"""The fund's own page, its calls, and the beginning of an application."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import queries
from communs.services.fund.forms import BeginForm
from communs.services.fund.models import standing_of
from communs.services.fund.rules import MANAGE, PAY, WRITE
from communs.services.fund.views import called
from communs.services.fund.views.beginning import begin_for
from communs.services.fund.views.reading import call_or_404, form_or_none, options_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_LATEST = 3


@require_safe
def index(request: Request) -> HttpResponse:
    """The fund: its open calls, its register, and what one may do here."""
    at = timezone.now()
    user = request.user
    standing = standing_of(user, on=timezone.localdate(at))
    context = {
        "open": [called.card(one, at) for one in queries.open_calls(at=at)],
        "closed": [called.card(one, at) for one in queries.closed_calls(at=at)],
        "rounds": queries.rounds()[:_LATEST],
        "options": options_of(request),
        "may_manage": may(user, MANAGE),
        "may_read": standing.reads_files,
        "may_pay": may(user, PAY),
        "reads_agreements": standing.reads_agreements,
        "may_write": may(user, WRITE),
        **called.sitting(user),
    }
    if request.user.is_authenticated:
        context["messages"] = messages.get_messages(request)
    return render(request, "fund/index.html", context)


@require_safe
def call(request: Request, code: str) -> HttpResponse:
    """One call: what it asks for, until when, by which rules."""
    found = call_or_404(request, code)
    context = {
        "call": found,
        "may_manage": may(request.user, MANAGE),
        "options": options_of(request),
        **called.of_call(found, timezone.now()),
    }
    return render(request, "fund/call.html", context)


@_FORM
@login_required
def begin(request: Request, code: str) -> HttpResponse:
    """The form that begins an application."""
    found, at = call_or_404(request, code), timezone.now()
    bodies, firms = queries.applicants(request.user, on=timezone.localdate(at))
    applicants = firms if called.asks_firms(found) else bodies
    form = BeginForm(form_or_none(request), call=found, applicants=applicants)
    begun = done(form, begin_for, call=found, at=at, by=request.user)
    if begun is not None:
        if begun.begun_at != at:
            messages.info(request, _("You began this file a moment ago: here it is."))
        return redirect("fund:file", begun.number)
    context = {"call": found, "form": form, "applicants": applicants}
    context["closed"] = queries.why_not_open(found, at)
    return render(request, "fund/begin.html", context, status=422 if form.errors else 200)
