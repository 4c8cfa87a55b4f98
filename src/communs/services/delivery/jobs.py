"""What comes back by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import across, current
from communs.core.jobs.timetable import every
from communs.core.registry import queries as registry
from communs.services.delivery import actions, queries
from communs.services.delivery.engine.calling import Caller
from communs.services.delivery.enums import CallState, Trouble
from communs.services.delivery.models import Bay
from communs.services.delivery.options import DeliveryOptions

CALLER = Caller()
_LOG_LASTS = timedelta(days=30)


class NotReceived(Exception):
    """A call that somebody will make again."""


@task(attempts=actions.ATTEMPTS, pause=timedelta(seconds=30))
def tell(key: str) -> str:
    """Call a carrier's address; where it does not answer, the queue does it again."""
    call = queries.call_to_make(UUID(key))
    if call is None:
        return ""
    message = queries.message_of(call, at=timezone.now())
    status, reason = None, str(Trouble.SECRET)
    if message is not None:
        answer = CALLER.post(call.hook.url, *message)
        status, reason = answer.status, answer.reason
    state = actions.keep_answer(call=call, status=status, reason=reason, at=timezone.now(), by=None)
    if state == CallState.WAITING:
        raise NotReceived(reason)
    return state.value


@task()
def forget_calls() -> int:
    """Erase the log of calls after a month."""
    return actions.forget_calls(before=timezone.now() - _LOG_LASTS, by=None)


@task()
def forget_plates() -> int:
    """Erase the prints of plates once the delay of the settings is over."""
    before = timezone.now() - timedelta(hours=_options().plate_hours)
    return actions.forget_plates(before=before, by=None)


@task()
def give_back() -> int:
    """Give back the booked spaces of those who did not come in time."""
    return actions.release_due(at=timezone.now(), by=None)


@task()
def make_visits_out() -> int:
    """Make out yesterday's stops; and those of the day before, whose ends are now known."""
    today = timezone.localdate()
    grace = timedelta(minutes=_options().grace_minutes)
    days = (today - timedelta(days=2), today - timedelta(days=1))
    return sum(actions.make_visits(day=day, grace=grace, by=None) for day in days)


def _options() -> DeliveryOptions:
    metropolis = Community.objects.get(kind=Kind.METROPOLIS)
    running, _metropolitan = registry.running(current(), metropolis, on=timezone.localdate())
    return cast(DeliveryOptions, running["delivery"].options)


def _with_service() -> Iterable[Community]:
    """Give the communities that have bays: the others have nothing to make out."""
    with across("the timetable asks where there are delivery bays"):
        keys = list(Bay.everywhere.order_by().values_list("community_id", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


every("5 * * * *", forget_plates, where=_with_service)
every("50 3 * * *", forget_calls, where=_with_service)
every("*/2 * * * *", give_back, where=_with_service)
every("40 1 * * *", make_visits_out, where=_with_service)
