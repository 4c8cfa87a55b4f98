"""Discs of days gone by, taken in together: by the same rules as one by one, in one event."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from communs.core.journal.actions import action, nothing_done, record
from communs.services.delivery.engine import codes, terms
from communs.services.delivery.enums import Errand
from communs.services.delivery.models import Bay, Ticket, Turning
from communs.services.delivery.options import DeliveryOptions
from communs.services.delivery.queries.bays import rules_between
from communs.services.delivery.queries.stops import secret_digest

_SECRET_BYTES = 16
_NUMBER_LENGTH = 6
_AT_ONCE = 1_000


class Stop(NamedTuple):
    """Somebody who came to a bay; `left` is None where nobody said when."""

    bay: UUID
    vehicle: str
    came: datetime
    left: datetime | None


class Kept(NamedTuple):
    """How many discs there are now, and how many drivers were turned away."""

    discs: int
    turned: int


@action("delivery.history_kept")
def keep_history(*, stops: Iterable[Stop], options: DeliveryOptions, by: Any) -> Kept:
    """Keep discs of bays that had none at those times; who would have been refused is counted."""
    by_bay: dict[UUID, list[Stop]] = defaultdict(list)
    for stop in stops:
        by_bay[stop.bay].append(stop)
    if not by_bay:
        nothing_done()
        return Kept(0, 0)
    times = [stop.came for found in by_bay.values() for stop in found]
    rules = rules_between(list(by_bay), min(times), max(times))
    rows: list[Ticket | Turning] = []
    for bay in Bay.objects.filter(pk__in=by_bay):
        came = sorted(by_bay[bay.pk], key=lambda stop: stop.came)
        rows += _served(bay, came, rules[bay.pk], options)
    discs = [row for row in rows if isinstance(row, Ticket)]
    turned = [row for row in rows if isinstance(row, Turning)]
    for number, disc in zip(_numbers(len(discs)), discs, strict=True):
        disc.number = number
    Ticket.objects.bulk_create(discs, batch_size=_AT_ONCE)
    Turning.objects.bulk_create(turned, batch_size=_AT_ONCE)
    record("delivery.ticket", discs=len(discs), turned=len(turned))
    return Kept(len(discs), len(turned))


def _served(
    bay: Bay, stops: Sequence[Stop], rules: list[terms.Rule], options: DeliveryOptions
) -> Iterator[Ticket | Turning]:
    """Give what becomes of those who come to one bay, one after the other."""
    until: list[datetime] = []
    for stop in stops:
        until = [end for end in until if end > stop.came]
        rule = terms.in_force(rules, stop.came, stop.vehicle)
        loads = rule is not None and rule.activity == terms.LOADING
        if rule is None or not loads or len(until) >= bay.spaces:
            yield Turning(bay=bay, at=stop.came, full=loads)
            continue
        minutes = rule.most_minutes or options.disc_minutes
        end = terms.last_moment(rules, stop.came, minutes, stop.vehicle)
        until.append(end if stop.left is None else min(end, stop.left))
        yield Ticket(
            bay=bay,
            digest=secret_digest(secrets.token_urlsafe(_SECRET_BYTES)),
            vehicle=stop.vehicle,
            purpose=Errand.DELIVERY,
            started_at=stop.came,
            allowed_until=end,
            ended_at=stop.left,
        )


def _numbers(count: int) -> list[str]:
    """Draw numbers that no disc has."""
    taken = set(Ticket.objects.values_list("number", flat=True))
    found: set[str] = set()
    while len(found) < count:
        missing = range(count - len(found))
        found |= {codes.drawn(_NUMBER_LENGTH) for _each in missing} - taken
    return sorted(found)
