"""Who calls: a program with its key, or a page of ours with its session; and how often."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, django_auth
from ninja.throttling import BaseThrottle

from communs.core.api.tokens import bearer

_MINUTE = 60


class TokenAuth(HttpBearer):
    """`Authorization: Bearer communs_…`; the request then acts for the key's person."""

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        person = bearer(token, on=timezone.localdate())
        if person is not None:
            request.user = person
        return person


# What writes, or shows what is not public, asks for one of these. The session asks for the form's
# secret too, so that another site cannot write with somebody's cookies.
signed_in = [TokenAuth(), django_auth]


class Pace(BaseThrottle):
    """So many requests a minute from an address, or with a key; counted in the cache."""

    def __init__(self) -> None:
        self._left_of_minute = float(_MINUTE)

    def allow_request(self, request: HttpRequest) -> bool:
        """Count a request; refuse it once the minute is full."""
        now = time.time()
        self._left_of_minute = _MINUTE - now % _MINUTE
        who = getattr(request, "auth", None)
        name = f"person:{who.pk}" if who is not None else f"address:{address_of(request)}"
        key = f"api:pace:{int(now // _MINUTE)}:{name}"
        cache.add(key, 0, 2 * _MINUTE)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache made room at this very moment
            return True
        return count <= settings.COMMUNS_API_RATE

    def wait(self) -> float:
        """Give the seconds until the next minute."""
        return self._left_of_minute


def address_of(request: HttpRequest) -> str:
    """Give the caller's address; headers are believed of as many proxies as the settings say."""
    given = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.COMMUNS_PROXIES
    if proxies and len(given) >= proxies:
        return given[-proxies].strip()[:60]
    return str(request.META.get("REMOTE_ADDR", ""))
