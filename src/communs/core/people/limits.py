"""A session ends twelve hours after it began, or three hours after its last use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=3)
NOTED_EVERY = timedelta(minutes=2)  # a reader turning pages costs one write in two minutes


class SessionLimits:
    """Signs out whose session is too old, and keeps when it was last used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.user.is_authenticated:
            _check(request, timezone.now())
        return self.get_response(request)


def begin(request: Any, **_facts: Any) -> None:
    """Start counting when somebody has signed in."""
    now = timezone.now().timestamp()
    request.session["began"] = request.session["seen"] = now


def _check(request: HttpRequest, now: datetime) -> None:
    began, seen = request.session.get("began", 0), request.session.get("seen", 0)
    too_long = now.timestamp() - began > LONGEST.total_seconds()
    too_idle = now.timestamp() - seen > IDLE.total_seconds()
    if too_long or too_idle:
        logout(request)
    elif now.timestamp() - seen > NOTED_EVERY.total_seconds():
        request.session["seen"] = now.timestamp()
        key = request.session.session_key
        UserSession.objects.filter(session_key=key).update(last_seen_at=now)
