"""Hours that come back: read on the wall's clock, right on the two nights it is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.kit.timespans import (
    PARIS,
    TimeSpan,
    changes,
    easter_sunday,
    holds,
    next_change,
    public_holidays,
)
from communs.core.kit.timespans_told import days_told, told

MINUTE = timedelta(minutes=1)
SIGN = TimeSpan(days=frozenset(range(6)), begins=time(9), ends=time(19), holidays=False)


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0):
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (paris(2026, 3, 10, 9), True),
        (paris(2026, 3, 10, 8, 59), False),
        (paris(2026, 3, 10, 18, 59), True),
        (paris(2026, 3, 10, 19), False),
        (paris(2026, 3, 15, 12), False),  # a Sunday
        (paris(2026, 7, 14, 12), False),  # a Tuesday, and a public holiday
    ],
)
def test_a_sign_is_read(at: datetime, held: bool) -> None:
    assert holds(SIGN, at) is held


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    friday = TimeSpan(days=frozenset({4}), begins=time(22), ends=time(2))
    assert friday.overnight
    assert holds(friday, paris(2026, 3, 13, 22))
    assert holds(friday, paris(2026, 3, 14, 1, 59))
    assert not holds(friday, paris(2026, 3, 14, 2))
    assert not holds(friday, paris(2026, 3, 14, 23))
    assert not holds(friday, paris(2026, 3, 13, 1))
    last = TimeSpan(begins=time(22), ends=time(2), until=date(2026, 3, 13))
    assert holds(last, paris(2026, 3, 14, 1))
    assert not holds(last, paris(2026, 3, 14, 22))


def test_without_hours_a_span_holds_whole_days() -> None:
    days = TimeSpan(since=date(2026, 3, 10), until=date(2026, 3, 11))
    assert not days.overnight
    assert not holds(days, paris(2026, 3, 9, 23, 59))
    assert holds(days, paris(2026, 3, 10))
    assert holds(days, paris(2026, 3, 11, 23, 59))
    assert not holds(days, paris(2026, 3, 12))
    same = TimeSpan(days=frozenset({0}), begins=time(8), ends=time(8))
    assert holds(same, paris(2026, 3, 10, 7, 59))  # Monday from 8 to Tuesday at 8
    assert not holds(same, paris(2026, 3, 10, 8))


def test_an_end_alone_counts_from_midnight_and_a_beginning_alone_until_it() -> None:
    morning, evening = TimeSpan(ends=time(9)), TimeSpan(begins=time(20))
    assert holds(morning, paris(2026, 3, 10))
    assert not holds(morning, paris(2026, 3, 10, 9))
    assert holds(evening, paris(2026, 3, 10, 23, 59))
    assert not holds(evening, paris(2026, 3, 11))


def test_an_hour_that_exists_twice_is_read_twice() -> None:
    early = TimeSpan(begins=time(2, 15), ends=time(2, 45))
    found = list(changes([early], paris(2026, 10, 24, 23), days=1))
    assert found == [
        paris(2026, 10, 25, 2, 15),
        paris(2026, 10, 25, 2, 45),
        paris(2026, 10, 25, 2, 15, fold=1),
        paris(2026, 10, 25, 2, 45, fold=1),
    ]
    assert [holds(early, moment) for moment in found] == [True, False, True, False]


def test_an_hour_that_does_not_exist_holds_nothing() -> None:
    early = TimeSpan(begins=time(2, 15), ends=time(2, 45))
    assert next_change([early], paris(2026, 3, 29, 1)) == paris(2026, 3, 30, 2, 15)
    night = TimeSpan(begins=time(1), ends=time(2, 30))
    assert next_change([night], paris(2026, 3, 29, 1, 10)) == paris(2026, 3, 29, 3)


def test_back_to_back_spans_that_change_nothing_are_no_change() -> None:
    assert next_change([TimeSpan()], paris(2026, 3, 10, 12)) is None
    assert next_change([], paris(2026, 3, 10, 12)) is None
    far = TimeSpan(since=date(2026, 6, 1))
    assert next_change([far], paris(2026, 3, 10), days=14) is None
    assert next_change([far], paris(2026, 3, 10), days=100) == paris(2026, 6, 1)


def test_eleven_public_holidays() -> None:
    assert public_holidays(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    }
    assert len(public_holidays(2008)) == 10  # Ascension fell on 1 May


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1818, 3, 22),  # as early as it can be
        (1943, 4, 25),  # as late as it can be
        (1954, 4, 18),  # the first exception
        (1981, 4, 19),  # the second
        (2000, 4, 23),
        (2008, 3, 23),
        (2026, 4, 5),
        (2038, 4, 25),
    ],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


# Against a reading of each minute on the wall's clock, written another way.

CLOCKS = st.none() | st.builds(
    time, st.sampled_from((0, 1, 2, 3, 9, 12, 19, 23)), st.sampled_from((0, 15, 30, 59))
)
DAYS = st.dates(date(2026, 3, 25), date(2026, 4, 8)) | st.dates(
    date(2026, 10, 22), date(2026, 11, 3)
)
SPANS = st.builds(
    TimeSpan,
    days=st.frozensets(st.integers(0, 6)),
    begins=CLOCKS,
    ends=CLOCKS,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    holidays=st.sampled_from((None, True, False)),
)
MOMENTS = st.builds(
    lambda day, minute: paris(day.year, day.month, day.day) + minute * MINUTE,
    DAYS,
    st.integers(0, 24 * 60),
)


def read(span: TimeSpan, at: datetime) -> bool:
    """Lay the span out on wall clocks, day by day, and look whether one of its days is on."""
    wall = at.astimezone(PARIS).replace(tzinfo=None)
    for day in (wall.date(), wall.date() - timedelta(days=1)):
        begins = datetime.combine(day, span.begins or time())
        ends = datetime.combine(day, span.ends or time())
        if ends <= begins and (span.ends or span.begins):
            ends += timedelta(days=1)
        elif not span.ends:
            ends = datetime.combine(day + timedelta(days=1), time())
        dated = (span.since or day) <= day <= (span.until or day)
        holiday = span.holidays is None or (day in public_holidays(day.year)) is span.holidays
        if begins <= wall < ends and day.weekday() in span.days and dated and holiday:
            return True
    return False


@given(SPANS, MOMENTS)
def test_a_span_holds_when_the_wall_says_so(span: TimeSpan, at: datetime) -> None:
    assert holds(span, at) is read(span, at)


@settings(max_examples=60, deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=3), MOMENTS)
def test_the_next_change_is_the_first_minute_that_differs(
    spans: list[TimeSpan], at: datetime
) -> None:
    said = next_change(spans, at, days=2)
    before = [read(span, at) for span in spans]
    differing = (
        at + ahead * MINUTE
        for ahead in range(1, 2 * 24 * 60 + 1)
        if [read(span, at + ahead * MINUTE) for span in spans] != before
    )
    assert said == next(differing, None)


NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("span", "french", "english"),
    [
        (
            SIGN,
            f"Lundi à samedi, de 9{NBSP}h à 19{NBSP}h, sauf les jours fériés",
            "Monday to Saturday, from 9:00 to 19:00, except on public holidays",
        ),
        (
            TimeSpan(days=frozenset({2, 5}), begins=time(6, 30), ends=time(13)),
            f"Mercredi et samedi, de 6{NBSP}h{NBSP}30 à 13{NBSP}h",
            "Wednesday and Saturday, from 6:30 to 13:00",
        ),
        (
            TimeSpan(begins=time(22), ends=time(7)),
            f"Tous les jours, de 22{NBSP}h à 7{NBSP}h le lendemain",
            "Every day, from 22:00 to 7:00 the next day",
        ),
        (
            TimeSpan(begins=time(20), holidays=True),
            f"Les jours fériés, de 20{NBSP}h à minuit",
            "On public holidays, from 20:00 until midnight",
        ),
        (
            TimeSpan(days=frozenset({0}), holidays=True, since=date(2026, 3, 1)),
            "Lundi, seulement si c’est un jour férié, depuis le 1er mars 2026",
            "Monday, only when it is a public holiday, since 1 March 2026",
        ),
        (
            TimeSpan(since=date(2026, 3, 2), until=date(2026, 3, 4)),
            "Tous les jours, du 2 mars 2026 au 4 mars 2026 inclus",
            "Every day, from 2 March 2026 to 4 March 2026, that day included",
        ),
        (
            TimeSpan(days=frozenset(), until=date(2026, 3, 4)),
            "Aucun jour, jusqu’au 4 mars 2026 inclus",
            "On no day, until 4 March 2026, that day included",
        ),
        (
            TimeSpan(since=date(2026, 3, 2), until=date(2026, 3, 2)),
            "Tous les jours, le 2 mars 2026 seulement",
            "Every day, on 2 March 2026 only",
        ),
    ],
)
def test_a_span_is_told_as_on_a_sign(span: TimeSpan, french: str, english: str) -> None:
    with override("fr"):
        assert told(span) == french
    with override("en"):
        assert told(span) == english


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("012345", "lundi à samedi"),
        ("0123456", "tous les jours"),
        ("14", "mardi et vendredi"),
        ("", "aucun jour"),
        ("89x", "aucun jour"),
    ],
)
def test_days_kept_as_figures_are_told_in_words(kept: str, said: str) -> None:
    with override("fr"):
        assert days_told(kept) == said
