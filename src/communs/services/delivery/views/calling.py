"""A carrier's own address: set, tried, and what came of each call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import require
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.enums import Trouble
from communs.services.delivery.forms import HookForm
from communs.services.delivery.models import Call, Carrier, Hook
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views.asking import form_or_none
from communs.services.delivery.views.booking import carrier_or_404

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_SHOWN = 50


@_FORM
@login_required
def hook(request: Request) -> HttpResponse:
    """A carrier's address, the form that sets it, and the latest calls."""
    carrier = carrier_or_404(request)
    form = HookForm(form_or_none(request))
    made = done(form, actions.set_hook, carrier=carrier, by=request.user)
    if made is not None:
        answer = render(request, "delivery/hook_set.html", {"secret": made.secret})
        answer.headers["Cache-Control"] = "no-store"
        return answer
    context = {
        "form": form,
        **_told(queries.hook_of(carrier)),
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/hook.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def hook_test(request: Request) -> HttpResponse:
    """Call one's address to see whether it answers."""
    found = _own(request)
    actions.try_hook(hook=found, at=timezone.now(), by=request.user)
    messages.success(request, _("The call is made in a moment. Look below what came of it."))
    return redirect("delivery:hook")


@require_POST
@login_required
def hook_resume(request: Request) -> HttpResponse:
    """Have one's address called again."""
    try:
        actions.resume_hook(hook=_own(request), by=request.user)
        messages.success(request, _("Your address is called again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("delivery:hook")


@require_POST
@login_required
def hook_remove(request: Request) -> HttpResponse:
    """Have one's address called no more."""
    actions.remove_hook(hook=_own(request), by=request.user)
    messages.success(request, _("Your address is forgotten, with what it was told."))
    return redirect("delivery:hook")


@require_safe
@login_required
def run_calls(request: Request, key: UUID) -> HttpResponse:
    """A carrier's calls, for who runs the bays."""
    require(request.user, EDIT)
    carrier = get_object_or_404(Carrier, pk=key)
    context = {"carrier": carrier, **_told(queries.hook_of(carrier))}
    return render(request, "delivery/run_calls.html", context)


def _own(request: Request) -> Hook:
    found = queries.hook_of(carrier_or_404(request))
    if found is None:
        raise Http404
    return found


def _told(found: Hook | None) -> dict[str, Any]:
    """Give an address and its latest calls in words."""
    if found is None:
        return {"hook": None, "why": "", "calls": []}
    calls = queries.calls_of(found)[:_SHOWN]
    return {"hook": found, "why": _why(found.stopped_for), "calls": list(map(_line, calls))}


def _line(call: Call) -> dict[str, Any]:
    reason = _why(call.reason)
    if call.status is not None and reason:
        reason = _("%(reason)s (%(status)s)") % {"reason": reason, "status": call.status}
    return {"row": call, "reason": reason}


def _why(reason: str) -> str:
    return str(Trouble(reason).label) if reason in Trouble.values else reason
