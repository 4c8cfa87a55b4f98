"""Which sensors are near, and which of them say what one looks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from communs.core.geo.backends.asked import Found
from communs.core.geo.placing import nearest
from communs.core.sensing.models import State
from communs.core.sensing.queries import known

_LAYER = "sensing.{}"


def layer_of(measured: str) -> str:
    """Give the layer in which the things that measure a property stand."""
    return _LAYER.format(measured)


def nearest_saying(
    measured: str,
    value: float,
    lat: float,
    lon: float,
    count: int,
    *,
    at: datetime,
    only: Q | None = None,
    **within: Any,
) -> list[Found]:
    """Give the things nearest to a point that are believed to say a value, nearest first.

    `only` is a further condition on their states, reached as `thing__…`.
    """

    def wanted(things: Sequence[UUID]) -> set[UUID]:
        rows = State.objects.filter(known(at), only or Q(), thing__in=things, value=value)
        return set(rows.order_by().values_list("thing", flat=True))

    return nearest(layer_of(measured), lat, lon, count, wanted=wanted, **within)
