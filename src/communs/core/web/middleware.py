"""Refusals raised anywhere become pages; bare refusals of the framework get one too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from communs.core.kit.errors import Forbidden, Refused
from communs.core.web import installation
from communs.core.web.views import errors


class InstalledOnly:
    """Without a metropolis there is nothing to show but the way to one, and the health."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        open_anyway = path == "/sante" or path.startswith(installation.PATH)
        if getattr(request, "metropolis", None) is None and not open_anyway:
            return errors.empty(request)
        return self.get_response(request)


_BARE = {400, 405, 413}


class PlainRefusals:
    """A rule's « no » is an answer, not a failure: 403 or 409 with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in _BARE and not response.streaming and not response.content:
            page = errors.bare(request, response.status_code)
            for name in ("Allow",):
                if name in response.headers:
                    page.headers[name] = response.headers[name]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return errors.forbidden(request, exception)
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return None
