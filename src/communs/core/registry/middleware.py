"""The gate: a service that is off answers nowhere, neither in pages nor in the API."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone

from communs.core.registry import queries
from communs.core.registry.errors import ServiceOff
from communs.core.registry.request import Request


class GateMiddleware:
    """Looks at the first segment of the path (after `api`), and lets through what is on."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.running, request.metropolis_running = {}, {}
        if request.community is not None:
            request.running, request.metropolis_running = queries.running(
                request.community, request.metropolis, on=timezone.localdate()
            )
        self._gate(request)
        return self.get_response(request)

    def _gate(self, request: Request) -> None:
        segments = request.path_info.strip("/").split("/", 2)
        first = segments[1] if segments[0] == "api" and len(segments) > 1 else segments[0]
        service = queries.by_slug(first.partition(".")[0])
        if service is None:
            return
        request.service = service
        found = request.running.get(service.key)
        if found is None or not found.on:
            raise ServiceOff(service)
