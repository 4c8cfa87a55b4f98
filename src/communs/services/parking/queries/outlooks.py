"""What the weeks before say of the hours to come, and how far that was right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from communs.core.kit.timespans import PARIS
from communs.services.parking.engine import chances, forecasting
from communs.services.parking.models import Outlook, Segment, Site
from communs.services.parking.queries.availability import Place
from communs.services.parking.queries.uses import kept, where_of

_READ = timedelta(weeks=chances.WEEKS, days=2 * chances.JUDGED)


@dataclass(frozen=True, slots=True)
class Expected:
    """A place with its chance of a free space at an hour of the week; None is unknown."""

    place: Place
    chance: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was worked out of a place, or of all places together: there, scores alone."""

    key: Any
    is_site: bool
    chances: list[list[float | None]]
    ahead: list[float | None]


def expected(at: datetime) -> list[Expected]:
    """Give every place that has an outlook, with the chance of this hour, the best first."""
    local = at.astimezone(PARIS)
    rows = Outlook.objects.exclude(segment=None, site=None)
    found = [
        Expected(row.segment or row.site, row.chances[local.weekday()][local.hour])
        for row in rows.select_related("segment", "site")
    ]
    return sorted(found, key=lambda one: (-(one.chance or -1), str(one.place)))


def outlook(place: Place | None) -> Outlook | None:
    """Give what is expected of a place; of none, the scores."""
    where: dict[str, Any] = where_of(place) if place else {"segment": None, "site": None}
    return Outlook.objects.filter(**where).first()


def work_out(on: date) -> tuple[list[Found], dict[str, Any], bool]:
    """Work out outlooks for a day from the days before it, with their scores; three queries."""
    cells: dict[str, dict[date, Any]] = {}
    shares: dict[str, dict[date, Any]] = {}
    made_up = False
    for one in kept(on - _READ, on - timedelta(days=1)):
        key = str(one.place)
        cells.setdefault(key, {})[one.on] = [(hour[2], hour[3]) for hour in one.day.hours]
        shares.setdefault(key, {})[one.on] = [
            hour[1] / hour[0] if hour[0] else None for hour in one.day.hours
        ]
        made_up |= one.demonstration
    first = on - timedelta(days=chances.JUDGED)
    precision = chances.best_precision(cells, first)
    told = chances.judged(chances.pairs(chances.cases(cells, first, chances.JUDGED), precision))
    errors = forecasting.judged(shares, first, chances.JUDGED)
    ahead = forecasting.forecast if errors and errors.better else forecasting.plain
    memory = chances.remembered(cells, on)
    found = [
        Found(pk, is_site, _week(memory, str(pk), spaces, precision), ahead(shares[str(pk)], on))
        for pk, is_site, spaces in _places()
        if str(pk) in cells
    ]
    return found, _scores(told, errors), made_up


def _places() -> Iterator[tuple[Any, bool, int]]:
    """Give places with the number of their spaces in service."""
    in_service = Count("spaces", filter=Q(spaces__in_service=True))
    for model in (Segment, Site):
        rows = model.objects.annotate(n=in_service).order_by()
        yield from ((pk, model is Site, n) for pk, n in rows.values_list("pk", "n"))


def _week(
    memory: chances.Memory, place: str, spaces: int, precision: float
) -> list[list[float | None]]:
    return [
        [_chance(memory.share(place, weekday, hour), spaces, precision) for hour in range(24)]
        for weekday in range(7)
    ]


def _chance(share: float | None, spaces: int, precision: float) -> float | None:
    if share is None or not spaces:
        return None
    return round(chances.some_free(share, spaces, precision), 3)


def _scores(told: chances.Scores | None, errors: forecasting.Errors | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if told:
        found["chances"] = {
            "cases": told.cases,
            "brier": round(told.brier, 4),
            "usual": round(told.usual, 4),
            "bins": [one._asdict() for one in told.bins],  # noqa: SLF001 -- its documented name
        }
    if errors:
        found["occupancy"] = {
            "hours": errors.hours,
            "error": round(errors.forecast, 4),
            "plain": round(errors.plain, 4),
        }
    return found
