"""Pages for what did not go well, and their twins for programs (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from communs.core.api.problems import problem
from communs.core.communities.addresses import url_of
from communs.core.kit.errors import Forbidden, Refused
from communs.core.registry import queries as registry
from communs.core.registry.errors import ServiceOff
from communs.core.web.views.demo import has_just_changed


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: it is under /api/, or it prefers JSON to HTML."""
    if request.path_info.startswith("/api/") or "/api/" in request.path:
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer(request: HttpRequest, code: int, title: str, message: str, **more: Any) -> HttpResponse:
    """Give the page, or the problem document, that says what did not go well."""
    if wants_json(request):
        return problem(code, title, message, **more)
    context = {
        "code": code,
        "title": title,
        "message": message,
        "suggestions": _suggestions(request),
    }
    return render(request, "web/error.html", context, status=code)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or a service that is off here."""
    if isinstance(exception, ServiceOff) and not wants_json(request):
        return _service_off(request, exception)
    start = _start_of_service(request)
    if start and has_just_changed(request):
        messages.info(request, _("The page you were on is not for this account."))
        return redirect(start[0]["href"])
    title = _("This page does not exist")
    words = _("The address may be wrong, the page has moved, or your account does not show it.")
    if not getattr(getattr(request, "user", None), "is_authenticated", False):
        words = _("The address may be wrong, or the page has moved.")
    return answer(request, 404, title, words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this person; without an account, the page offers to sign in."""
    title = _("You do not have access to this page")
    sentence = str(exception) if isinstance(exception, Forbidden) else ""
    return answer(request, 403, title, sentence or _("Sign in with an account that has access."))


def refused(request: HttpRequest, exception: Refused) -> HttpResponse:
    """409: a rule says no, in its own words."""
    more = {"field": exception.field} if exception.field else {}
    return answer(request, 409, _("This cannot be done"), str(exception), **more)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be understood; the exception’s own words are for the log."""
    del exception
    return bare(request, 400)


def bare(request: HttpRequest, code: int) -> HttpResponse:
    """400, 405, 413: refusals of the framework itself."""
    titles = {
        400: (_("This request cannot be understood"), _("Check the address or what you typed.")),
        405: (_("This page does not accept that"), _("Go back and use the page’s own buttons.")),
        413: (_("What you sent is too large"), _("Send a smaller file or a shorter text.")),
    }
    return answer(request, code, *titles[code])


def empty(request: HttpRequest) -> HttpResponse:
    """503: no metropolis is installed yet."""
    if wants_json(request):
        return problem(503, _("No metropolis is installed here yet"))
    return render(request, "web/empty.html", status=503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old or came from elsewhere."""
    title = _("This form has expired")
    message = _(
        "Nothing was recorded. Your browser’s back button leads to the form again, most often with"
        " what you typed: copy what matters, reload the page, then send it again."
    )
    return answer(request, 403, title, message, reason=reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Needs neither database nor context."""
    if wants_json(request):
        return problem(500, "Internal error")
    language = translation.get_language() or "fr"
    content = loader.get_template("base_error.html").render({"lang": language})
    return HttpResponse(content, status=500)


def _service_off(request: HttpRequest, exception: ServiceOff) -> HttpResponse:
    service = exception.service
    where_on = [
        {"name": community.name, "href": url_of(community, "web:home")}
        for community in registry.where_on(service)
    ]
    context = {
        "service": service,
        "community": getattr(request, "community", None),
        "where_on": where_on,
    }
    return render(request, "web/service_off.html", context, status=404)


def _suggestions(request: HttpRequest) -> list[dict[str, str]]:
    found = [*_start_of_service(request), {"label": _("Home"), "href": reverse("web:home")}]
    if getattr(request, "community", None) is not None:
        found.append({"label": _("All services"), "href": reverse("web:services")})
    found.append({"label": _("Search"), "href": reverse("web:search")})
    return found


def _start_of_service(request: HttpRequest) -> list[dict[str, str]]:
    """Give where a service begins, if the address is under one that is on here."""
    service = registry.by_slug(request.path_info.strip("/").partition("/")[0])
    running = getattr(request, "running", {}).get(service.key) if service else None
    if service is None or running is None or not running.on or not service.home:
        return []
    return [{"label": str(service.title), "href": reverse(service.home)}]
