"""Reads: versions made here, what is installed, the catalogue of this site, what would change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from communs.core.bundles import signing
from communs.core.bundles.content import came, reread
from communs.core.bundles.documents import Document, at_first
from communs.core.bundles.enums import InstallationState
from communs.core.bundles.installing import Plan, plan
from communs.core.bundles.models import Bundle, Installation
from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.registry import queries as registry
from communs.core.registry.service import Service


@dataclass(frozen=True, slots=True)
class Listed:
    """A published configuration: whose it is, and where it is in force."""

    bundle: Bundle
    community: Community
    service: Service
    installed: Sequence[Community] = field(default_factory=list)


def versions(service: Service) -> QuerySet[Bundle]:
    """Give what this community packed of a service, the latest first."""
    return Bundle.objects.filter(service=service.key).defer("document")


def installations(service: Service) -> QuerySet[Installation]:
    """Give what was installed of a service here, the latest first; what only waits is not."""
    rows = Installation.objects.filter(service=service.key)
    return rows.exclude(state=InstallationState.RECEIVED).defer("document", "before", "after")


def received(service: Service) -> Installation | None:
    """Give the document that waits to be looked at."""
    return _of(service, InstallationState.RECEIVED).defer("document").first()


def in_force(service: Service) -> Installation | None:
    """Give the configuration in force of a service here, or None."""
    return _of(service, InstallationState.IN_FORCE).first()


def replaced_by(installation: Installation) -> Installation | None:
    """Give the configuration that was in force before this one, and was not rolled back."""
    rows = Installation.objects.filter(
        service=installation.service, state=InstallationState.REPLACED, at__lte=installation.at
    )
    return rows.first()


def lineage_here(service: Service) -> list[dict[str, Any]]:
    """Give the origins of what is in force of a service here, the oldest first."""
    held = in_force(service)
    if held is None:
        return []
    document = json.loads(held.document)
    own = {"version": held.version, "digest": held.digest}
    return [*document["lineage"], {**document["from"], **own}]


def plan_of(document: Document, *, take: Collection[str] = (), on: date) -> Plan:
    """Give what installing a document would change here."""
    held = in_force(document.service)
    base = came(document.service, json.loads(held.document)) if held else at_first(document)
    return plan(document.service, base, document.content, take=take, on=on)


def way_back(installation: Installation, *, on: date) -> Plan:
    """Give what rolling an installation back would change here."""
    service = registry.by_key(installation.service)
    if service is None:
        message = f"Service not installed: {installation.service}"
        raise LookupError(message)
    return plan(
        service, reread(service, installation.after), reread(service, installation.before), on=on
    )


def runs_after_way_back(installation: Installation, what: Plan) -> bool:
    """Tell whether a service is on once its installation is rolled back.

    As before it, unless somebody here has switched it on or off since.
    """
    on = what.here.running.on
    return bool(installation.before["ran"] if on == installation.after["on"] else on)


def catalogue(*, service: Service | None = None) -> list[Listed]:
    """Give what communities of this site have published, by service, the latest first."""
    with across("the catalogue shows the configurations that communities have published"):
        rows = Bundle.everywhere.filter(published=True).defer("document")
        if service is not None:
            rows = rows.filter(service=service.key)
        found = list(rows.select_related("community").order_by("service", "-at", "-id"))
    return _listed(found)


def published(key: UUID) -> Listed | None:
    """Give one published configuration, whoever reads, or None."""
    with across("the catalogue shows a configuration that a community has published"):
        rows = Bundle.everywhere.filter(pk=key, published=True).select_related("community")
        found = list(rows)
    return next(iter(_listed(found)), None)


def update_of(installation: Installation | None) -> Bundle | None:
    """Give a newer version that the same community of this site has published, or None."""
    if installation is None or installation.source_key not in signing.own_keys():
        return None
    with across("a community sees the later versions of what it installed"):
        rows = Bundle.everywhere.filter(
            published=True,
            community__slug=installation.source_slug,
            service=installation.service,
            version__gt=installation.version,
        )
        return rows.defer("document").order_by("-version").first()


def _of(service: Service, state: InstallationState) -> QuerySet[Installation]:
    return Installation.objects.filter(service=service.key, state=state)


def _listed(found: Iterable[Bundle]) -> list[Listed]:
    rows = list(found)
    known: Mapping[str, Service] = {service.key: service for service in registry.services()}
    where: defaultdict[str, list[Community]] = defaultdict(list)
    with across("the catalogue tells where each published configuration is in force"):
        digests = [row.digest for row in rows]
        places = Installation.everywhere.filter(
            digest__in=digests, state=InstallationState.IN_FORCE
        ).defer("document", "before", "after")
        for place in places.select_related("community").order_by("community__slug"):
            where[place.digest].append(place.community)
    return [
        Listed(row, row.community, known[row.service], where[row.digest])
        for row in rows
        if row.service in known
    ]
