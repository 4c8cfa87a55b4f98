"""What waits leaves together in the morning: one message a person and day, whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from communs.core.jobs.timetable import lines
from communs.core.notifications import hours, jobs, sending
from communs.core.notifications.models import Notification, Sending
from communs.core.people.models import Person
from tests.core.notifications.conftest import AT

TUESDAY, MONDAY = date(2026, 3, 10), date(2026, 3, 16)
PARIS = ZoneInfo("Europe/Paris")
Tell = Callable[..., list[Notification]]


def morning(day: date) -> list[str]:
    """Do a whole morning's work."""
    people = sending.gather(day)
    return [sending.send_digest(person, day, at=AT) for person in people]


@pytest.mark.django_db
def test_a_morning_sends_one_message_a_person(
    tell: Tell, wish: Any, lou: Person, pat: Person
) -> None:
    for person in (lou, pat):
        wish(person, pace="daily")
    tell(lou, pat)
    tell(lou, once="2", notice="tried.plain")
    assert morning(TUESDAY) == ["sent", "sent"]
    found = {letter.to[0]: letter for letter in mail.outbox}
    assert {who: letter.subject for who, letter in found.items()} == {
        "lou@example.org": "Antony — 2 notices",
        "pat@example.org": "Antony — 1 notice",
    }
    assert found["lou@example.org"].body.count("A plot is free in Les Blagis") == 2
    assert set(Sending.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_a_morning_done_twice_writes_once_and_what_came_since_waits(
    tell: Tell, wish: Any, lou: Person
) -> None:
    wish(lou, pace="daily")
    tell(lou)
    assert (morning(TUESDAY), morning(TUESDAY)) == (["sent"], [])
    tell(lou, once="2")
    assert morning(TUESDAY) == []
    assert morning(TUESDAY + timedelta(days=1)) == ["sent"]
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_killed_before_sending_the_same_message_leaves_later(
    tell: Tell, wish: Any, lou: Person
) -> None:
    wish(lou, pace="daily")
    tell(lou)
    first, again = sending.gather(TUESDAY), sending.gather(TUESDAY)
    assert first == again == [lou.pk]
    assert morning(TUESDAY) == ["sent"]


@pytest.mark.django_db
def test_each_week_means_monday(tell: Tell, wish: Any, lou: Person) -> None:
    wish(lou, pace="weekly")
    tell(lou)
    assert morning(TUESDAY) == []
    assert morning(MONDAY) == ["sent"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 14)])
def test_the_morning_comes_once_a_day_through_both_changes_of_clock(day: date) -> None:
    (line,) = [line for line in lines if line.task == jobs.gather]
    start = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
    times = [start + timedelta(minutes=15 * n) for n in range(4 * 23)]
    slots = {line.slot(at) for at in times if at.astimezone(PARIS).date() == day}
    today = {slot.astimezone(PARIS) for slot in slots if slot.astimezone(PARIS).date() == day}
    assert [(slot.hour, slot.minute) for slot in today] == [(8, 0)]


@given(at=st.integers(0, 366 * 24 * 60).map(lambda m: AT + timedelta(minutes=m)))
def test_a_text_leaves_by_day_within_eleven_hours_and_never_before_it_is_asked(
    at: datetime,
) -> None:
    leaves = hours.waking(at)
    assert at <= leaves <= at + timedelta(hours=12)
    assert hours.WAKES <= leaves.astimezone(PARIS).time() < hours.SLEEPS
