"""Reads about services: which there are, which are on where, what they are set to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from pydantic import ValidationError

from communs.core.communities.models import Affiliation, Community
from communs.core.communities.scope import across
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.kit.timespans import PARIS
from communs.core.registry.models import Activation, activations
from communs.core.registry.service import Options, Origin, Running, Service

_SWITCHES = ("registry.service_set", "bundles.installed")


@lru_cache(maxsize=1)
def services() -> tuple[Service, ...]:
    """Give every installed service, by path."""
    found = [app for app in apps.get_app_configs() if isinstance(app, Service)]
    return tuple(sorted(found, key=lambda service: service.slug))


def by_slug(slug: str) -> Service | None:
    """Give the service that answers under this first segment."""
    return next((service for service in services() if service.slug == slug), None)


def by_key(key: str) -> Service | None:
    """Give the service of this name."""
    return next((service for service in services() if service.key == key), None)


def answering(row: int) -> Service | None:
    """Give the service that answers to a row of the 2018 communiqué, if one is installed."""
    return next((service for service in services() if row in service.rows), None)


def running(
    community: Community, metropolis: Community, *, on: date
) -> tuple[dict[str, Running], dict[str, Running]]:
    """Give every installed service as it runs that day here, and in the metropolis; one query.

    It is remembered a few seconds, as every request asks.

    A community's own activation decides; without one, its territory's or metropolis' does if it
    covers its members.
    """
    key = (community.pk, metropolis.pk, on)
    return activations.get(key, lambda: _running(community, metropolis, on))


def _running(
    community: Community, metropolis: Community, on: date
) -> tuple[dict[str, Running], dict[str, Running]]:
    groups = Affiliation.objects.filter(in_force(on), member=community).values("group")
    with across("whether a community's territory or metropolis runs a service for it"):
        near = Q(community__in=[community, metropolis]) | Q(community__in=groups)
        rows = list(Activation.everywhere.filter(near))
    return _runs(rows, community), _runs(rows, metropolis)


def origin(running: Running) -> Origin | None:
    """Tell what switched a service on, where that was not somebody there."""
    key, _colon, reference = running.provenance.partition(": ")
    asking = by_key(key)
    return asking.origin(reference) if asking and running.on else None


def where_on(service: Service) -> list[Community]:
    """Give the communities whose own activation of this service is on."""
    with across("the catalogue of services tells where each is on"):
        rows = Activation.everywhere.filter(service=service.key, on=True)
        return [row.community for row in rows.select_related("community").order_by("community")]


def activations_on() -> set[tuple[str, str]]:
    """Give (service, community's slug) for every activation that is on; one query."""
    with across("the register tells how far the answer to each row is"):
        rows = Activation.everywhere.filter(on=True)
        return set(rows.values_list("service", "community__slug"))


def switched(
    service: str, communities: Sequence[Community], start: date, end: date
) -> dict[Any, date]:
    """Give, by community's key, the first day on which it switched a service on or off; one query.

    Of the days from `start` to `end`, here. Saving a service's options switches nothing.
    """
    after = datetime.combine(end + timedelta(days=1), time.min, PARIS)
    with across("whether a community that is compared switched a service on meanwhile"):
        rows = Event.everywhere.filter(
            community__in=communities, name__in=_SWITCHES, data__service=service, at__lt=after
        )
        told = list(rows.order_by("id").values_list("community", "at", "data"))
    was: dict[Any, bool] = {}
    found: dict[Any, date] = {}
    for key, at, data in told:
        on, day = bool(data.get("on", True)), timezone.localdate(at)
        if day >= start and on != was.get(key, False):
            found.setdefault(key, day)
        was[key] = on
    return found


def _runs(rows: list[Activation], community: Community) -> dict[str, Running]:
    own = {row.service: row for row in rows if row.community_id == community.pk}
    lent = {
        row.service: row
        for row in rows
        if row.covers_children and row.community_id != community.pk and not community.is_metropolis
    }
    found = lent | own
    return {service.key: _as_runs(service, found.get(service.key)) for service in services()}


def _as_runs(service: Service, row: Activation | None) -> Running:
    if row is None:
        return Running(service, on=False, options=service.options())
    return Running(service, row.on, _read(service, row.options), row.provenance)


def _read(service: Service, raw: dict) -> Options:
    """Give the stored options; one that a newer version refuses falls back to its default."""
    kept = dict(raw)
    while True:
        try:
            return service.options.model_validate(kept)
        except ValidationError as error:
            for problem in error.errors():
                kept.pop(str(problem["loc"][0]) if problem["loc"] else "", None)
            if not kept:
                return service.options()
