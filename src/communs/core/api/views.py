"""The description of the API."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from communs.core.api import surface
from communs.core.kit.formats import json_file
from communs.core.registry.request import Request


@lru_cache(maxsize=1)
def api() -> NinjaAPI:
    """Give the one API of this process."""
    return surface.build()


@require_safe
def openapi(request: Request) -> HttpResponse:
    """The OpenAPI document of what runs for the community in force."""
    return json_file(surface.description(api(), request))
