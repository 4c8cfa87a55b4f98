"""What is near, and keeping that true while things move."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from math import inf
from uuid import UUID

from django.db import transaction

from communs.core.communities.scope import across, current
from communs.core.geo.backends import backend
from communs.core.geo.backends.asked import Asked, Found, Taking, Wanted
from communs.core.geo.models import FINE, Spot

Where = tuple[float, float]  # latitude, longitude, in degrees

_SHELVES = 2**20
_AT_ONCE = 5_000
_shelves: dict[tuple[UUID, str], int] = {}


def nearest(
    layer: str,
    lat: float,
    lon: float,
    count: int,
    *,
    within: float = inf,
    wanted: Wanted | None = None,
) -> list[Found]:
    """Give the `count` subjects of a layer nearest to a point, nearest first, `within` metres.

    Distances are exact on the sphere; equals are in the order of their keys. `wanted` is given
    subjects, and gives those that count: free ones, say.
    """
    here = current()
    asked = Asked(here, layer, _shelf(here.pk, layer), lat, lon, count, within)
    return backend().nearest(asked, Taking(wanted)) if count > 0 else []


@transaction.atomic
def place(layer: str, where: Mapping[UUID, Where | None]) -> None:
    """Say where subjects of a layer are, or that they are nowhere any more.

    Call it in the transaction that moves them.
    """
    subjects = list(where)
    for begin in range(0, len(subjects), _AT_ONCE):
        _place(layer, {subject: where[subject] for subject in subjects[begin : begin + _AT_ONCE]})


def rebuild() -> None:
    """Make the index anew from the table of spots, when it was lost."""
    with transaction.atomic(), across("the spatial index is made anew"):
        backend().repair()


def _place(layer: str, where: Mapping[UUID, Where | None]) -> None:
    there = list(Spot.objects.filter(layer=layer, subject__in=list(where)))
    backend().remove(there)
    held = {spot.subject: spot for spot in there}
    shelf, new, moved = _shelf(current().pk, layer), [], []
    for subject, point in where.items():
        spot = held.get(subject)
        if point is None:
            continue
        if spot is None:
            spot = Spot(layer=layer, subject=subject, shelf=shelf)
            new.append(spot)
        else:
            moved.append(spot)
        spot.lat, spot.lon = (round(part * FINE) / FINE for part in point)
    gone = [spot.pk for spot in there if where[spot.subject] is None]
    Spot.objects.filter(pk__in=gone).delete()
    Spot.objects.bulk_update(moved, ["lat", "lon"], batch_size=100)
    backend().add([*Spot.objects.bulk_create(new), *moved])


def _shelf(community: UUID, layer: str) -> int:
    """Give the number by which an index knows a community’s layer."""
    key = community, layer
    if key not in _shelves:
        digest = blake2b(community.bytes + layer.encode(), digest_size=8).digest()
        _shelves[key] = int.from_bytes(digest) % _SHELVES
    return _shelves[key]
