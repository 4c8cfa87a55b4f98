"""Pages of agents outside; none of them sends a fine."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import CheckForm, PlateForm
from communs.services.delivery.rules import CHECK
from communs.services.delivery.views import shown
from communs.services.delivery.views.asking import bay_or_404, form_or_none, options_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
@never_cache
@sensitive_post_parameters("plate")
def patrol(request: Request) -> HttpResponse:
    """The round: discs and long stops, bay by bay; a plate is looked up and forgotten."""
    require(request.user, CHECK)
    at = timezone.now()
    form = PlateForm(form_or_none(request))
    asked = form.is_valid()
    disc = queries.plate_found(form.cleaned_data["plate"], at=at) if asked else None
    grace = timedelta(minutes=options_of(request).grace_minutes)
    found = queries.rounds(queries.bays(on=timezone.localdate(at)), at=at, grace=grace)
    context = {
        "form": form,
        "asked": asked,
        "disc": disc,
        "left": shown.minutes(shown.left(disc, at)) if disc else "",
        "rows": shown.of_rounds(found, at),
        "read_at": at,
        "waiting": queries.to_read().count(),
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/patrol.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def check(request: Request, code: str) -> HttpResponse:
    """The form that notes what an agent saw in a bay."""
    require(request.user, CHECK)
    at = timezone.now()
    found = bay_or_404(code, at)
    form = CheckForm(form_or_none(request))
    if done(form, actions.check_bay, bay=found, at=at, by=request.user) is not None:
        messages.success(request, _("Noted."))
        return redirect("delivery:patrol")
    grace = timedelta(minutes=options_of(request).grace_minutes)
    [row] = shown.of_rounds(queries.rounds([found], at=at, grace=grace), at)
    context = {"form": form, "row": row, "bay": found, "read_at": at}
    return render(request, "delivery/check.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def reports(request: Request) -> HttpResponse:
    """The reports that nobody has read yet."""
    require(request.user, CHECK)
    context = {"reports": queries.to_read(), "messages": messages.get_messages(request)}
    return render(request, "delivery/reports.html", context)


@require_POST
@login_required
def moderate(request: Request, key: UUID) -> HttpResponse:
    """Keep a report, or set it aside."""
    require(request.user, CHECK)
    found = queries.to_read().filter(pk=key).first()
    if found is None:
        raise Http404(str(key))
    actions.moderate_report(report=found, keep="keep" in request.POST, by=request.user)
    messages.success(request, _("Noted."))
    return redirect("delivery:reports")
