"""The API: one description, one set of errors, every service's operations."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from communs import VERSION
from communs.core.api import communities, search
from communs.core.api.problems import problem
from communs.core.kit.errors import Forbidden, Refused
from communs.core.kit.sentences import sentence
from communs.core.registry import queries as registry
from communs.core.registry.request import Request


def build() -> NinjaAPI:
    """Make the API from the core's operations and those of every installed service."""
    api = NinjaAPI(
        title="Communs",
        version=VERSION,
        description="Digital services of the communes of a metropolis.",
        urls_namespace="api",
        openapi_url="",
        docs_url=None,
    )
    _errors(api)
    api.add_router("", communities.router, tags=["communities"])
    api.add_router("", search.router, tags=["search"])
    for service in registry.services():
        module = service.module_named("api")
        if module is not None:
            api.add_router(f"/{service.slug}", module.router, tags=[service.key])
    return api


def description(api: NinjaAPI, request: Request) -> dict[str, Any]:
    """Give the OpenAPI document of what runs for the community in force."""
    prefix = request.script_prefix.rstrip("/")
    schema = dict(api.get_openapi_schema(path_prefix=f"{prefix}/api/"))
    off = {r.service.slug for r in request.running.values() if not r.on}
    paths = schema["paths"]
    start = len(f"{prefix}/api/")
    schema["paths"] = {p: item for p, item in paths.items() if p[start:].split("/")[0] not in off}
    return schema


def _errors(api: NinjaAPI) -> None:
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Forbidden, _forbidden)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(BadRequest, _bad)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [{"field": str(e["loc"][-1]), "detail": sentence(e)} for e in error.errors]
    return problem(422, _("Some values are not accepted"), errors=problems)


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, str(error))


def _forbidden(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, _("You do not have access"), str(error))


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    more = {"field": error.field} if error.field else {}
    return problem(409, _("This cannot be done"), str(error), **more)


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, _("Nothing is here"))


def _bad(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, _("This request cannot be understood"), str(error))
