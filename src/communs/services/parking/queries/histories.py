"""What sensors said of spaces, as stretches of time in which it may be believed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from communs.core.sensing.engine.states import Limits, Said
from communs.core.sensing.models import Observation
from communs.core.sensing.queries import milliseconds
from communs.services.parking.engine import stays as engine
from communs.services.parking.models import Space

BACK = 4 * 86_400_000  # at most: what was said longer ago tells nothing of these days
AHEAD = 2 * 86_400_000  # after the last day: until when its stays are followed


@dataclass(slots=True)
class Told:
    """The spaces in service of a place: how many, and what is known of each that has a sensor."""

    is_site: bool
    spaces: int = 0
    known: dict[UUID, list[engine.Stretch]] = field(default_factory=dict)


def histories(first: date, last: date, at: datetime) -> dict[UUID, Told]:
    """Give what is known of every place's spaces on some days, from observations; two queries.

    Spaces and sensors are those of now: where they were then is not kept.
    """
    begins, ends = engine.bounds(first, last)
    until = min(ends + AHEAD, milliseconds(at))
    rows = list(_spaces())
    said = _said({number: limits for *_place, number, limits in rows if number}, begins, until)
    found: dict[UUID, Told] = {}
    for place, is_site, pk, number, limits in rows:
        told = found.setdefault(place, Told(is_site))
        told.spaces += 1
        if number is not None:
            told.known[pk] = engine.stretches(said[number], limits, until=until)
    return found


def _spaces() -> Iterator[tuple[UUID, bool, UUID, int | None, Limits]]:
    source = "thing__source__"
    rows = Space.objects.filter(in_service=True).order_by().values_list(
        "pk", "segment", "site", "thing__number",
        f"{source}silent_after", f"{source}stuck_after", f"{source}flips_most",
    )  # fmt: skip
    for pk, segment, site, number, silent, stuck, flips in rows:
        patience = (silent or 0) * 1000, None if stuck is None else stuck * 1000
        yield site or segment, site is not None, pk, number, Limits(*patience, flips or 0)


def _said(patience: dict[int, Limits], begins: int, until: int) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    if not patience:
        return found
    longest = max(max(limits.silent_after, limits.stuck_after or 0) for limits in patience.values())
    since = begins - min(longest, BACK)
    rows = Observation.objects.filter(at__gte=since, at__lt=until).order_by()
    for number, at, sequence, value in rows.values_list("thing", "at", "sequence", "value"):
        if number in patience:
            found[number].append(Said(at, sequence, value))
    return found
