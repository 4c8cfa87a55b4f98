"""Series and comparisons as everybody may read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.core.communities.models import Community, Population
from communs.core.communities.scope import within
from communs.core.indicators import measuring, queries
from communs.core.indicators.engine.combining import Daily, Step

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 11, 1, tzinfo=UTC)
TODAY = date(2026, 3, 11)
JANUARY = [date(2026, 1, n) for n in range(1, 32)]


def put(place: Community, found: object, values: dict[date, int], n: int | None = None) -> None:
    with within(place):
        days = [Daily(day, Decimal(v), n=n) for day, v in values.items()]
        measuring.keep(found, days, at=AT)


def test_gaps_stay_gaps(sceaux: Community, declared: object) -> None:
    found = declared(lambda _on: 1)
    put(sceaux, found, {date(2026, 3, 1): 4, date(2026, 3, 3): 0})
    with within(sceaux):
        told = queries.series("house.test", date(2026, 3, 1), date(2026, 3, 4), on=TODAY)
        assert [p.value for p in told.points] == [4, None, 0, None]
        assert queries.latest("house.test", on=TODAY).value == 0


def test_people_are_told_of_by_whole_months_only(sceaux: Community, declared: object) -> None:
    found = declared(lambda _on: 1, min_people=5)
    put(sceaux, found, dict.fromkeys(JANUARY, 1), n=1)
    put(sceaux, found, {date(2026, 2, 3): 4}, n=4)
    put(sceaux, found, {date(2026, 3, 3): 90}, n=90)  # March is not over
    with within(sceaux):
        for start in (date(2026, 1, 1), date(2026, 1, 20)):  # a window cuts no month
            told = queries.series("house.test", start, TODAY, step=Step.DAY, on=TODAY)
            assert told.step is Step.MONTH
            assert [(p.first, p.value, p.n, p.withheld) for p in told.points] == [
                (date(2026, 1, 1), 31, 31, False),
                (date(2026, 2, 1), None, None, True),
            ]


def test_a_comparison_adds_up_what_is_told_only(
    antony: Community, sceaux: Community, metropolis: Community, declared: object
) -> None:
    found = declared(lambda _on: 1, min_people=5)
    february = date(2026, 2, 3)
    for place, count in ((antony, 12), (sceaux, 4), (metropolis, 9)):
        put(place, found, {february: count}, n=count)
    with within(sceaux):
        told = queries.compare("house.test", TODAY - timedelta(days=3), TODAY, on=TODAY)
    assert (told.first, told.after, told.total, told.withheld) == (
        date(2026, 2, 1),
        date(2026, 3, 1),
        21,
        1,
    )
    assert [(row.community.slug, row.point.value, row.per_thousand) for row in told.rows][2] == (
        "sceaux",
        None,
        None,
    )


def test_a_rate_names_the_population_in_force(antony: Community, declared: object) -> None:
    found = declared(lambda _on: 1)
    Population.objects.filter(community=antony).delete()
    for year, count in ((2015, 40_000), (2026, 50_000), (2027, 60_000)):
        Population.objects.create(community=antony, year=year, inhabitants=count, source="x")
    put(antony, found, {date(2026, 3, 1): 100})
    with within(antony):
        (row,) = queries.compare("house.test", date(2026, 3, 1), TODAY, on=TODAY).rows
    assert (row.per_thousand, row.population.year) == (Decimal(2), 2026)


def test_what_is_not_public_is_neither_listed_nor_compared(
    sceaux: Community, declared: object
) -> None:
    declared(lambda _on: 1, public=False)
    with within(sceaux):
        assert "house.test" not in [found.key for found in queries.shown_here(TODAY)]
        with pytest.raises(LookupError, match="not public"):
            queries.compare("house.test", TODAY, TODAY, on=TODAY)


def test_reads_cost_the_same_whatever_there_is(
    sceaux: Community, antony: Community, metropolis: Community, declared: object
) -> None:
    found = declared(lambda _on: 1)

    def costs() -> list[int]:
        told = []
        with within(sceaux):
            for read in (
                lambda: queries.series("house.test", JANUARY[0], TODAY, step=Step.WEEK, on=TODAY),
                lambda: queries.all_series(queries.shown_here(TODAY), JANUARY[0], TODAY, on=TODAY),
                lambda: queries.compare("house.test", JANUARY[0], TODAY, on=TODAY),
            ):
                with CaptureQueriesContext(connection) as spent:
                    read()
                told.append(len(spent))
        return told

    put(sceaux, found, {JANUARY[0]: 1})
    few = costs()
    for place in (sceaux, antony, metropolis):
        put(place, found, dict.fromkeys(JANUARY, 3))
    assert costs() == few
    assert few[0] == 1
