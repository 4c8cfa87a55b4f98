"""Pages of the street: a disc in one tap, without an account or a script."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import ReportForm, StartForm
from communs.services.delivery.models import Ticket
from communs.services.delivery.views import shown
from communs.services.delivery.views.asking import (
    bay_or_404,
    form_or_none,
    in_pace,
    started,
)

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@never_cache
def start(request: Request, code: str) -> HttpResponse:
    """The page that the sign leads to: it starts a disc; `?v=` remembers the vehicle."""
    at = timezone.now()
    found = bay_or_404(code, at)
    form = StartForm(form_or_none(request), initial={"vehicle": request.GET.get("v", "van")})
    made = started(request, form, found, at)
    if made is not None:
        return redirect("delivery:ticket", made.secret)
    context = shown.of_start(queries.standing(found, at=at), at, form)
    return render(request, "delivery/start.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def ticket(request: Request, secret: str) -> HttpResponse:
    """A disc: until when, how many minutes are left; it asks anew each minute."""
    found = _ticket(secret)
    context = {
        **shown.of_ticket(found, timezone.now()),
        "secret": secret,
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/ticket.html", context)


@require_POST
def leave(request: Request, secret: str) -> HttpResponse:
    """End a disc."""
    actions.end_ticket(ticket=_ticket(secret), at=timezone.now(), by=None)
    messages.success(request, _("The disc is over. Thank you: the space is free again."))
    return redirect("delivery:ticket", secret)


@require_POST
def extend(request: Request, secret: str) -> HttpResponse:
    """Make a disc longer, once."""
    try:
        actions.extend_ticket(ticket=_ticket(secret), at=timezone.now(), by=None)
        messages.success(request, _("The disc is longer."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("delivery:ticket", secret)


@_FORM
def report(request: Request, code: str) -> HttpResponse:
    """The form that tells of double parking or of a blocked bay."""
    at = timezone.now()
    found = bay_or_404(code, at)
    form = ReportForm(form_or_none(request))
    known = {"bay": found, "at": at, "by": None}
    may = form.is_valid() and in_pace(request, form)
    if may and done(form, actions.report_bay, **known) is not None:
        return render(request, "delivery/reported.html", {"bay": found})
    context = {"bay": found, "form": form}
    return render(request, "delivery/report.html", context, status=422 if form.errors else 200)


def _ticket(secret: str) -> Ticket:
    found = queries.ticket_of(secret)
    if found is None:
        raise Http404
    return found
