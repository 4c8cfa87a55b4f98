"""What was known on a day at eleven, when streets are full: for the indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from communs.core.kit.timespans import PARIS
from communs.core.sensing.models import Observation
from communs.core.sensing.queries import milliseconds
from communs.services.parking.models import Space

ELEVEN = time(11)


@dataclass(frozen=True, slots=True)
class Morning:
    """Spaces in service on a day at eleven: how many were heard of in the hour, known, taken."""

    spaces: int
    heard: int
    known: int
    taken: int


def morning(on: date) -> Morning:
    """Read what sensors had said by eleven; a longer silence than its source bears is unknown.

    Spaces and sensors are those of now: where they were that day is not kept.
    """
    at = datetime.combine(on, ELEVEN, PARIS)
    rows = Space.objects.filter(in_service=True).order_by()
    total = rows.count()
    heard_of = rows.filter(thing__isnull=False)
    patience = dict(heard_of.values_list("thing__number", "thing__source__silent_after"))
    latest = _latest(patience, at)
    now, hour_ago = milliseconds(at), milliseconds(at - timedelta(hours=1))
    known = {
        number: value
        for number, (heard, value) in latest.items()
        if heard > now - patience[number] * 1000
    }
    return Morning(
        spaces=total,
        heard=sum(heard >= hour_ago for heard, _value in latest.values()),
        known=len(known),
        taken=sum(value > 0 for value in known.values()),
    )


def _latest(patience: dict[int, int], at: datetime) -> dict[int, tuple[int, float]]:
    """Give what each sensor said last before an instant, within a day at most."""
    if not patience:
        return {}
    back = timedelta(seconds=min(max(patience.values()), 86_400))
    said = Observation.objects.filter(
        thing__in=list(patience),
        at__gt=milliseconds(at - back),
        at__lte=milliseconds(at),
    )
    ordered = said.order_by("at", "sequence").values_list("thing", "at", "value")
    return {number: (heard, value) for number, heard, value in ordered}
