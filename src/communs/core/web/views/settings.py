"""What a community's administrator sets: services, options, colours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.registry import queries as registry
from communs.core.registry.actions import set_service
from communs.core.registry.request import Request
from communs.core.registry.service import Service
from communs.core.web import contrast
from communs.core.web.actions import set_look
from communs.core.web.forms import LookForm
from communs.core.web.options_form import OptionsForm, form_for

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """Every service and its state, and the community's look."""
    require(request.user, "community.manage")
    context = {
        "services": request.running.values(),
        "messages": messages.get_messages(request),
        "runs_platform": may(request.user, "platform.manage"),
    }
    return render(request, "web/settings_index.html", context)


@_FORM
@login_required
def service(request: Request, key: str) -> HttpResponse:
    """Switch a service on or off and set its options."""
    require(request.user, "community.manage")
    found = _service(key)
    form = _bound(request, found)
    if request.method == "POST" and form.is_valid():
        on = request.POST.get("on") == "on"
        options = form.options.model_dump(mode="json")
        set_service(service=found, on=on, options=options, by=request.user)
        messages.success(request, _("Settings saved."))
        return redirect("web:settings")
    context = {
        "form": form,
        "service": found,
        "running": request.running[found.key],
        "origin": registry.origin(request.running[found.key]),
        "preview": None,
    }
    return render(request, "web/settings_form.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def look(request: Request) -> HttpResponse:
    """Choose the community's colours; unreadable ones are refused."""
    require(request.user, "community.manage")
    here = request.community
    initial = {"brand": here.brand or contrast.BRAND, "warm": here.warm or contrast.WARM}
    form = LookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_look(**form.cleaned_data, by=request.user)
        messages.success(request, _("Colours saved."))
        return redirect("web:settings")
    context = {"form": form, "service": None, "running": None, "preview": initial}
    return render(request, "web/settings_form.html", context, status=422 if form.errors else 200)


@require_safe
def colours(request: Request) -> HttpResponse:
    """The community's colours as a style sheet."""
    response = HttpResponse(contrast.style_sheet(request.community), content_type="text/css")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _service(key: str) -> Service:
    found = registry.by_key(key)
    if found is None:
        raise Http404(key)
    return found


def _bound(request: Request, service: Service) -> OptionsForm:
    form = form_for(service.options)
    if request.method == "POST":
        return form(request.POST)
    running: Any = request.running[service.key]
    return form(initial=running.options.model_dump())
