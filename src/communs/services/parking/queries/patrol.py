"""What a warden has to look at: stays that last too long, sensors that are not believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from communs.core.sensing.enums import Doubt
from communs.core.sensing.queries import doubt
from communs.services.parking.engine import regulations as engine
from communs.services.parking.enums import SpaceKind
from communs.services.parking.models import Overstay, Space
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.availability import moment, spaces
from communs.services.parking.queries.book import BADGES_OF, book, law_for
from communs.services.parking.queries.places import place_of


@dataclass(frozen=True, slots=True)
class Late:
    """A space that has been taken for longer than is allowed there."""

    space: Space
    since: datetime
    since_ms: int
    had_to_leave: datetime
    over: timedelta


@dataclass(frozen=True, slots=True)
class Doubted:
    """A space whose sensor is not believed, and why."""

    space: Space
    why: Doubt
    heard: datetime | None


def overstays(at: datetime, options: ParkingOptions, code: str = "") -> list[Late]:
    """Give the stays that last too long, the oldest first; those that were answered are left out.

    A card or a permit cannot be seen by a sensor: a space reserved for some is supposed to be
    used by them. With a code, of that space alone. Four queries.
    """
    rules, patience = book(), timedelta(minutes=options.grace_minutes)
    answered = set(Overstay.objects.order_by().values_list("space", "since"))
    rows = spaces(at).filter(said__gt=0, since__isnull=False)
    rows = rows.filter(code=code.upper()) if code else rows
    found = []
    for row in rows.select_related("segment__zone", "site__zone"):
        since = moment(row.since)
        if since is None or (row.pk, row.since) in answered:
            continue
        place, badges = place_of(row), BADGES_OF.get(SpaceKind(row.kind), frozenset())
        left = engine.leave_by(
            rules.rules(place, row.kind),
            since=since,
            before=at,
            badges=badges,
            law=law_for(place, options),
        )
        if left is not None and left + patience <= at:
            found.append(Late(row, since, row.since, left, at - left))
    return sorted(found, key=lambda late: late.had_to_leave)


def late(code: str, since: int, at: datetime, options: ParkingOptions) -> Late | None:
    """Give one stay that lasts too long, or None when there is none such any more."""
    held = overstays(at, options, code)
    return next((one for one in held if one.since_ms == since), None)


def doubtful(at: datetime) -> list[Doubted]:
    """Give the spaces whose sensor is silent, stuck, flapping or often wrong, by street."""
    rows = spaces(at).filter(thing__isnull=False, said__isnull=True)
    rows = rows.select_related("segment", "site", "thing").prefetch_related("thing__states")
    found = []
    for row in rows.order_by("segment__street", "site__name", "number", "code"):
        state = next(iter(row.thing.states.all()), None) if row.thing else None
        why = Doubt.NEVER if state is None else doubt(state, at)
        if why != Doubt.NONE:
            found.append(Doubted(row, why, moment(state.heard if state else None)))
    return found


def without_sensor() -> int:
    """Count the spaces in service that have no sensor."""
    return Space.objects.filter(in_service=True, thing__isnull=True).count()
