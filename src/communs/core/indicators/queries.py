"""Reads of measures: what is measured here, series, latest values, communities compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community, Population
from communs.core.communities.queries import metropolis as the_metropolis
from communs.core.communities.scope import across, current
from communs.core.indicators import definitions
from communs.core.indicators.definitions import HOUSE, Indicator
from communs.core.indicators.engine import combining
from communs.core.indicators.engine.combining import Point, Step
from communs.core.indicators.enums import Provenance
from communs.core.indicators.models import Observation
from communs.core.registry import queries as registry

RECENT = 90  # days that lists and pages show
# What is known of a day, written as YYYY-MM-DD, and the version by which it was counted.
DayValue = tuple[str, float, int]


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator through time, gaps included; compare nothing across a break."""

    indicator: Indicator
    step: Step
    points: Sequence[Point]
    breaks: Sequence[date] = ()

    @property
    def last(self) -> Point | None:
        """The latest point that has a value."""
        return next((p for p in reversed(self.points) if p.value is not None), None)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a community tells, and for 1 000 inhabitants where both are known."""

    community: Community
    point: Point
    population: Population | None = None
    per_thousand: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Communities side by side over the same days."""

    indicator: Indicator
    first: date
    after: date
    rows: Sequence[Compared]
    total: Decimal | None

    @property
    def withheld(self) -> int:
        """How many communities tell nothing, as it would be about too few people."""
        return sum(row.point.withheld for row in self.rows)


@dataclass(frozen=True, slots=True)
class Imported:
    """Figures that were brought in: from when to when, from where."""

    source: str
    licence: str
    first: date
    last: date
    days: int


def indicators_here(on: date) -> list[Indicator]:
    """Give the indicators of the services that are on here, and the house's own."""
    metropolis = the_metropolis() or current()
    running, _metropolitan = registry.running(current(), metropolis, on=on)
    parts = {key for key, found in running.items() if found.on} | {HOUSE}
    return [found for found in definitions.all_indicators() if found.part in parts]


def shown_here(on: date) -> list[Indicator]:
    """Give the public indicators of the services that are on here."""
    return [found for found in indicators_here(on) if found.public]


def indicator_here(key: str, on: date) -> Indicator | None:
    """Give a public indicator of a service that is on here, or None."""
    return next((found for found in shown_here(on) if found.key == key), None)


def is_demonstration() -> bool:
    """Tell whether what is measured here is made up."""
    return Community.objects.filter(kind=Kind.METROPOLIS, demonstration=True).exists()


def days_kept(since: date) -> dict[tuple[str, int], set[date]]:
    """Give the days that have an observation here, by indicator and version; one query."""
    found = defaultdict(set)
    rows = Observation.objects.filter(day__gte=since).order_by()
    for key, version, day in rows.values_list("indicator", "version", "day"):
        found[key, version].add(day)
    return found


def series(key: str, start: date, end: date, *, step: Step = Step.DAY, on: date) -> Series:
    """Give what everybody may read of an indicator here, from `start` to `end`; one query.

    `on` is today. Raises LookupError for an unknown name.
    """
    return all_series([definitions.named(key)], start, end, step=step, on=on)[0]


def all_series(
    indicators: Sequence[Indicator], start: date, end: date, *, step: Step = Step.DAY, on: date
) -> list[Series]:
    """Give several indicators as `series` does, in one query."""
    held = defaultdict(list)
    keys = [found.key for found in indicators]
    # The whole month before and after: a span is cut by nobody's question where people count.
    wide = _widened(start, end)
    rows = Observation.objects.filter(indicator__in=keys, day__range=wide).order_by("day")
    for row in rows:
        held[row.indicator].append(row)
    return [_series(found, held[found.key], start, end, step=step, on=on) for found in indicators]


def latest(key: str, *, on: date) -> Point | None:
    """Give the latest point with a value that everybody may read, of the last 90 days."""
    return series(key, on - timedelta(days=RECENT), on, on=on).last


def compare(
    key: str, start: date, end: date, *, communities: Iterable[Community] | None = None, on: date
) -> Comparison:
    """Give what each community tells of the same days, by name; two queries.

    Without `communities`, all those that have observations. Where people could be told of, the
    latest whole month before `end` stands for the days asked. Raises LookupError for an unknown
    name or one that is not public.
    """
    found = definitions.named(key)
    if not found.public:
        message = f"Indicator not public: {key}"
        raise LookupError(message)
    first, last = _published_span(found, start, end, on)
    with across("indicators that communities publish are compared"):
        rows = Observation.everywhere.filter(indicator=key, day__range=(first, last))
        if communities is not None:
            rows = rows.filter(community__in=list(communities))
        held = defaultdict(list)
        for row in rows.select_related("community").order_by("community__slug", "day"):
            held[row.community].append(row.daily())
    points = _over(found, list(held.values()), first, last)
    people = populations(held, on=last)
    compared = [_compared(found, c, p, people) for c, p in zip(held, points, strict=True)]
    told = combining.total(points, found.aggregate, found.scale)
    return Comparison(found, first, last + timedelta(days=1), compared, told)


def compared_series(
    key: str, communities: Sequence[Community], start: date, end: date, *, step: Step, on: date
) -> list[tuple[Community, Series]]:
    """Give the same indicator in several communities, each as `series` does; one query."""
    found = definitions.named(key)
    with across("indicators that communities publish are shown side by side"):
        rows = Observation.everywhere.filter(
            indicator=key, community__in=communities, day__range=_widened(start, end)
        )
        held = defaultdict(list)
        for row in rows.order_by("day"):
            held[row.community_id].append(row)
    return [(c, _series(found, held[c.pk], start, end, step=step, on=on)) for c in communities]


def day_values(
    keys: Sequence[str], communities: Sequence[Community], start: date, end: date
) -> dict[tuple[str, str], list[DayValue]]:
    """Give the known days of several public indicators in several communities; one query.

    By indicator and community's slug; a day counted in two ways has its latest last. Raises
    LookupError for an indicator that is unknown, not public, or published by month only. Rows are
    read as plain texts, without an object or a conversion each: who asks takes years of days.
    """
    told: dict[tuple[str, str], list[DayValue]] = defaultdict(list)
    columns = ("indicator", "community__slug", "text", "number", "version")
    with across("days that communities publish are read side by side"):
        rows = _days_published(keys, communities, start, end).annotate(
            text=Cast("day", CharField()), number=Cast("value", CharField())
        )
        in_order = rows.order_by("community", "indicator", "version", "day")
        for key, slug, text, number, version in in_order.values_list(*columns).iterator(5000):
            told[key, slug].append((text, float(number), version))
    return told


def are_made_up(
    keys: Sequence[str], communities: Sequence[Community], start: date, end: date
) -> bool:
    """Tell whether any of the days that `day_values` gives is a demonstration's; one query."""
    with across("days that communities publish are read side by side"):
        rows = _days_published(keys, communities, start, end)
        return rows.filter(demonstration=True).exists()


def _days_published(
    keys: Sequence[str], communities: Sequence[Community], start: date, end: date
) -> Any:
    for key in keys:
        found = definitions.named(key)
        if not found.public or found.min_people:
            message = f"Days of this indicator are not published: {key}"
            raise LookupError(message)
    rows = Observation.everywhere.filter(
        indicator__in=keys, community__in=communities, day__range=(start, end)
    )
    return rows.exclude(value=None)


def populations(communities: Iterable[Community], *, on: date) -> dict[object, Population]:
    """Give the population in force that day by community's key: the latest edition not after it.

    Where all are later, the earliest there is. One query.
    """
    found: dict[object, Population] = {}
    for row in Population.objects.filter(community__in=list(communities)).order_by("year"):
        if row.community_id not in found or row.year <= on.year:
            found[row.community_id] = row
    return found


def imports(key: str) -> list[Imported]:
    """Give where the imported days of an indicator come from, oldest first; one query."""
    rows = Observation.objects.filter(indicator=key, provenance=Provenance.IMPORTED)
    found: dict[tuple[str, str], Imported] = {}
    for source, licence, day in rows.order_by("day").values_list("source", "licence", "day"):
        known = found.get((source, licence))
        found[source, licence] = (
            replace(known, last=day, days=known.days + 1)
            if known
            else Imported(source, licence, day, day, 1)
        )
    return list(found.values())


def _series(
    found: Indicator,
    rows: Sequence[Observation],
    start: date,
    end: date,
    *,
    step: Step,
    on: date,
) -> Series:
    days = [row.daily() for row in rows]
    allowed = step if step in found.steps() else found.steps()[0]
    last = _widened(start, end)[1] if found.min_people else end
    points = combining.combine(
        days, allowed.first(start), last, allowed, how=found.aggregate, scale=found.scale
    )
    if found.min_people:
        over = [p for p in points if p.after <= on]
        points = combining.withhold(over, found.min_people)
    broken = [day for day in combining.breaks(days) if day >= start]
    return Series(found, allowed, points, broken)


def _over(
    found: Indicator, held: Sequence[list[combining.Daily]], first: date, last: date
) -> list[Point]:
    """Give one point a community over all the days."""
    points = [combining.whole(days, first, last, found.aggregate, found.scale) for days in held]
    return combining.withhold(points, found.min_people) if found.min_people else points


def _widened(start: date, end: date) -> tuple[date, date]:
    """Give the days of every week and month that these days touch."""
    month = Step.MONTH
    first = min(month.first(start), Step.WEEK.first(start))
    return first, month.after(month.first(end)) - timedelta(days=1)


def _published_span(found: Indicator, start: date, end: date, on: date) -> tuple[date, date]:
    """Give the days compared: those asked, or the latest month that is over."""
    if not found.min_people:
        return start, end
    after = Step.MONTH.first(min(on, end + timedelta(days=1)))
    last = after - timedelta(days=1)
    return Step.MONTH.first(last), last


def _compared(
    found: Indicator, community: Community, point: Point, people: dict[object, Population]
) -> Compared:
    population = people.get(community.pk)
    rate = None
    if found.per_inhabitants and population and population.inhabitants and point.value is not None:
        rate = point.value * 1000 / population.inhabitants
    return Compared(community, point, population, rate)
