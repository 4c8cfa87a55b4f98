"""Sources of readings: the list, one of them, and what is set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.sensing import actions, queries
from communs.core.sensing.forms import ChangeForm, ReadingsForm, SourceForm
from communs.core.sensing.models import Source
from communs.core.sensing.rules import COMMISSION, MANAGE
from communs.core.sensing.views import words
from communs.core.sensing.views.bringing import brought
from communs.core.sensing.views.shown import ends_shown, strangers_shown, things_shown

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 50


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """Every source, with how its sensors are."""
    require(request.user, COMMISSION)
    context = {
        "sources": [
            (one, words.standing(one.standing)) for one in queries.overview(timezone.now())
        ],
        "may_manage": may(request.user, MANAGE),
        "messages": messages.get_messages(request),
    }
    return render(request, "sensing/sources.html", context)


@never_cache
@_FORM
@login_required
def add(request: Request) -> HttpResponse:
    """The form that adds a source; its secret is shown once, on the page that answers."""
    require(request.user, MANAGE)
    fresh = Source()
    initial = {name: getattr(fresh, name) for name in ChangeForm.base_fields}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    added = done(form, actions.add_source, by=request.user)
    if added is not None:
        return _secret(request, *added)
    context = {"form": form, "source": None}
    return render(request, "sensing/source_form.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def source(request: Request, key: UUID) -> HttpResponse:
    """One source: its sensors, what became of its readings, who speaks unknown; on and off."""
    require(request.user, COMMISSION)
    found, now = _found(key), timezone.now()
    if request.method == "POST":
        require(request.user, MANAGE)
        values = {"on": request.POST.get("do") == "switch_on"}
        actions.set_source(source=found, values=values, by=request.user)
        messages.success(request, _("Switched on.") if found.on else _("Switched off."))
        return redirect("sensing:source", found.pk)
    withdrawn = request.GET.get("retires") == "1"
    page = Paginator(queries.states_of(found, withdrawn=withdrawn), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = strangers_shown(found) | {
        "source": found,
        "how": words.how(found),
        "withdrawn": withdrawn,
        "page_of_things": page,
        "things": things_shown(page, now),
        "ends": ends_shown(found, now),
        "accuracy": words.accuracy(queries.accuracy(thing__source=found)),
        "may_manage": may(request.user, MANAGE),
        "messages": messages.get_messages(request),
    }
    return render(request, "sensing/source.html", context)


@_FORM
@login_required
def change(request: Request, key: UUID) -> HttpResponse:
    """The form that changes a source."""
    require(request.user, MANAGE)
    found = _found(key)
    initial = {name: getattr(found, name) for name in ChangeForm.base_fields}
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.set_source(source=found, values=form.cleaned_data, by=request.user)
        messages.success(request, _("Source saved."))
        return redirect("sensing:source", found.pk)
    context = {"form": form, "source": found}
    return render(request, "sensing/source_form.html", context, status=422 if form.errors else 200)


@never_cache
@_FORM
@login_required
def renew(request: Request, key: UUID) -> HttpResponse:
    """Ask before the secret is renewed; then show the new one, once."""
    require(request.user, MANAGE)
    found = _found(key)
    if request.method == "POST":
        return _secret(request, found, actions.renew_secret(source=found, by=request.user))
    return render(request, "sensing/renew.html", {"source": found})


@never_cache
@_FORM
@login_required
def bring(request: Request, key: UUID) -> HttpResponse:
    """Take in a file of readings, and say what became of each."""
    require(request.user, MANAGE)
    found, now = _found(key), queries.milliseconds(timezone.now())
    sent = request.method == "POST"
    form = ReadingsForm(request.POST, request.FILES) if sent else ReadingsForm()
    result = None
    if form.is_valid():
        result = brought(found, form.cleaned_data["file"].file, at=now, by=request.user)
    context = {"form": ReadingsForm() if result else form, "source": found, "result": result}
    return render(request, "sensing/bring.html", context, status=422 if form.errors else 200)


def _secret(request: Request, source: Source, secret: str) -> HttpResponse:
    context = {"source": source, "secret": secret, "how": words.how(source, secret)}
    answer = render(request, "sensing/secret.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _found(key: UUID) -> Source:
    found = queries.source_of(key)
    if found is None:
        raise Http404(_("No such source here."))
    return found
