"""What comes back by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from django.utils import timezone
from django_tasks import task

from communs.core.access.enums import Role
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import across, current
from communs.core.jobs.timetable import every
from communs.core.notifications.actions import Link, notify
from communs.core.notifications.queries import holders
from communs.core.registry import queries as registry
from communs.services.parking import actions, queries
from communs.services.parking.models import Space, Stay
from communs.services.parking.options import ParkingOptions

_ANEW = 2  # days before yesterday worked out again: stays over a night end, late readings come
_KEPT = timedelta(days=400)  # for how long stays are kept one by one
_MOST = 50  # told at a time: where more last too long, a rule is wrong rather than people


@task()
def tell_wardens() -> int:
    """Tell agents of each stay that lasts too long, once; give how many notices were made."""
    at, options = timezone.now(), _options()
    if options is None or not options.tell_wardens:
        return 0
    wardens = list(holders(Role.AGENT, on=timezone.localdate()))
    return sum(
        len(
            notify(
                notice="parking.overstay",
                people=wardens,
                subject=late.space,
                once=f"{late.space.pk}:{late.since_ms}",
                data={
                    "code": late.space.code,
                    "place": str(queries.place_of(late.space)),
                    "number": late.space.number,
                },
                link=Link(current(), "parking:answer_overstay", (late.space.code, late.since_ms)),
                at=at,
            )
        )
        for late in queries.overstays(at, options)[:_MOST]
    )


@task()
def work_out_use() -> int:
    """Work out how spaces were used yesterday, and how the two days before went on."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Stay.objects.filter(day__lt=yesterday - _KEPT).delete()  # what days add up to is kept
    return actions.work_out_use(
        first=yesterday - timedelta(days=_ANEW), last=yesterday, at=timezone.now(), by=None
    )


@task()
def work_out_outlooks() -> int:
    """Work out what to expect of places today; give how many."""
    return actions.work_out_outlooks(on=timezone.localdate(), by=None)


def _options() -> ParkingOptions | None:
    """Give what the commune set, or None where parking is off."""
    metropolis = Community.objects.get(kind=Kind.METROPOLIS)
    running, _metropolitan = registry.running(current(), metropolis, on=timezone.localdate())
    here = running.get("parking")
    return cast(ParkingOptions, here.options) if here and here.on else None


def _with_sensors() -> Iterable[Community]:
    """Give the communities where a space has a sensor: elsewhere nobody knows of a stay."""
    with across("the timetable asks where parking spaces have sensors"):
        rows = Space.everywhere.filter(thing__isnull=False).order_by()
        keys = list(rows.values_list("community_id", flat=True).distinct())
    return Community.objects.filter(pk__in=keys)


every("*/5 * * * *", tell_wardens, where=_with_sensors)
every("50 1 * * *", work_out_use, where=_with_sensors)
every("15 3 * * *", work_out_outlooks, where=_with_sensors)
