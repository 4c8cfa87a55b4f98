"""Changing accounts in the demonstration: nobody's, each a click away."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communs.core.access.demo import DOMAIN, PASSWORD
from communs.core.registry.request import Request

_TAKEN, _A_MOMENT = "demo_account_taken", 10  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accounts(request: Request) -> HttpResponse:
    """The demonstration's accounts; one is taken by its button, the page one was on stays."""
    if not (request.metropolis and request.metropolis.demonstration):
        raise Http404
    following = _page_of(request)
    if request.method == "POST":
        return _take(request, following)
    context = {"following": following, "messages": messages.get_messages(request)}
    return render(request, "web/demo_accounts.html", context)


def _take(request: Request, following: str) -> HttpResponse:
    """Sign in as somebody made up, whose password is still the demonstration's."""
    email = request.POST.get("email", "")
    person = None
    if email.endswith(DOMAIN):
        person = authenticate(request, email=email, password=PASSWORD)
    if person is None or is_mfa_enabled(person):
        messages.error(request, _("This account is not open to all any more."))
        return redirect(request.get_full_path())
    logout(request)
    login(request, person)
    request.session[_TAKEN] = time.time()
    return redirect(following)


def has_just_changed(request: HttpRequest) -> bool:
    """Tell, once, whether the account was taken a moment ago: its last page may not be its own."""
    session: Any = getattr(request, "session", {})
    return bool(time.time() - session.pop(_TAKEN, 0) < _A_MOMENT)


def _page_of(request: Request) -> str:
    """Give the page to come back to: one of this site's, or the home."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if safe else reverse("web:home")
