"""A commune where the service lives; what it shows is made up."""

from __future__ import annotations

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.service import Service

COMMUNE = "courbevoie"


def load(service: Service, _metropolis: Community) -> None:
    """Switch the service on in one commune, and give it something to show."""
    with within(Community.objects.get(slug=COMMUNE)):
        set_service(service=service, on=True, by=None)
