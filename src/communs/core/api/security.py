"""Who calls: a program with its key, or a page of ours with its session; and how often."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import BaseThrottle
from ninja.utils import check_csrf

from communs.core.api.tokens import bearer
from communs.core.kit.errors import Forbidden
from communs.core.kit.pace import MINUTE, address_of, in_pace


class TokenAuth(HttpBearer):
    """`Authorization: Bearer communs_…`; the request then acts for the key's person."""

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        person = bearer(token, on=timezone.localdate())
        if person is not None:
            request.user = person
        return person


class Session(SessionAuth):
    """A page's session, with the form's secret: another site cannot write with one's cookies."""

    def _get_key(self, request: HttpRequest) -> str | None:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise Forbidden(_("Send the page’s secret in X-CSRFToken, or use a program’s key."))
        return request.COOKIES.get(self.param_name)


# What writes, or shows what is not public, asks for one of these.
signed_in = [TokenAuth(), Session()]


class Pace(BaseThrottle):
    """So many requests a minute from an address, or with a key; counted in the cache."""

    def __init__(self) -> None:
        self._left_of_minute = float(MINUTE)

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a request; refuse it once the minute is full."""
        now = time.time()
        self._left_of_minute = MINUTE - now % MINUTE
        who = getattr(request, "auth", None)
        name = f"person:{who.pk}" if who is not None else f"address:{address_of(request)}"
        return in_pace(f"api:{name}", settings.COMMUNS_API_RATE, now=now)

    def wait(self) -> float:
        """Give the seconds until the next minute."""
        return self._left_of_minute
