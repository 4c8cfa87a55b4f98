"""What is measured, for programs and spreadsheets: the same figures as the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, Field

from communs.core.api.communities import FIRST_DAY, LAST_DAY, written_out
from communs.core.communities.scope import current
from communs.core.indicators import queries
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Point, Step
from communs.core.indicators.queries import Compared, Series
from communs.core.kit.errors import Refused
from communs.core.kit.formats import csv_file, json_file
from communs.core.registry.service import noop

router = Router()

YEAR = 366  # days read unless said
MOST_DAYS = 3660
IsoDay = Annotated[dt.date | None, BeforeValidator(written_out)]


class Span(Schema):
    """The days asked about, both included."""

    start: IsoDay = Field(None, ge=FIRST_DAY, le=LAST_DAY, description="A year before, unless said")
    end: IsoDay = Field(None, ge=FIRST_DAY, le=LAST_DAY, description="Yesterday unless said")

    def days(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """Give the first and the last day, put in order of what was left out."""
        last = self.end or today - dt.timedelta(days=1)
        first = self.start or max(last, FIRST_DAY + dt.timedelta(days=YEAR)) - dt.timedelta(YEAR)
        if not 0 <= (last - first).days <= MOST_DAYS:
            raise Refused(_("Ask for at most ten years, from their first day on."), field="start")
        return first, last


class Asked(Span):
    """Days, and how long each point lasts."""

    step: Step = Field(Step.DAY, description="day, week or month; months where people are counted")


ASKED, SPAN = Query(...), Query(...)


class IndicatorOut(Schema):
    """An indicator as it is declared, with its latest value here."""

    key: str
    title: str
    description: str
    unit: str
    direction: str
    aggregate: str
    version: int
    min_people: int | None
    value: Decimal | None
    measured_on: dt.date | None


class IndicatorsOut(Schema):
    """What is measured here."""

    community: str
    count: int
    indicators: list[IndicatorOut]


class PointOut(Schema):
    """A span of days. Without a value it is unknown, or withheld as it is about too few people."""

    community: str = Field(description=noop("The community as in addresses"))
    indicator: str = Field(description=noop("Name of the indicator"))
    first: dt.date = Field(description=noop("First day"))
    last: dt.date = Field(description=noop("Last day"))
    value: Decimal | None = Field(description=noop("Value; empty when unknown or withheld"))
    unit: str = Field(description=noop("Unit of the value"))
    withheld: bool = Field(description=noop("Whether it is about too few people to be published"))
    known_days: int = Field(description=noop("Days that have a value"))
    days: int = Field(description=noop("Days of the span"))
    version: int | None = Field(description=noop("Version of the definition"))
    provenance: str = Field(description=noop("How it came to be: measured, imported, corrected"))
    demonstration: bool = Field(description=noop("Whether it is made up for a demonstration"))


class SeriesOut(Schema):
    """An indicator through time."""

    indicator: str
    step: Step
    breaks: list[dt.date]
    points: list[PointOut]


class ComparedOut(PointOut):
    """A community in a comparison."""

    population: int | None
    population_year: int | None
    per_1000_inhabitants: Decimal | None


class ComparisonOut(Schema):
    """Communities over the same days; the total is made of what is shown only."""

    indicator: str
    first: dt.date
    last: dt.date
    total: Decimal | None
    withheld: int
    communities: list[ComparedOut]


COLUMNS = tuple(PointOut.model_fields)


@router.get("/indicators", response=IndicatorsOut, url_name="indicators")
def indicators(request: HttpRequest) -> HttpResponse:
    """List the indicators of the services that are on here, each with its latest value."""
    today = timezone.localdate()
    start = today - dt.timedelta(days=queries.RECENT)
    found = queries.all_series(queries.shown_here(today), start, _before(today), on=today)
    rows = [_indicator(series) for series in found]
    return json_file({"community": current().slug, "count": len(rows), "indicators": rows})


@router.get("/indicators/{key}/series", response=SeriesOut, url_name="indicator_series")
def series(request: HttpRequest, key: str, asked: Asked = ASKED) -> HttpResponse:
    """Give an indicator through time; days without a value stay without one."""
    today = timezone.localdate()
    found = _here(key, today)
    told = queries.series(found.key, *asked.days(today), step=asked.step, on=today)
    return json_file(
        {
            "indicator": key,
            "step": told.step,
            "breaks": told.breaks,
            "points": list(_points(told)),
        }
    )


@router.get("/indicators/{key}/compare", response=ComparisonOut, url_name="indicator_compare")
def compare(request: HttpRequest, key: str, asked: Span = SPAN) -> HttpResponse:
    """Give what each community measures over the same days, and for 1 000 inhabitants."""
    today = timezone.localdate()
    found = _here(key, today)
    told = queries.compare(key, *asked.days(today), on=today)
    return json_file(
        {
            "indicator": key,
            "first": told.first,
            "last": _before(told.after),
            "total": _plain(told.total),
            "withheld": told.withheld,
            "communities": [_compared(found, row) for row in told.rows],
        }
    )


def indicator_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The last year of an indicator, as CSV."""
    today = timezone.localdate()
    return _csv(f"{key}.csv", [_here(key, today)], today)


def indicators_csv(request: HttpRequest) -> HttpResponse:
    """The last year of every indicator here, as CSV."""
    today = timezone.localdate()
    return _csv("indicateurs.csv", queries.shown_here(today), today)


def _csv(name: str, found: list[Indicator], today: dt.date) -> HttpResponse:
    start = today - dt.timedelta(days=YEAR)
    told = queries.all_series(found, start, _before(today), on=today)
    rows = (row for one in told for row in _points(one) if row["known_days"] or row["withheld"])
    return csv_file(name, COLUMNS, ([row[column] for column in COLUMNS] for row in rows))


def _here(key: str, today: dt.date) -> Indicator:
    found = queries.indicator_here(key, today)
    if found is None:
        raise Http404(key)
    return found


def _points(told: Series) -> Iterator[dict[str, Any]]:
    slug = current().slug
    return (_point(told.indicator, slug, point) for point in told.points)


def _point(found: Indicator, community: str, point: Point) -> dict[str, Any]:
    return {
        "community": community,
        "indicator": found.key,
        "first": point.first,
        "last": _before(point.after),
        "value": _plain(point.value),
        "unit": found.unit.value,
        "withheld": point.withheld,
        "known_days": point.known,
        "days": point.days,
        "version": point.version,
        "provenance": " ".join(point.provenances),
        "demonstration": point.demonstration,
    }


def _compared(found: Indicator, row: Compared) -> dict[str, Any]:
    return _point(found, row.community.slug, row.point) | {
        "population": row.population.inhabitants if row.population else None,
        "population_year": row.population.year if row.population else None,
        "per_1000_inhabitants": _plain(row.per_thousand),
    }


def _indicator(told: Series) -> dict[str, Any]:
    found, last = told.indicator, told.last
    return {
        "key": found.key,
        "title": str(found.title),
        "description": str(found.description),
        "unit": found.unit.value,
        "direction": found.direction.value,
        "aggregate": found.aggregate.value,
        "version": found.version,
        "min_people": found.min_people,
        "value": _plain(last.value) if last else None,
        "measured_on": _before(last.after) if last else None,
    }


def _plain(value: Decimal | None) -> Decimal | None:
    """Give a value with six decimals at most, without zeros at the end."""
    return None if value is None else Decimal(format(round(value, 6).normalize(), "f"))


def _before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)
