"""How often one address, or one person, asks for something: counted by the minute, in the cache."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

MINUTE = 60


def in_pace(name: str, most: int, *, now: float | None = None) -> bool:
    """Count one more of `name` in this minute, of the `most` that there may be; tell if it may."""
    minute = int((time.time() if now is None else now) // MINUTE)
    key = f"pace:{minute}:{name}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the cache made room at this very moment
        return True


def keeps_pace(form: Form, request: HttpRequest, name: str, most: int) -> bool:
    """Tell whether an address may send one more such form this minute; if not, the form says so.

    For forms that anybody sends, signed in or not. `name` tells what is counted, and where.
    """
    if in_pace(f"{name}:{address_of(request)}", most):
        return True
    form.add_error(None, _("Too many tries from here. Try again in a minute."))
    return False


def address_of(request: HttpRequest) -> str:
    """Give the caller's address; headers are believed of as many proxies as the settings say."""
    given = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.COMMUNS_PROXIES
    if proxies and len(given) >= proxies:
        return given[-proxies].strip()[:60]
    return str(request.META.get("REMOTE_ADDR", ""))
