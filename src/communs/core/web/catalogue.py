"""What is installed, what is on, what is published: read from the registry, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communs.core.access.rules import may
from communs.core.api.datasets import DATASETS, of_sensors
from communs.core.communities.addresses import url_of
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.core.registry.service import Dataset, Service
from communs.core.web.columns import columns_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A service as a card shows it."""

    key: str
    title: str
    summary: str
    icon: str
    href: str | None
    on: bool
    rows: tuple[int, ...] = ()
    communities: tuple[dict[str, str], ...] = ()


def shown(request: Request) -> list[Shown]:
    """Give the services that are on for the community in force."""
    return [_card(r.service, on=True) for r in request.running.values() if r.on]


def whole(request: Request) -> list[Shown]:
    """Give every installed service, with where it is on."""
    return [_with_places(request, service) for service in registry.services()]


def data(request: Request) -> dict[str, Any]:
    """Give the data sets of the running services and the standards served."""
    sets: list[dict[str, Any]] = [
        {
            "key": dataset.key,
            "title": str(dataset.title),
            "description": str(dataset.description),
            "licence": dataset.licence,
            "columns": columns_of(dataset.schema),
            "updated": None,
            "formats": [
                {
                    "label": fmt.label,
                    "href": reverse(fmt.route),
                    "media_type": fmt.media_type,
                    "standard": fmt.standard,
                }
                for fmt in dataset.formats
            ],
        }
        for dataset in datasets(request)
    ]
    named = {f["standard"]: f["label"] for s in sets for f in s["formats"] if f["standard"]}
    standards = [
        {"label": "DCAT-AP 3", "href": reverse("web:dcat"), "sub": _("this list, for portals")},
        {"label": "OpenAPI 3.1", "href": reverse("openapi"), "sub": _("description of the API")},
        {"label": "RFC 9457", "sub": _("errors, for programs")},
        *({"label": name, "sub": label} for name, label in sorted(named.items())),
    ]
    return {"datasets": sets, "standards": standards}


def datasets(request: Request) -> list[Dataset]:
    """Give the data sets of the house, then those of the running services."""
    services = [running.service for running in request.running.values() if running.on]
    theirs = [dataset for service in services for dataset in service.datasets]
    return [*DATASETS, *theirs, *of_sensors(services)]


def _card(service: Service, *, on: bool) -> Shown:
    start = service.home
    href = reverse(start) if on and start else None
    return Shown(
        service.key, str(service.title), str(service.summary), service.icon, href, on, service.rows
    )


def _with_places(request: Request, service: Service) -> Shown:
    places = tuple(
        {"name": community.name, "href": url_of(community, "web:home")}
        for community in registry.where_on(service)
    )
    running = request.running.get(service.key)
    card = _card(service, on=bool(running and running.on))
    return Shown(
        card.key, card.title, card.summary, card.icon, card.href, card.on, card.rows, places
    )


def permissions() -> dict[str, Any]:
    """Give what an agent may be allowed, with its words: the house's, then each service's."""
    found: dict[str, Any] = {"community.manage": _("Administer the community")}
    for service in registry.services():
        found |= service.permissions
    return found


def allowed(request: Request) -> dict[str, Any]:
    """Give what the reader may do here with what is on, in words: by a role, or by a task."""
    return {name: label for name, label in permissions().items() if _may_here(request, name)}


def _may_here(request: Request, permission: str) -> bool:
    service = next((one for one in registry.services() if permission in one.permissions), None)
    is_on = service is None or request.running[service.key].on
    return is_on and may(request.user, permission)
