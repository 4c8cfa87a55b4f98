"""What pages of tasks and sessions share: a form, or a button, that does one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request


def filled(
    request: Request,
    form: Any,
    action: Callable[..., Any],
    back: str,
    context: Mapping[str, Any],
    *,
    leads: Callable[[Any], str] | None = None,
    told: str = "",
    **known: Any,
) -> HttpResponse:
    """Do what a form asks and go back, or to what `leads` makes of it; else show it again."""
    made = done(form, action, **known) if form.is_bound else None
    if made is not None:
        messages.success(request, told or _("Noted, with its date."))
        return HttpResponseRedirect(leads(made) if leads else back)
    return shown_again(request, form, back, context)


def shown_again(
    request: HttpRequest, form: Any, back: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Show a form, as it was filled, with what it lacks."""
    shown = {"form": form, "back": back, **context}
    return render(request, "fund/task_form.html", shown, status=422 if form.errors else 200)


def not_now(
    request: HttpRequest, refused: str, back: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Say, in place of a form, what would be refused whatever one wrote in it."""
    shown = {"refused": refused, "back": back, **context}
    status = 409 if request.method == "POST" else 200
    return render(request, "fund/not_now.html", shown, status=status)


def pressed(
    request: HttpRequest, action: Callable[..., Any], back: str, **known: Any
) -> HttpResponse:
    """Do what a button asks and go back; a refusal is said on the page one comes from."""
    try:
        action(**known)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted, with its date."))
    return HttpResponseRedirect(back)
