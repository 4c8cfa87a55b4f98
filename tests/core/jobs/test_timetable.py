"""The timetable asks once an hour of its line, however many workers read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSimError
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs import timetable
from communs.core.jobs.backend import discover
from communs.core.jobs.models import Job
from communs.core.jobs.timetable import Clock, Line, every
from communs.core.jobs.worker import Worker
from tests.core.jobs import work

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    discover()  # so that no task's module adds its lines later
    monkeypatch.setattr(timetable, "lines", [])


@pytest.mark.parametrize(
    ("when", "at", "slot"),
    [
        ("30 2 * * *", (2026, 6, 1, 2, 29, 59), (2026, 5, 31, 2, 30)),
        ("30 2 * * *", (2026, 6, 1, 2, 30, 0), (2026, 6, 1, 2, 30)),
        ("30 2 * * *", (2026, 6, 1, 23, 0, 0), (2026, 6, 1, 2, 30)),
        ("0 9 * * MON", (2026, 11, 22, 12, 0, 0), (2026, 11, 16, 9, 0)),
        ("0 0 29 2 *", (2027, 3, 1, 0, 0, 0), (2024, 2, 29, 0, 0)),
    ],
)
def test_a_slot_is_the_latest_hour_of_the_line(
    when: str, at: tuple[int, ...], slot: tuple[int, ...]
) -> None:
    line = Line(work.note, when, timetable.metropolis)
    assert line.slot(datetime(*at, tzinfo=PARIS)) == datetime(*slot, tzinfo=PARIS)


@pytest.mark.parametrize(("night", "hours"), [((2026, 3, 28, 12), 23), ((2026, 10, 24, 12), 25)])
def test_a_nightly_line_comes_once_on_the_nights_the_clock_changes(
    night: tuple[int, ...], hours: int
) -> None:
    line = Line(work.note, "30 2 * * *", timetable.metropolis)
    start = datetime(*night, tzinfo=PARIS).astimezone(UTC)
    slots = {line.slot(start + timedelta(minutes=5 * step)) for step in range(hours * 12 + 1)}
    assert len(slots) == 2  # the night before's, and this night's


def test_a_line_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(CronSimError):
        every("61 * * * *", work.note)


@pytest.mark.django_db
def test_each_community_gets_one_job_a_slot(antony: Community, sceaux: Community) -> None:
    every("0 3 * * *", work.note, where=lambda: [antony, sceaux])
    noon = datetime(2026, 6, 1, 12, tzinfo=PARIS)
    first, second = Clock(), Clock()
    assert [first.tick(at=noon), second.tick(at=noon), first.tick(at=noon)] == [2, 0, 0]
    assert first.tick(at=noon + timedelta(days=3)) == 2
    with within(antony):
        assert sorted(Job.objects.values_list("slot", flat=True)) == [
            "2026-06-01T03:00:00+02:00",
            "2026-06-04T03:00:00+02:00",
        ]


@pytest.mark.django_db
def test_what_somebody_asks_goes_before_what_comes_back(antony: Community) -> None:
    every("0 3 * * *", work.note, where=lambda: [antony])
    Clock().tick(at=datetime(2026, 6, 1, 12, tzinfo=PARIS))
    with within(antony):
        asked = work.note.enqueue("x")
    taken = Worker().take(at=timezone.now() + timedelta(seconds=1))
    assert taken is not None
    assert str(taken.pk) == asked.id
