"""How long events stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from communs.core.journal.models import Event, Seal


def let_go(*, at: datetime) -> int:
    """Delete the events whose time is over, up to a seal: what stays can still be checked."""
    limit = at - timedelta(days=Event.keep_days)
    kept = Event.objects.filter(at__gt=limit).exclude(position=None).order_by("position")
    first = kept.values_list("position", flat=True).first()
    seals = Seal.objects.filter(at__lte=limit)
    last = (seals.filter(position__lt=first) if first else seals).order_by("position").last()
    if last is None:
        return 0
    return Event.objects.filter(position__lte=last.position, at__lte=limit).delete()[0]
