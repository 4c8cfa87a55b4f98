"""How spaces were used is worked out from what sensors said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.services.parking.engine import stays as engine
from communs.services.parking.models import PlaceDay, Stay
from communs.services.parking.queries.histories import Told, histories

MOST_DAYS = 31  # at once: what sensors said of longer does not fit in memory


@action("parking.use_worked_out")
def work_out_use(*, first: date, last: date, at: datetime, by: Any) -> int:
    """Work out stays and days of places from observations, again if need be; give how many days.

    What was made up for a demonstration stays. The same observations give the same rows.
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not 0 < len(days) <= MOST_DAYS:
        raise Refused(_("Choose at most %(n)s days.") % {"n": MOST_DAYS}, field="first")
    made_up = set(_held(first, last, demonstration=True).values_list("day", flat=True))
    wanted = [day for day in days if day not in made_up]
    _held(first, last).filter(day__in=wanted).delete()
    Stay.objects.filter(day__in=wanted).delete()
    told = histories(first, last, at) if wanted else {}
    stays = [row for one in told.values() for row in _stays(one, frozenset(wanted))]
    Stay.objects.bulk_create(stays, batch_size=500)
    rows = [_day(key, one, day) for key, one in told.items() for day in wanted]
    PlaceDay.objects.bulk_create(rows, batch_size=200)
    if rows:
        record("parking:use", first=str(first), last=str(last), days=len(rows), stays=len(stays))
    else:
        nothing_done()
    return len(rows)


def _held(first: date, last: date, **where: Any) -> Any:
    return PlaceDay.objects.filter(day__range=(first, last), **where).order_by()


def _stays(told: Told, days: frozenset[date]) -> Iterator[Stay]:
    for space, known in told.known.items():
        for stay in engine.stays(known):
            day = engine.day_of(stay.since)
            if day in days:
                yield Stay(
                    space_id=space, day=day, since=stay.since, until=stay.until,
                    begins_known=stay.begins_known, ends_known=stay.ends_known,
                )  # fmt: skip


def _day(key: UUID, told: Told, day: date) -> PlaceDay:
    clock = engine.hours_of(day)
    length = (clock[-1].ends - clock[0].begins) // 1000
    hours = engine.nothing()
    arrivals, dwells = 0, []
    for known in told.known.values():
        engine.add_to(hours, known, clock)
        for stay in engine.stays(known):
            if stay.begins_known and clock[0].begins <= stay.since < clock[-1].ends:
                arrivals += 1
                dwells += [round((stay.until - stay.since) / 60_000)] if stay.ends_known else []
    return PlaceDay(
        **{"site_id" if told.is_site else "segment_id": key},
        day=day, spaces=told.spaces, possible=told.spaces * length, hours=hours,
        arrivals=arrivals, dwells=sorted(dwells),
    )  # fmt: skip
