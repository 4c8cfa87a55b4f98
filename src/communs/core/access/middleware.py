"""Where the installation asks for it, whoever holds a role first protects their account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from communs.core.access.rules import roles_of
from communs.core.people.queries import held_by


class SecondFactorFirst:
    """Leads who holds a role here, without a second factor, to the page that adds one."""

    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if settings.COMMUNS_SECOND_FACTOR and _lacks_one(request):
            request.factor_wanted = True
            if not request.path_info.startswith("/compte/"):
                return redirect("mfa_index")
        return self.get_response(request)


def _lacks_one(request: Any) -> bool:
    if not request.COOKIES.get(settings.SESSION_COOKIE_NAME) or request.community is None:
        return False
    holds = roles_of(request.user, on=timezone.localdate())
    return bool(holds) and not held_by(request.user).second_factor
