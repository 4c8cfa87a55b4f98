"""Carriers' addresses: set, tried, stopped; and what they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from communs.core.jobs.backend import declared, discover
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.delivery.engine import calling, terms
from communs.services.delivery.enums import CallState, Trouble
from communs.services.delivery.models import URL_LENGTH, Call, Carrier, Hook
from communs.services.delivery.queries.calls import TEST, hooks, sealed

ATTEMPTS = 10  # of one call, over about four hours
MOST_LOST = 3  # calls given up one after the other, after which an address is called no more
_TELL = "communs.services.delivery.jobs.tell"  # by its path: jobs stand above actions


class HookSet(NamedTuple):
    """A carrier's address, and the secret that signs calls to it: it is told once."""

    hook: Hook
    secret: str


@action("delivery.hook_set")
def set_hook(*, carrier: Carrier, url: str, by: Any) -> HookSet:
    """Call a carrier's address from now on, in place of the one before; its secret is new."""
    line = url.strip()
    reason = calling.unfit(line) if len(line) <= URL_LENGTH else Trouble.UNREADABLE
    if reason:
        raise Refused(Trouble(reason).label, field="url")
    secret = calling.new_secret()
    said = {"url": line, "secret": sealed(secret), "lost": 0, "stopped_at": None}
    hook, _new = Hook.objects.update_or_create(carrier=carrier, defaults=said | {"stopped_for": ""})
    record(hook, carrier=carrier.name, host=calling.host_of(line))
    return HookSet(hook, secret)


@action("delivery.hook_removed")
def remove_hook(*, hook: Hook, by: Any) -> None:
    """Call a carrier no more, and forget what it was told."""
    record(hook, carrier=hook.carrier.name)
    hook.delete()


@action("delivery.hook_resumed")
def resume_hook(*, hook: Hook, by: Any) -> None:
    """Call an address again, beginning with what waited when it was stopped."""
    if hook.stopped_at is None:
        raise Refused(_("This address is being called already."))
    hook.lost, hook.stopped_at, hook.stopped_for = 0, None, ""
    hook.save(update_fields=["lost", "stopped_at", "stopped_for"])
    waiting = Call.objects.filter(hook=hook, state=CallState.WAITING).exclude(kind=TEST)
    for key in waiting.order_by("at").values_list("pk", flat=True):
        _enqueue(key)
    record(hook, carrier=hook.carrier.name)


@action("delivery.hook_tested")
def try_hook(*, hook: Hook, at: datetime, by: Any) -> Call:
    """Call an address to see whether it answers."""
    about = f"{TEST}:{uuid4()}"
    row = Call.objects.create(hook=hook, kind=TEST, about=about, data={}, at=at)
    _enqueue(row.pk)
    record(hook, carrier=hook.carrier.name)
    return row


@action("delivery.carriers_told")
def tell_carriers(
    *,
    kind: str,
    carriers: Iterable[UUID] | None,
    about: str,
    data: Mapping[str, Any],
    at: datetime,
    by: Any,
) -> int:
    """Have those carriers that gave an address called, or all of them; told twice, it is once."""
    rows = hooks(on=terms.day_of(at))
    found = rows if carriers is None else rows.filter(carrier__in=list(carriers))
    made = [
        Call.objects.get_or_create(
            hook=hook, about=about, defaults={"kind": kind, "data": dict(data), "at": at}
        )
        for hook in found
    ]
    new = [call for call, is_new in made if is_new]
    for call in new:
        _enqueue(call.pk)
    if new:
        record("delivery.call", kind=kind, count=len(new))
    else:
        nothing_done()
    return len(new)


@action("delivery.hook_stopped")
def keep_answer(*, call: Call, status: int | None, reason: str, at: datetime, by: Any) -> CallState:
    """Keep what came of a call; calls that are lost one after the other stop the address.

    The journal hears of a stop alone: the table of calls is their log.
    """
    hook = Hook.objects.select_for_update().get(pk=call.hook_id)
    call.attempts += 1
    call.status, call.reason = status, reason
    call.state = _state(call, reason)
    call.ended_at = None if call.state == CallState.WAITING else at
    call.save(update_fields=["attempts", "status", "reason", "state", "ended_at"])
    if call.kind != TEST:
        _count(hook, call, at)
    stops = call.kind != TEST and hook.stopped_at == at
    if stops:
        record(hook, carrier=hook.carrier.name, reason=hook.stopped_for)
    else:
        nothing_done()
    return CallState(call.state)


@action("delivery.calls_forgotten")
def forget_calls(*, before: datetime, by: Any) -> int:
    """Erase the log of calls that were made before an instant."""
    gone, _tables = Call.objects.filter(at__lt=before).delete()
    if gone:
        record("delivery.call", count=gone)
    else:
        nothing_done()
    return int(gone)


def _state(call: Call, reason: str) -> CallState:
    if not reason:
        return CallState.TOLD
    is_last = call.attempts >= ATTEMPTS or call.kind == TEST
    return CallState.LOST if is_last or reason in _FOR_GOOD else CallState.WAITING


_FOR_GOOD = {Trouble.GONE, Trouble.SECRET}


def _count(hook: Hook, call: Call, at: datetime) -> None:
    """Count calls lost in a row, and stop where they are too many or nothing helps."""
    if call.state == CallState.WAITING:
        return
    hook.lost = 0 if call.state == CallState.TOLD else hook.lost + 1
    if hook.stopped_at is None and (hook.lost >= MOST_LOST or call.reason in _FOR_GOOD):
        hook.stopped_at, hook.stopped_for = at, call.reason
    hook.save(update_fields=["lost", "stopped_at", "stopped_for"])


def _enqueue(key: UUID) -> None:
    discover()
    declared[_TELL].enqueue(str(key))
