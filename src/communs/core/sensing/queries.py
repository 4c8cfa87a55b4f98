"""What is known of sources and things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from communs.core.sensing.enums import Doubt
from communs.core.sensing.models import Source, State


def milliseconds(at: datetime) -> int:
    """Give an instant as observations have it."""
    return round(at.timestamp() * 1000)


def source_named(slug: str) -> Source | None:
    """Give the community's source of that short name, or None."""
    return Source.objects.filter(slug=slug).first()


def known(at: datetime, prefix: str = "") -> Q:
    """Give the condition under which a state may be believed; `prefix` leads to it."""
    now = milliseconds(at)
    spoke = Q(**{f"{prefix}value__isnull": False, f"{prefix}silent_from__gt": now})
    moves = Q(**{f"{prefix}stuck_from__isnull": True}) | Q(**{f"{prefix}stuck_from__gt": now})
    return spoke & moves & Q(**{f"{prefix}calm_from__lte": now, f"{prefix}drifting": False})


def doubt(state: State, at: datetime) -> Doubt:
    """Tell why a state is not believed, the gravest reason first; NONE when it is."""
    now = milliseconds(at)
    if state.value is None:
        return Doubt.NEVER
    if state.silent_from <= now:
        return Doubt.SILENT
    if state.drifting:
        return Doubt.DRIFTING
    if state.calm_from > now:
        return Doubt.FLAPPING
    if state.stuck_from is not None and state.stuck_from <= now:
        return Doubt.STUCK
    return Doubt.NONE


def believed(things: Iterable[UUID], *, at: datetime) -> dict[UUID, float]:
    """Give what things say, by their keys; those that are not believed are left out."""
    rows = State.objects.filter(known(at), pk__in=list(things)).order_by()
    return dict(rows.values_list("pk", "value"))
