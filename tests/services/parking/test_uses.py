"""Days worked out from observations: again and again the same, and never what nobody knew."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.kit.timespans import PARIS
from communs.services.parking.actions import set_zone, work_out_use
from communs.services.parking.jobs import work_out_use as work_out_job
from communs.services.parking.models import PlaceDay, Stay
from communs.services.parking.queries.uses import whole
from tests.services.parking.samples import a_day as write_day
from tests.services.parking.samples import sensor, space, street

DAY = date(2026, 3, 9)
NEXT = DAY + timedelta(days=1)
LATER = datetime(2026, 3, 12, 3, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def here(sceaux: Community) -> Iterator[None]:
    with within(sceaux):
        yield


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


def a_day() -> None:
    """Two spaces: one with a sensor that speaks from nine to two, one without."""
    lilacs = street("Rue des Lilas", spaces=1)
    said = [(at(9), 0.0), (at(9, 40), 1.0), (at(10, 25), 0.0), (at(11), 1.0), (at(12), 1.0)]
    sensor(space(segment=lilacs), *said, at=LATER)


def work_out(last: date = DAY) -> int:
    return work_out_use(first=DAY, last=last, at=LATER, by=None)


def rows(model: Any, *names: str) -> list[Any]:
    return list(model.objects.order_by("pk").values_list(*names))


def test_stays_and_days_are_what_the_sensor_said() -> None:
    a_day()
    assert work_out() == 1
    facts = rows(Stay, "since", "until", "begins_known", "ends_known", "day")
    assert [(until - since) // 60_000 for since, until, *_rest in facts] == [45, 180]
    assert [fact[2:] for fact in facts] == [(True, True, DAY), (True, False, DAY)]
    day = PlaceDay.objects.get()
    assert (day.spaces, day.possible, day.arrivals, day.dwells) == (2, 2 * 86_400, 2, [45])
    assert {n: hour for n, hour in enumerate(day.hours) if any(hour)} == {
        9: [3_600, 1_200, 1, 1],
        10: [3_600, 1_500, 1, 1],
        11: [3_600, 3_600, 1, 0],
        12: [3_600, 3_600, 1, 0],
        13: [3_600, 3_600, 1, 0],
    }


def test_worked_out_again_nothing_changes() -> None:
    a_day()
    work_out()
    names = "space", "since", "until", "begins_known", "ends_known", "day"
    before = rows(Stay, *names), rows(PlaceDay, "hours", "arrivals", "dwells", "possible")
    assert work_out() == 1
    assert before == (
        rows(Stay, *names),
        rows(PlaceDay, "hours", "arrivals", "dwells", "possible"),
    )


def test_a_stay_over_the_night_belongs_to_the_day_on_which_it_began() -> None:
    row = space(segment=street("Rue des Lilas"))
    said = [(at(22), 0.0), (at(23), 1.0), (at(0, 30, NEXT), 1.0), (at(1, 15, NEXT), 0.0)]
    sensor(row, *said, at=LATER)
    assert work_out(NEXT) == 2
    assert rows(Stay, "day", "ends_known") == [(DAY, True)]
    assert rows(PlaceDay, "day", "arrivals", "dwells") == [(DAY, 1, [135]), (NEXT, 0, [])]


def test_without_observations_days_are_unknown_and_not_empty() -> None:
    sensor(space(segment=street("Rue des Lilas")))
    work_out()
    use = whole(DAY, DAY).use
    assert (use.quality, use.occupancy, use.rotation, use.arrivals) == (0.0, None, None, 0)


def test_what_was_made_up_for_a_demonstration_stays() -> None:
    a_day()
    work_out()
    PlaceDay.objects.update(demonstration=True, arrivals=99)
    assert work_out(NEXT) == 1
    assert rows(PlaceDay, "day", "arrivals") == [(DAY, 99), (NEXT, 0)]


@pytest.mark.parametrize("last", [DAY - timedelta(days=1), DAY + timedelta(days=31)])
def test_no_day_and_too_many_days_are_refused(last: date) -> None:
    with pytest.raises(Refused, match="31"):
        work_out(last)


def test_nothing_to_do_is_no_event() -> None:
    assert work_out() == 0


def test_measures_by_zone_by_place_and_by_day(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None]
) -> None:
    switch(sceaux, "parking")
    zone = set_zone(name="Centre", by=None)
    lilacs, roses = street("Rue des Lilas", zone=zone), street("Rue des Roses")
    write_day(lilacs, DAY, share=0.75, spaces=4)
    write_day(roses, DAY, share=0.5)
    days = "?first=2026-03-01&last=2026-03-10"
    pages = {
        query: client.get(f"/en/sceaux/stationnement/mesures/{days}{query}").text
        for query in ("", "&zone=centre", "&zone=-", "&place=rue:rue-des-lilas-rue-a")
    }
    names = ("Centre", "In no zone", "Rue des Lilas", "Rue des Roses", "9 March")
    shown = {query: [name for name in names if f">{name}" in text] for query, text in pages.items()}
    assert shown == {
        "": ["Centre", "In no zone"],
        "&zone=centre": ["Centre", "Rue des Lilas"],
        "&zone=-": ["In no zone", "Rue des Roses"],
        "&place=rue:rue-des-lilas-rue-a": ["Rue des Lilas", "9 March"],
    }
    assert "75\u00a0%" in pages["&zone=centre"]
    api = client.get(f"/sceaux/api/stationnement/mesures{days}").json()
    assert [(row["occupancy"], row["rotation"], row["dwell_median"]) for row in api["days"]] == [
        (0.75, 4.0, 60.0),
        (0.5, 4.0, 60.0),
    ]
    file = client.get(f"/sceaux/stationnement/mesures.csv{days}").text
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [row["occupancy"] for row in rows] == ["0.75", "0.5"]


@pytest.mark.parametrize(
    "query",
    ["first=2026-03-10&last=2026-03-09", "first=2025-01-01", "zone=x", "place=rue:x", "first=x"],
)
def test_what_cannot_be_measured_is_refused(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None], query: str
) -> None:
    switch(sceaux, "parking")
    assert client.get(f"/sceaux/stationnement/mesures/?{query}").status_code == 400
    assert client.get(f"/sceaux/stationnement/mesures.csv?{query}").status_code == 400


def test_nothing_measured_is_said(
    client: Client, sceaux: Community, switch: Callable[[Community, str], None]
) -> None:
    switch(sceaux, "parking")
    street("Rue des Lilas")
    page = client.get("/en/sceaux/stationnement/mesures/").text
    assert "Nothing was measured on these days" in page


def test_each_night_works_out_three_days(sceaux: Community) -> None:
    now = timezone.now()
    row = space(segment=street("Rue des Lilas"))
    old = Stay(space=row, since=1, until=2, day=now.date() - timedelta(days=402))
    old.save()
    sensor(row, (now - timedelta(hours=30), 1.0), at=now)
    assert work_out_job.func() == 3
    yesterday = timezone.localdate() - timedelta(days=1)
    days = [yesterday - timedelta(days=n) for n in (2, 1, 0)]
    assert list(PlaceDay.objects.order_by("day").values_list("day", flat=True)) == days
    assert not Stay.objects.filter(pk=old.pk).exists()
