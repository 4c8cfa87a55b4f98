"""Counts and times each request, for metrics and for a line in the logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bound_contextvars

from communs.project import metrics

log = logging.getLogger("communs.requests")
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Observing:
    """Gives each request a name of its own (X-Request-ID), and tells how it went.

    The line names the route, not the path, so that it says nothing of what was looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        name = asked if _SANE.fullmatch(asked) else uuid4().hex
        spent = _Spent()
        with bound_contextvars(request=name), connection.execute_wrapper(spent):
            began = perf_counter()
            response = self.get_response(request)
            self._tell(request, response, perf_counter() - began, spent)
        response.headers["X-Request-ID"] = name
        return response

    def _tell(
        self, request: HttpRequest, response: HttpResponse, seconds: float, spent: _Spent
    ) -> None:
        route = _route(request)
        method = request.method if request.method in _METHODS else "OTHER"
        metrics.observe(route, method or "", response.status_code, seconds, spent.seconds)
        if settings.COMMUNS_LOGS:
            facts = {
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "queries": spent.count,
                "db_ms": round(spent.seconds * 1000, 1),
                "community": getattr(getattr(request, "community", None), "slug", None),
            }
            log.info("request", extra=facts)


class _Spent:
    """Queries of one request, and the seconds they took."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *words: Any) -> Any:
        began = perf_counter()
        try:
            return execute(*words)
        finally:
            self.count += 1
            self.seconds += perf_counter() - began


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is not None:
        return match.view_name or match.route
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
