"""Keys that one's programs use, in one community."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communs.core.access.rules import roles_of
from communs.core.api import actions
from communs.core.api.models import Token
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web import catalogue
from communs.core.web.forms import TokenForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: Request) -> HttpResponse:
    """One's keys here, and the form that makes another; it is shown once, on this page."""
    today = timezone.localdate()
    allowed, held = catalogue.allowed(request), Token.objects.filter(person=request.user)
    if not (allowed or held.exists() or roles_of(request.user, on=today)):
        raise Http404
    form = TokenForm(request.POST if request.method == "POST" else None, permissions=allowed)
    made = done(form, actions.make_token, on=today, by=request.user)
    context = {
        "form": TokenForm(None, permissions=allowed) if made else form,
        "tokens": held,
        "labels": catalogue.permissions(),
        "today": today,
        "shown_once": made[1] if made else "",
        "messages": messages.get_messages(request),
    }
    answer = render(request, "web/tokens.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@login_required
def take_back(request: Request, key: UUID) -> HttpResponse:
    """End one of one's keys."""
    token = Token.objects.filter(pk=key, person=request.user).first()
    if token is None:
        raise Http404(str(key))
    actions.take_back(token=token, by=request.user)
    messages.success(request, _("The key was taken back: the program is refused from now on."))
    return redirect("web:tokens")
