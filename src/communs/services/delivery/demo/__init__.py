"""A commune where delivery bays live; bays, firms, shops and stops are made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.service import Service
from communs.services.delivery import actions
from communs.services.delivery.demo import life, town

COMMUNE = "courbevoie"
_OPEN = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it: bays, days gone by, stops a day over all bays."""

    bays: int = 40
    days: int = 92
    stops: int = 160


FULL = Size()


def load(service: Service, _metropolis: Community, size: Size = FULL) -> None:
    """Switch the service on in one commune, with bays, rules, and three months of stops."""
    at = timezone.now()
    today = timezone.localdate(at)
    with within(Community.objects.get(slug=COMMUNE)):
        set_service(service=service, on=True, options={"booking": True}, by=None)
        bays = town.bays(size.bays, today - _OPEN, at)
        town.rules(bays, today - _OPEN, today, at)
        life.stops(bays, size.days, size.stops, today, at)
        for ago in range(size.days, 0, -1):
            day = today - timedelta(days=ago)
            actions.make_visits(day=day, grace=timedelta(minutes=5), by=None)
        carrier = life.firms(bays, at)
        life.shops(bays, carrier, today, at)
        life.reports(bays, at)
