"""The API: one description, one set of errors, every service's operations."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from communs import VERSION
from communs.core.api import bundles, communities, forms, indicators, search, sensing, standards
from communs.core.api.problems import Problem, problem
from communs.core.api.security import Pace
from communs.core.kit.errors import Forbidden, Refused
from communs.core.kit.sentences import sentence
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.core.sensing.standards.port import published_by

log = logging.getLogger(__name__)

_COME_BACK = "5"  # seconds


def build() -> NinjaAPI:
    """Make the API from the core's operations and those of every installed service."""
    api = NinjaAPI(
        title="Communs",
        version=VERSION,
        description="Digital services of the communes of a metropolis.",
        urls_namespace="api",
        openapi_url="",
        docs_url=None,
        throttle=[Pace()],
    )
    _errors(api)
    api.add_router("", communities.router, tags=["communities"])
    api.add_router("", search.router, tags=["search"])
    api.add_router("", indicators.router, tags=["indicators"])
    api.add_router("", bundles.router, tags=["bundles"])
    api.add_router("", forms.router, tags=["forms"])
    api.add_router("", sensing.router, tags=["sensing"])
    for service in registry.services():
        module = service.module_named("api")
        if module is not None:
            api.add_router(f"/{service.slug}", module.router, tags=[service.key])
        published = published_by(service)
        if published is not None:
            api.add_router(f"/{service.slug}", standards.router_for(published, service))
    return api


def description(api: NinjaAPI, request: Request) -> dict[str, Any]:
    """Give the OpenAPI document of what runs for the community in force."""
    prefix = request.script_prefix.rstrip("/")
    schema = whole(api, prefix)
    off = {r.service.slug for r in request.running.values() if not r.on}
    paths = schema["paths"]
    start = len(f"{prefix}/api/")
    schema["paths"] = {p: item for p, item in paths.items() if p[start:].split("/")[0] not in off}
    return schema


def whole(api: NinjaAPI, prefix: str = "") -> dict[str, Any]:
    """Give the OpenAPI document of all that is installed, under this prefix of addresses."""
    schema = dict(api.get_openapi_schema(path_prefix=f"{prefix}/api/"))
    _tell_problems(schema)
    return schema


def _tell_problems(schema: dict[str, Any]) -> None:
    """Say of each operation that a refusal is a problem document."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas |= shape.pop("$defs", {}) | {"Problem": shape}
    for item in schema["paths"].values():
        for operation in item.values():
            operation["responses"]["4XX"] = {"description": "Refused", "content": content}


def _errors(api: NinjaAPI) -> None:
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(Throttled, _too_many)
    api.add_exception_handler(Forbidden, _forbidden)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(BadRequest, _bad)
    api.add_exception_handler(OperationalError, _away)
    api.add_exception_handler(InterfaceError, _away)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    problems = [{"field": str(e["loc"][-1]), "detail": sentence(e)} for e in error.errors]
    return problem(422, _("Some values are not accepted"), errors=problems)


def _unknown(_request: HttpRequest, _error: Any) -> HttpResponse:
    detail = _("Send a program’s key in the header Authorization, as “Bearer …”, or sign in.")
    response = problem(401, _("Say who you are"), detail)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _too_many(_request: HttpRequest, error: Any) -> HttpResponse:
    detail = _("Try again in %(seconds)d seconds.") % {"seconds": error.wait or 60}
    return problem(429, _("Too many requests"), detail)


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    unread = error.status_code == HTTPStatus.BAD_REQUEST
    title = _("The body of the request cannot be read") if unread else str(error)
    return problem(error.status_code, title)


def _forbidden(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, _("You do not have access"), str(error))


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    more = {"field": error.field} if error.field else {}
    return problem(409, _("This cannot be done"), str(error), **more)


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, _("Nothing is here"))


def _bad(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, _("This request cannot be understood"), str(error))


def _away(request: HttpRequest, error: Any) -> HttpResponse:
    """Ask whoever writes to come again when the database takes nothing: full, locked or gone."""
    if request.method in {"GET", "HEAD"}:
        raise error  # the database itself may answer where its copy could not
    log.error("the database takes nothing", exc_info=error)
    detail = _("Send the same again in a moment.")
    response = problem(503, _("Nothing can be recorded at present"), detail)
    response.headers["Retry-After"] = _COME_BACK
    return response
