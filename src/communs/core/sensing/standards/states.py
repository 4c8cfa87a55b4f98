"""What the sensors of a service’s public places say now, and what of it has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from communs.core.sensing.enums import Doubt
from communs.core.sensing.models import State
from communs.core.sensing.queries import doubt, instant
from communs.core.sensing.standards.port import Place, Published


def states_of(published: Published, at: datetime) -> list[dict[str, Any]]:
    """Give every public place with what is believed of it; two queries besides the service’s."""
    places = {place.thing: place for place in published.places()}
    rows = State.objects.filter(thing__in=list(places), thing__withdrawn_at=None)
    rows = rows.select_related("thing").order_by("thing__number")
    return [_told(row, places[row.thing_id], at) for row in rows]


def changes_of(published: Published, numbers: Iterable[int], at: datetime) -> list[dict[str, Any]]:
    """Give the public places among the things of these numbers; what is not public is not told."""
    rows = State.objects.filter(thing__number__in=list(numbers), thing__withdrawn_at=None)
    held = list(rows.select_related("thing").order_by("thing__number"))
    if not held:
        return []
    concerned = {row.thing_id for row in held}
    places = {place.thing: place for place in published.places() if place.thing in concerned}
    return [_told(row, places[row.thing_id], at) for row in held if row.thing_id in places]


def _told(row: State, place: Place, at: datetime) -> dict[str, Any]:
    why = doubt(row, at)
    believed = why == Doubt.NONE
    return {
        "place": place.key,
        "property": row.thing.property,
        "value": row.value if believed else None,
        "doubt": why.value,
        "since": _written(row.since) if believed else None,
        "until": _written(_ends(row)) if believed else None,
    }


def _ends(state: State) -> int:
    """Give from when a state is not believed any more, unless there is news."""
    silent, stuck = state.silent_from, state.stuck_from
    return silent if stuck is None else min(silent, stuck)


def _written(at: int | None) -> str | None:
    found = instant(at)
    return None if found is None else found.isoformat().replace("+00:00", "Z")
