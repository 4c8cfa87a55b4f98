"""Pages on which a call is prepared, published and closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.enums import CallState
from communs.services.fund.forms import CallForm, CriterionForm, NewCallForm, PhaseForm, SiteForm
from communs.services.fund.models import Call
from communs.services.fund.rules import MANAGE, RUN_COMMITTEE
from communs.services.fund.views import called
from communs.services.fund.views.managed import form_page
from communs.services.fund.views.reading import call_or_404, form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_CHANGED = ("title", "summary", "text", "opens_at", "closes_at", "challenges")
_CHOSEN = ("rules", "form", "envelope")


@require_safe
@login_required
def manage_call(request: Request, code: str) -> HttpResponse:
    """One call as its manager prepares it: what is there, what lacks before it is published."""
    found, at = _call(request, code), timezone.now()
    draft = found.state == CallState.DRAFT
    context = {
        "call": found,
        "may_plan": found.state != CallState.DRAFT and may(request.user, RUN_COMMITTEE),
        "messages": messages.get_messages(request),
        "lacking": [why for _field, why in queries.lacking(found, at)] if draft else [],
        **called.of_call(found, at),
    }
    return render(request, "fund/manage_call.html", context)


@_FORM
@login_required
def add_call(request: Request) -> HttpResponse:
    """The form that begins a call."""
    require(request.user, MANAGE)
    form = NewCallForm(form_or_none(request), initial={"opens_at": timezone.now()})
    made = done(form, actions.add_call, by=request.user)
    if made is not None:
        messages.success(request, _("The call is begun; nobody sees it before it is published."))
        return redirect("fund:manage_call", made.code)
    title = _("Begin a call")
    return form_page(request, form, title, submit=title, template="fund/new_call.html")


@_FORM
@login_required
def change_call(request: Request, code: str) -> HttpResponse:
    """The form that changes a call."""
    found = _call(request, code)
    initial = {name: getattr(found, name) for name in (*_CHANGED, *_CHOSEN)}
    form = CallForm(form_or_none(request), call=found, initial=initial)
    act = partial(actions.change_call, call=found, at=timezone.now())
    if done(form, act, by=request.user) is not None:
        messages.success(request, _("The call is changed."))
        return redirect("fund:manage_call", code)
    return form_page(request, form, _("Change the call"), call=found)


@require_POST
@login_required
def publish_call(request: Request, code: str) -> HttpResponse:
    """Show a call to everybody."""
    found = _call(request, code)
    at = timezone.now()
    act = partial(actions.publish_call, call=found, at=at, by=request.user)
    return _done(request, code, act, _("The call is published."))


@require_POST
@login_required
def archive_call(request: Request, code: str) -> HttpResponse:
    """Take a closed call off the list."""
    found = _call(request, code)
    at = timezone.now()
    act = partial(actions.archive_call, call=found, at=at, by=request.user)
    return _done(request, code, act, _("The call is archived; its files stay."))


@_FORM
@login_required
def add_criterion(request: Request, code: str) -> HttpResponse:
    """The form that adds what applications are judged by."""
    found = _call(request, code)
    form = CriterionForm(form_or_none(request))
    if done(form, actions.add_criterion, call=found, by=request.user) is not None:
        messages.success(request, _("The criterion is here."))
        return redirect("fund:manage_call", code)
    return form_page(request, form, _("Add a criterion"), call=found, submit=_("Add"))


@require_POST
@login_required
def remove_criterion(request: Request, key: UUID) -> HttpResponse:
    """Take a criterion away."""
    require(request.user, MANAGE)
    row = queries.criterion(key)
    if row is None:
        raise Http404(str(key))
    act = partial(actions.remove_criterion, criterion=row, by=request.user)
    return _done(request, row.call.code, act, _("The criterion is gone."))


@_FORM
@login_required
def add_phase(request: Request, code: str) -> HttpResponse:
    """The form that adds a time of examination."""
    found = _call(request, code)
    form = PhaseForm(form_or_none(request))
    if done(form, _add_phase, call=found, by=request.user) is not None:
        messages.success(request, _("The phase is here."))
        return redirect("fund:manage_call", code)
    return form_page(request, form, _("Add a phase of examination"), call=found, submit=_("Add"))


@require_POST
@login_required
def remove_phase(request: Request, key: UUID) -> HttpResponse:
    """Take a time of examination away."""
    require(request.user, MANAGE)
    row = queries.phase(key)
    if row is None:
        raise Http404(str(key))
    act = partial(actions.remove_phase, phase=row, by=request.user)
    return _done(request, row.call.code, act, _("The phase is gone."))


@_FORM
@login_required
def add_site(request: Request, code: str) -> HttpResponse:
    """The form that adds where a commune offers to try solutions."""
    found = _call(request, code)
    form = SiteForm(form_or_none(request))
    if done(form, actions.add_site, call=found, by=request.user) is not None:
        messages.success(request, _("The site is here."))
        return redirect("fund:manage_call", code)
    return form_page(request, form, _("Add a site"), call=found, submit=_("Add"))


@require_POST
@login_required
def remove_site(request: Request, key: UUID) -> HttpResponse:
    """Take a site away."""
    require(request.user, MANAGE)
    row = queries.site(key)
    if row is None:
        raise Http404(str(key))
    act = partial(actions.remove_site, site=row, by=request.user)
    return _done(request, row.call.code, act, _("The site is gone."))


def _call(request: Request, code: str) -> Call:
    require(request.user, MANAGE)
    return call_or_404(request, code)


def _add_phase(*, call: Call, by: Any, **phase: Any) -> Any:
    return actions.add_phase(call=call, phase=phase, by=by)


def _done(request: Request, code: str, act: Callable[[], Any], words: str) -> HttpResponse:
    """Do what a button asks, then show the call again with what came of it."""
    try:
        act()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("fund:manage_call", code)
