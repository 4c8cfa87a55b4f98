"""Two communes where parking lives; streets are near the real ones, all the rest is made up."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.service import Service
from communs.services.parking.demo import antony, levallois
from communs.services.parking.demo.size import Size

__all__ = ["Size", "load"]


def load(service: Service, _metropolis: Community, size: Size | None = None) -> None:
    """Switch parking on in Antony and in Levallois-Perret, with streets, sensors, a past."""
    at: datetime = timezone.now()
    for slug, fill in (("antony", antony.fill), ("levallois-perret", levallois.fill)):
        with within(Community.objects.get(slug=slug)):
            set_service(service=service, on=True, by=None)
            fill(at, size or Size())
