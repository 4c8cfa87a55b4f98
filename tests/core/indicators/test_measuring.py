"""Each night's measures, nights missed, days measured again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import actions, definitions, measuring, queries
from communs.core.indicators.definitions import About, Ratio
from communs.core.indicators.engine.baseline import Figure
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Provenance, Unit
from communs.core.indicators.jobs import measure_yesterday
from communs.core.indicators.models import Observation
from communs.core.jobs.timetable import everyone, lines
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 10)
AT = datetime(2026, 3, 11, 1, tzinfo=UTC)


def rows(key: str = "house.test") -> list[tuple[date, Decimal | None, str]]:
    found = Observation.objects.filter(indicator=key).order_by("version", "day")
    return list(found.values_list("day", "value", "provenance"))


@pytest.fixture
def here(sceaux: Community) -> object:
    with within(sceaux):
        yield sceaux


def test_a_night_keeps_what_the_day_measured_once(here: Community, declared: object) -> None:
    declared(lambda _on: 7)
    assert measuring.measure(on=DAY, at=AT) == 5  # and the house's own four
    assert measuring.measure(on=DAY, at=AT) == 0
    assert rows() == [(DAY, Decimal(7), "measured")]
    kept = Observation.objects.get(indicator="house.test")
    assert (kept.version, kept.n, kept.demonstration, kept.at) == (1, None, True, AT)


def test_unknown_is_kept_as_unknown_and_never_as_zero(here: Community, declared: object) -> None:
    declared(lambda _on: None)
    measuring.measure(on=DAY, at=AT)
    assert rows() == [(DAY, None, "measured")]


def test_a_share_keeps_its_parts(here: Community, declared: object) -> None:
    declared(lambda _on: Ratio(1, 3), unit=Unit.PERCENT, aggregate=Aggregate.RATIO)
    measuring.measure(on=DAY, at=AT)
    kept = Observation.objects.get(indicator="house.test")
    assert (kept.value, kept.numerator, kept.denominator, kept.n) == (
        Decimal("33.333333"),
        Decimal(1),
        Decimal(3),
        3,
    )


def test_a_value_may_say_about_how_many_people_it_is(here: Community, declared: object) -> None:
    declared(lambda _on: About(Decimal("4.5"), n=12), min_people=5)
    measuring.measure(on=DAY, at=AT)
    assert Observation.objects.filter(indicator="house.test", value="4.5", n=12).exists()
    declared(lambda _on: 9, key="house.people", min_people=5)
    measuring.measure(on=DAY, at=AT)
    assert Observation.objects.filter(indicator="house.people", value=9, n=9).exists()


def test_missed_nights_are_made_up_for_only_where_the_past_can_be_told(
    here: Community, declared: object
) -> None:
    declared(lambda on: on.day)
    declared(lambda _on: 1, key="house.now", past=False)
    measuring.measure(on=DAY - timedelta(days=3), at=AT)
    measuring.measure(on=DAY, at=AT)
    assert [(d.day, v) for d, v, _p in rows()] == [(7, 7), (8, 8), (9, 9), (10, 10)]
    assert [d.day for d, _v, _p in rows("house.now")] == [7, 10]


def test_one_measure_that_fails_holds_up_no_other(here: Community, declared: object) -> None:
    declared(lambda _on: 1 // 0, key="house.broken")
    declared(lambda _on: 2)
    with pytest.raises(measuring.MeasuringFailed, match=r"^house\.broken$"):
        measuring.measure(on=DAY, at=AT)
    assert rows() == [(DAY, Decimal(2), "measured")]


def test_a_service_that_is_off_is_not_measured(here: Community, metropolis: Community) -> None:
    def parts() -> set[str]:
        return {found.part for found in queries.indicators_here(DAY)}

    assert parts() == {"house"}
    with within(metropolis):
        assert parts() == {"house", "fund"}


def test_the_night_comes_back_everywhere_and_measures_yesterday(here: Community) -> None:
    line = next(line for line in lines if line.task is measure_yesterday)
    assert (line.when, line.where) == ("20 2 * * *", everyone)
    with patch("communs.core.indicators.jobs.timezone") as clock:
        clock.localdate.return_value, clock.now.return_value = DAY + timedelta(days=1), AT
        assert measure_yesterday.call() == 4
    assert {d for d, _v, _p in rows("house.services_on")} >= {DAY}


def test_measuring_again_marks_what_differs_and_leaves_imports(
    here: Community, declared: object, administrator: Person
) -> None:
    found = declared(lambda _on: 1)
    days = [DAY + timedelta(days=n) for n in range(3)]
    measuring.keep(found, [found.taken(day) for day in days], at=AT)
    imported = [Figure(days[1], Decimal(50))]
    actions.import_baseline(
        indicator=found, figures=imported, source="Cahier", licence="LO", at=AT, by=None
    )
    found = declared(lambda on: 1 if on == DAY else 5)
    end = DAY + timedelta(days=3)
    changed = actions.measure_again(indicator=found, start=DAY, end=end, at=AT, by=administrator)
    assert changed == 2
    assert rows() == [
        (days[0], Decimal(1), "measured"),
        (days[1], Decimal(50), "imported"),
        (days[2], Decimal(5), "corrected"),
        (end, Decimal(5), "measured"),
    ]
    event = Event.objects.filter(name="indicators.measured_again").get()
    assert (event.subject, event.data, event.actor) == (
        "indicator:house.test",
        {"start": "2026-03-10", "end": "2026-03-13", "days": 2},
        administrator.pk,
    )


def test_measuring_again_what_did_not_change_says_nothing(
    here: Community, declared: object
) -> None:
    found = declared(lambda _on: 1)
    measuring.keep(found, [found.taken(DAY)], at=AT)
    assert actions.measure_again(indicator=found, start=DAY, end=DAY, at=AT, by=None) == 0
    assert not Event.objects.filter(name="indicators.measured_again").exists()


def test_measuring_again_is_refused_where_it_would_be_made_up(
    here: Community, declared: object
) -> None:
    found = declared(lambda _on: 1, past=False)
    with pytest.raises(Refused, match="le jour même"):
        actions.measure_again(indicator=found, start=DAY, end=DAY, at=AT, by=None)
    past = declared(lambda _on: 1)
    with pytest.raises(Refused, match="un an au plus"):
        actions.measure_again(
            indicator=past, start=DAY, end=DAY + timedelta(days=400), at=AT, by=None
        )


def test_an_import_replaces_keeps_its_source_and_is_in_the_journal(
    here: Community, declared: object
) -> None:
    found = declared(
        lambda _on: Ratio(1, 2), unit=Unit.PERCENT, aggregate=Aggregate.RATIO, version=2
    )
    measuring.keep(found, [found.taken(DAY)], at=AT)
    figures = [Figure(DAY - timedelta(days=1), None), Figure(DAY, Decimal(25), 8)]
    replaced = actions.import_baseline(
        indicator=found, figures=figures, source="Enquête 2025", licence="LO 2.0", at=AT, by=None
    )
    assert replaced == 1
    kept = Observation.objects.get(indicator="house.test", day=DAY)
    assert (kept.version, kept.value, kept.numerator, kept.denominator, kept.n) == (2, 25, 2, 8, 8)
    assert (kept.provenance, kept.source, kept.licence) == (
        Provenance.IMPORTED,
        "Enquête 2025",
        "LO 2.0",
    )
    data = Event.objects.get(name="indicators.baseline_imported").data
    assert data == {
        "source": "Enquête 2025",
        "licence": "LO 2.0",
        "sha256": "",
        "start": "2026-03-09",
        "end": "2026-03-10",
        "days": 2,
        "replaced": 1,
    }


def test_an_unknown_name_is_an_error_and_a_name_is_taken_once(declared: object) -> None:
    with pytest.raises(LookupError, match=r"Unknown indicator: fund\.nothing"):
        definitions.named("fund.nothing")
    declared(lambda _on: 1)
    with pytest.raises(ValueError, match=r"Two indicators are named house\.test"):
        definitions.indicator(
            key="house.test", title="", description="", unit=Unit.COUNT,
            direction=definitions.named("house.test").direction, aggregate=Aggregate.SUM,
        )(lambda _on: 1)  # fmt: skip
