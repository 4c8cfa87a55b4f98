"""Bays, what applies there, and whether there is room: known, or unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from communs.core.communities.owned import OwnedQuerySet
from communs.core.kit.text import fold
from communs.core.kit.timespans import TimeSpan
from communs.core.sensing.enums import Property
from communs.core.sensing.models import State
from communs.core.sensing.queries import known
from communs.services.delivery.engine import terms
from communs.services.delivery.engine.nearby import metres
from communs.services.delivery.enums import BookingState, Presence
from communs.services.delivery.models import Bay, Booking, Placement, Policy, Template, Ticket

AHEAD = timedelta(days=terms.AHEAD + 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A bay at an instant: how many spaces are free, as far as is known.

    `seen` is how many are taken as its sensor says, None where no sensor may be believed.
    """

    bay: Bay
    presence: Presence
    free: int | None
    seen: int | None
    discs: int
    booked: int
    rules: Sequence[terms.Rule]
    rule: terms.Rule | None


def bays(*, on: date, q: str = "") -> OwnedQuerySet:
    """Give the bays of a day, those whose street or name has the words alone."""
    rows = Bay.objects.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on)
    sought = fold(q)
    if not sought:
        return rows
    texts = rows.values_list("pk", "street", "name", "code")
    found = [pk for pk, *parts in texts if sought in fold(" ".join(parts))]
    return rows.filter(pk__in=found)


def all_bays() -> OwnedQuerySet:
    """Give every bay, closed ones included."""
    return Bay.objects.select_related("thing")


def all_policies() -> OwnedQuerySet:
    """Give every version of every rule, with the number of its bays, the newest first."""
    return Policy.objects.annotate(bay_count=Count("placements")).order_by("name", "-version")


def templates() -> OwnedQuerySet:
    """Give the usual rules."""
    return Template.objects.all()


def bay(code: str, *, on: date) -> Bay | None:
    """Give the bay of a code, or None when this community has none that day."""
    return bays(on=on).filter(code=code).first()


def rule_of(policy: Policy) -> terms.Rule:
    """Give a policy as the engine reads it."""
    span = TimeSpan(
        days=frozenset(map(int, policy.days)),
        begins=policy.begins,
        ends=policy.ends,
        since=policy.since,
        until=policy.until,
        holidays=policy.holidays,
    )
    return terms.Rule(
        key=policy.pk,
        name=policy.name,
        span=span,
        activity=policy.activity,
        vehicles=frozenset(policy.vehicles),
        most_minutes=policy.most_minutes,
        no_return_minutes=policy.no_return_minutes,
        extension_minutes=policy.extension_minutes,
        priority=policy.priority,
    )


def policies_at(bay: Bay, at: datetime) -> list[Policy]:
    """Give what applied in a bay on the day of an instant, past or to come."""
    return _policies([bay.pk], at, ahead=timedelta())[bay.pk]


def rules_of(bay: Bay, at: datetime) -> list[terms.Rule]:
    """Give the rules of a bay for the two weeks from an instant on."""
    return [rule_of(policy) for policy in _policies([bay.pk], at, ahead=AHEAD)[bay.pk]]


def rules_between(
    keys: Sequence[UUID], first: datetime, last: datetime
) -> Mapping[UUID, list[terms.Rule]]:
    """Give, by bay, the rules of all the days from an instant to another, in one query."""
    found = _policies(keys, first, ahead=last - first + AHEAD)
    return {key: [rule_of(policy) for policy in found[key]] for key in keys}


def standing(bay: Bay, *, at: datetime) -> Standing:
    """Give how a bay stands."""
    return standings([bay], at=at)[0]


def standings(found: Iterable[Bay], *, at: datetime) -> list[Standing]:
    """Give how bays stand, in their order, in four queries whatever their number."""
    rows = list(found)
    keys = [row.pk for row in rows]
    policies = _policies(keys, at, ahead=AHEAD)
    discs = _counted(Ticket.objects.filter(in_force(at), bay__in=keys))
    kept = Booking.objects.filter(waiting(at), bay__in=keys, begins_at__lte=at, ends_at__gt=at)
    booked, said = _counted(kept), _said(rows, at)
    return [
        _stands(
            row,
            [rule_of(policy) for policy in policies[row.pk]],
            (discs[row.pk], booked[row.pk], said.get(row.pk)),
            at,
        )
        for row in rows
    ]


def in_force(at: datetime) -> Q:
    """Give the condition under which a disc counts at an instant."""
    return Q(started_at__lte=at, allowed_until__gt=at) & (
        Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    )


def waiting(at: datetime) -> Q:
    """Give the condition under which a booking keeps a space: made, and not late by more."""
    return Q(state=BookingState.BOOKED, released_from__gt=at)


def nearest(bay: Bay, *, at: datetime, most: int = 2) -> list[tuple[Standing, int]]:
    """Give the nearest other bays where one may unload and that are not known full, in metres."""
    if bay.lat is None or bay.lon is None:
        return []
    others = bays(on=terms.day_of(at)).filter(lat__isnull=False).exclude(pk=bay.pk)
    open_ones = [
        (one, _away(bay, one.bay))
        for one in standings(others, at=at)
        if one.presence in {Presence.FREE, Presence.UNKNOWN}
        and one.rule is not None
        and one.rule.activity == terms.LOADING
    ]
    return sorted(open_ones, key=lambda pair: pair[1])[:most]


def _away(bay: Bay, other: Bay) -> int:
    places = (bay.lat, bay.lon, other.lat, other.lon)
    return round(metres(*(place or 0.0 for place in places)))


def _policies(
    keys: Sequence[UUID], at: datetime, *, ahead: timedelta
) -> Mapping[UUID, list[Policy]]:
    """Give, by bay, the policies of the days from an instant on; the night before counts too."""
    day = terms.day_of(at)
    rows = Placement.objects.filter(bay__in=keys, policy__since__lte=day + ahead)
    rows = rows.filter(Q(policy__until__isnull=True) | Q(policy__until__gte=day - _night(ahead)))
    found: dict[UUID, list[Policy]] = defaultdict(list)
    for row in rows.select_related("policy").order_by("policy__priority", "policy__name"):
        found[row.bay_id].append(row.policy)
    return found


def _night(ahead: timedelta) -> timedelta:
    return _DAY if ahead else timedelta()


def _counted(rows: Any) -> Counter[UUID]:
    return Counter(rows.order_by().values_list("bay_id", flat=True))


def _said(rows: Sequence[Bay], at: datetime) -> dict[UUID, int | None]:
    """Give, by bay, how many spaces its sensor says are taken, where it may be believed."""
    by_thing = {row.thing_id: row for row in rows if row.thing_id}
    states = State.objects.filter(known(at), thing__in=by_thing).order_by()
    said = states.values_list("thing_id", "value", "thing__property")
    return {by_thing[key].pk: _taken(by_thing[key], value, what) for key, value, what in said}


def _taken(bay: Bay, value: float, measured: str) -> int | None:
    """Give the spaces taken; one vehicle seen somewhere in a long bay does not say how many."""
    if measured == Property.FREE:
        return max(0, bay.spaces - round(value))
    if measured != Property.PRESENCE:
        return None
    if not value:
        return 0
    return 1 if bay.spaces == 1 else None


def _stands(
    bay: Bay,
    rules: Sequence[terms.Rule],
    counts: tuple[int, int, int | None],
    at: datetime,
) -> Standing:
    discs, booked, seen = counts
    rule = terms.in_force(rules, at)
    presence = _presence(bay.spaces, discs, booked, seen)
    free = None
    if seen is not None:
        free = max(0, bay.spaces - max(discs, seen) - booked)
    elif presence != Presence.UNKNOWN:
        free = 0
    return Standing(bay, presence, free, seen, discs, booked, rules, rule)


def _presence(spaces: int, discs: int, booked: int, seen: int | None) -> Presence:
    """Tell whether there is room; no disc is no proof that a bay is free."""
    taken = max(discs, seen or 0)
    if taken >= spaces:
        return Presence.TAKEN
    if taken + booked >= spaces:
        return Presence.BOOKED
    return Presence.UNKNOWN if seen is None else Presence.FREE
