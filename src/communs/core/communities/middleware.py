"""Finds in the address the language and the community, and puts both in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers

from communs.core.communities import queries
from communs.core.communities.scope import outside, within

_SEGMENT = re.compile(r"/([a-z0-9-]{2,60})(?=/|\Z)")


class AddressMiddleware:
    """`/en/antony/…` is Antony's page in English; a commune's own host name needs no `/antony`.

    What precedes the page's own path becomes the script prefix, so that no URL pattern and no
    template knows of languages or communities.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        root = request.path_info if request.path_info.startswith("/") else "/"
        language, path = _take_language(root)
        request.language_prefix = f"/{language}" if language else ""
        translation.activate(language or _asked_language(request, path))
        segment = _SEGMENT.match(path)
        host = request.get_host().partition(":")[0].lower()
        found = queries.address(host=host, segment=segment[1] if segment else None)
        request.metropolis, request.community = found.metropolis, found.community
        if found.by_segment and segment:
            path = path[segment.end() :] or "/"
        request.community_prefix = f"/{segment[1]}" if found.by_segment and segment else ""
        request.path_info = path
        request.script_prefix = f"{request.language_prefix}{request.community_prefix}/"
        set_script_prefix(request.script_prefix)
        return self._answer(request)

    def _answer(self, request: Any) -> HttpResponse:
        scope = within(request.community) if request.community else outside()
        with scope:
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "fr")
        if request.path_info.startswith("/api/"):
            patch_vary_headers(response, ["Accept-Language"])
        return response


def _take_language(path: str) -> tuple[str, str]:
    """Part `/en/page` into its language and the path; the first language has no prefix."""
    for code, _label in settings.LANGUAGES[1:]:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            return code, path[len(code) + 1 :] or "/"
    return "", path


def _asked_language(request: HttpRequest, path: str) -> str:
    """Pages speak the address's language; the API, which has no reader's address, the asked one."""
    if "/api/" in f"{path}/":
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE
