"""Days worked out from observations: again and again the same, and never what nobody knew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.kit.timespans import PARIS
from communs.services.parking.actions import work_out_use
from communs.services.parking.models import PlaceDay, Stay
from communs.services.parking.queries.uses import whole
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
