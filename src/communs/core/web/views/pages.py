"""Home, communes, services, data, statements."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from communs.core.communities import queries as communities
from communs.core.communities.addresses import url_of
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.formats import feature_collection, json_file, open_file
from communs.core.registry.request import Request
from communs.core.registry.service import Running, Service
from communs.core.web import atlas, catalogue, dcat
from communs.core.web.forms import DayForm


@require_safe
def home(request: Request) -> HttpResponse:
    """The home of the metropolis, a territory or a commune: what its services have to show."""
    sections = [*_own_sections(request), *_metropolis_sections(request)]
    context = {"sections": sections, "services": catalogue.shown(request)}
    if request.community.is_metropolis:
        return render(request, "web/home.html", context)
    return render(request, "web/community_home.html", context | _identity(request.community))


@require_safe
def communes(request: Request) -> HttpResponse:
    """Who belonged to what on a day: the map, and the list that says the same."""
    form = DayForm(request.GET or None)
    today = timezone.localdate()
    valid = not form.is_bound or form.is_valid()
    day = form.day(today) if valid else today
    asked = form.cleaned_data.get("q", "") if form.is_bound and valid else ""
    found = atlas.communes(day, asked)
    context = {
        "form": form,
        "day_asked": day,
        "communes": found,
        "territories": atlas.territories(day),
        "is_today": day == today,
        **atlas.map_of(day, levels={}),
    }
    return render(request, "web/communes.html", context, status=200 if valid else 400)


@require_safe
def outlines(request: Request) -> HttpResponse:  # noqa: ARG001 -- a view
    """The communes of today as GeoJSON (RFC 7946), for the map on which a place is chosen."""
    features = atlas.features_of(timezone.localdate(), levels={})
    return json_file(feature_collection(features), "application/geo+json")


@require_safe
def services(request: Request) -> HttpResponse:
    """The catalogue of services, and where each is on."""
    return render(request, "web/services.html", {"services": catalogue.whole(request)})


@require_safe
def data(request: Request) -> HttpResponse:
    """Every data set and standard that is served here."""
    return render(request, "web/data.html", catalogue.data(request))


@require_safe
def catalogue_file(request: Request) -> HttpResponse:
    """The same list as a DCAT-AP catalogue, for portals."""
    return open_file(dcat.turtle(request), dcat.MEDIA_TYPE)


@require_safe
def statement(request: Request, name: str) -> HttpResponse:
    """Accessibility, legal notice."""
    return render(request, f"web/{name}.html")


def _own_sections(request: Request) -> list[str]:
    running = [r for r in request.running.values() if r.on]
    return _called(running, "home_section", request)


def _metropolis_sections(request: Request) -> list[str]:
    """What the metropolis' services know of this commune or territory."""
    if request.community.is_metropolis:
        return []
    with within(request.metropolis):
        on = [r for r in request.metropolis_running.values() if r.on]
        return _called(on, "member_section", request)


def _called(running: list[Running], name: str, request: Request) -> list[str]:
    found = (_view(r.service, name) for r in running)
    sections = (view(request) for view in found if view)
    return [mark_safe(section) for section in sections if section]


def _view(service: Service, name: str) -> Any:
    views = service.module_named("views")
    return getattr(views, name, None)


def _identity(community: Community) -> dict[str, Any]:
    today = timezone.localdate()
    gone = not community.existed(today)
    return {
        "emblem": atlas.emblem(community),
        "history": communities.history(community),
        "populations": list(community.populations.order_by("year")),
        "members": communities.members_on(community, today) if not community.insee else [],
        "merged_into": community.merged_into if gone else None,
        "merged_href": url_of(community.merged_into, "web:home")
        if gone and community.merged_into
        else "",
    }
