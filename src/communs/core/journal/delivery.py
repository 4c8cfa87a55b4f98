"""The outbox: every event reaches its listeners, at least once, in its community's order.

An event without a position is one that nobody has heard of. One transaction gives positions,
tells the listeners, and keeps what they wrote: killed half-way, nothing of it happened, and it
all happens again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.jobs.worker import pulse
from communs.core.journal import chain
from communs.core.journal.enums import Delivery
from communs.core.journal.listeners import Listener, listening_to, named, path_of
from communs.core.journal.models import Event, Undelivered

log = logging.getLogger(__name__)

BATCH = 500
ATTEMPTS = 8
_PAUSE = timedelta(seconds=10)


@pulse
def deliver(at: datetime) -> int:
    """Deliver new events, then what failed before and is due; give how many."""
    return _new(at) + _failed(at)


def _new(at: datetime) -> int:
    with across("which communities have events that nobody heard of"):
        waiting = Event.everywhere.filter(position=None).order_by()
        keys = list(waiting.values_list("community", flat=True).distinct())
    told = 0
    for community in Community.objects.filter(pk__in=keys):
        with within(community):
            here = deliver_here(at=at)
        log.info("%d events delivered in %s", here, community.slug)
        told += here
    return told


def deliver_here(*, at: datetime, limit: int = BATCH) -> int:
    """Deliver up to `limit` new events of the community in force; give how many.

    All listeners share one transaction; only if one fails is each given its own part of it.
    """
    try:
        with transaction.atomic():
            return _tell_all(limit)
    except Exception:  # noqa: BLE001 -- whichever listener it was, the next try finds out
        with transaction.atomic():
            return _tell_carefully(at, limit)


def _tell_all(limit: int) -> int:
    held = chain.hold()
    events = chain.link(held, limit=limit) if held else []
    for event in events:
        for listener in listening_to(event):
            listener(event)
    return len(events)


def _tell_carefully(at: datetime, limit: int) -> int:
    held = chain.hold()
    events = chain.link(held, limit=limit) if held else []
    for event in events:
        for listener in listening_to(event):
            reason = _reason_of_failure(listener, event)
            if reason:
                Undelivered.objects.create(
                    event=event, listener=path_of(listener), due_at=at + _PAUSE, reason=reason
                )
    return len(events)


def _failed(at: datetime) -> int:
    with across("which listeners are to be tried again"):
        due = Undelivered.everywhere.filter(state=Delivery.WAITING, due_at__lte=at)
        rows = list(due.select_related("community")[:BATCH])
    for row in rows:
        with within(row.community), transaction.atomic():
            _try_again(row, at)
    return len(rows)


def _try_again(row: Undelivered, at: datetime) -> None:
    mine = Undelivered.objects.filter(pk=row.pk, attempts=row.attempts, state=Delivery.WAITING)
    # Moved on first: only one worker can, and it keeps the others off while the listener works.
    if not mine.update(attempts=row.attempts + 1, due_at=at + _PAUSE * 2**row.attempts):
        return
    mine = Undelivered.objects.filter(pk=row.pk)
    listener = named(row.listener)
    reason = (
        _reason_of_failure(listener, Event.objects.get(pk=row.event_id))
        if listener
        else f"There is no listener {row.listener}."
    )
    if not reason:
        mine.delete()
    elif row.attempts + 1 >= ATTEMPTS or listener is None:
        log.error("event %s given up for %s", row.event_id, row.listener)
        mine.update(state=Delivery.DEAD, reason=reason)
    else:
        mine.update(reason=reason)


def _reason_of_failure(listener: Listener, event: Event) -> str:
    try:
        with transaction.atomic():
            listener(event)
    except Exception as error:  # noqa: BLE001 -- whatever a listener raises is its answer
        return f"{type(error).__name__}: {error}"[:2000]
    return ""
