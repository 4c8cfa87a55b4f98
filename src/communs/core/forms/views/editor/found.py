"""What every page of the editor begins with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communs.core.access.rules import require
from communs.core.forms import queries
from communs.core.forms.models import Form
from communs.core.forms.rules import EDIT
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request

UNPROCESSABLE, CONFLICT = 422, 409
_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def editing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view one of the editor: for who may edit forms here."""

    def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user, EDIT)
        return view(request, *args, **kwargs)

    run.__name__, run.__doc__ = view.__name__, view.__doc__
    made: Callable[..., HttpResponse] = _METHODS(login_required(run))
    return made


def form_found(key: UUID) -> Form:
    """Give a form, or answer that nothing is here."""
    found = queries.form_of(key)
    if found is None:
        raise Http404(_("No such form here."))
    return found


def revision_of(request: Request) -> int:
    """Give the revision at which the page was opened."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004


def shown(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Any:
    """Draw a page of the editor."""
    told = {"messages": messages.get_messages(request), "refusal": ""} | context
    return render(request, f"forms/editor/{template}.html", told, status=status)


def tried(do: Callable[[], Any]) -> str:
    """Do something; give the sentence of the refusal, or nothing when it was done."""
    try:
        do()
    except Refused as refusal:
        return str(refusal)
    return ""
