"""The free spaces that are nearest, for the need one has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from communs.core.sensing.enums import Property
from communs.core.sensing.nearby import nearest_saying
from communs.services.parking.engine.distances import Point
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models import Space
from communs.services.parking.queries.availability import spaces
from communs.services.parking.queries.places import Seen, seen

FARTHEST = 1_000.0  # metres: beyond, one would drive on


@dataclass(frozen=True, slots=True)
class Near:
    """A space known to be free, and how far it is as the crow flies."""

    seen: Seen
    metres: float


def nearest_free(
    here: Point, at: datetime, *, kind: str = SpaceKind.STANDARD, count: int = 5
) -> list[Near]:
    """Give the spaces of a kind known to be free within a kilometre, nearest first.

    They are found by where their sensors are placed: how many spaces there are does not count.
    """
    held = Space.objects.filter(in_service=True, kind=kind, thing__isnull=False).order_by()
    only = Q(thing__in=held.values("thing"))
    found = nearest_saying(Property.PRESENCE, 0.0, *here, count, at=at, only=only, within=FARTHEST)
    rows = spaces(at).filter(thing__in=[one.subject for one in found], said=0)
    by_thing = {row.thing_id: row for row in rows.select_related("segment__zone", "site__zone")}
    return [
        Near(seen(by_thing[one.subject]), one.metres) for one in found if one.subject in by_thing
    ]
