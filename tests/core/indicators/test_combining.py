"""Arithmetic of measures: nothing unknown becomes a number, nothing withheld can be found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from communs.core.indicators.engine.combining import (
    Aggregate,
    Daily,
    Point,
    Step,
    breaks,
    combine,
    few,
    total,
    whole,
    withhold,
)

START = date(2026, 1, 1)
LEAST = 5

values = st.none() | st.integers(0, 1000).map(Decimal)
histories = st.dictionaries(st.integers(0, 200), values, max_size=120).map(
    lambda found: [Daily(START + timedelta(days=n), v) for n, v in found.items()]
)


def day(n: int, value: int | None, **more: object) -> Daily:
    known = None if value is None else Decimal(value)
    return Daily(START + timedelta(days=n), known, **more)


@given(histories)
def test_weeks_and_months_add_up_to_the_same_as_their_days(days: list[Daily]) -> None:
    end = START + timedelta(days=200)
    sums = [
        total(combine(days, START, end, step, how=Aggregate.SUM), Aggregate.SUM) for step in Step
    ]
    known = [d.value for d in days if d.value is not None]
    assert sums == [sum(known) if known else None] * 3


@given(histories, st.sampled_from(Step), st.sampled_from(Aggregate))
def test_a_span_has_a_value_only_if_one_of_its_days_has(
    days: list[Daily], step: Step, how: Aggregate
) -> None:
    points = combine(days, START, START + timedelta(days=200), step, how=how)
    known = {d.day for d in days if d.value is not None}
    for point in points:
        inside = sum(point.first <= d < point.after for d in known)
        assert point.known == inside
        # Without numerator and denominator a ratio stays unknown.
        assert (point.value is not None) == (inside > 0 and how is not Aggregate.RATIO)


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from(Step))
def test_spans_follow_each_other_without_hole_or_overlap(first: int, more: int, step: Step) -> None:
    start = START + timedelta(days=first)
    end = start + timedelta(days=more)
    points = combine([], start, end, step, how=Aggregate.SUM)
    assert points[0].first <= start < points[0].after
    assert points[-1].first <= end < points[-1].after
    assert all(a.after == b.first for a, b in pairwise(points))


def test_each_way_of_combining_gives_its_figure() -> None:
    days = [day(4, 2), day(5, 4), day(6, None), day(7, 9)]  # Monday 5 January begins a week
    weeks = {
        how: [p.value for p in combine(days, START, date(2026, 1, 10), Step.WEEK, how=how)]
        for how in (Aggregate.SUM, Aggregate.MEAN, Aggregate.LAST)
    }
    assert weeks == {
        Aggregate.SUM: [None, Decimal(15)],
        Aggregate.MEAN: [None, Decimal(5)],
        Aggregate.LAST: [None, Decimal(9)],
    }


def test_a_share_divides_sums_and_is_unknown_of_nothing() -> None:
    days = [
        day(0, 50, numerator=Decimal(1), denominator=Decimal(2)),
        day(1, 25, numerator=Decimal(2), denominator=Decimal(8)),
    ]
    point = whole(days, START, START + timedelta(days=1), Aggregate.RATIO, 100)
    assert (point.value, point.numerator, point.denominator) == (Decimal(30), 3, 10)
    none = [day(0, 0, numerator=Decimal(0), denominator=Decimal(0))]
    assert whole(none, START, START, Aggregate.RATIO, 100).value is None


def test_a_changed_definition_begins_another_series() -> None:
    days = [day(0, 1), day(1, 1), day(1, 100, version=2), day(2, 200, version=2)]
    points = combine(days, START, date(2026, 1, 3), Step.DAY, how=Aggregate.SUM)
    assert [(p.value, p.version) for p in points] == [(1, 1), (100, 2), (200, 2)]
    assert breaks(days) == [date(2026, 1, 2)]
    assert whole(days, START, date(2026, 1, 3), Aggregate.SUM).value == 300


def test_a_span_with_unknown_days_says_so() -> None:
    (point,) = combine([day(0, 3)], START, START, Step.MONTH, how=Aggregate.SUM)
    assert (point.value, point.known, point.days, point.is_partial) == (3, 1, 31, True)


def test_few_is_below_the_threshold_or_unknown() -> None:
    def about(n: int | None, above: int | None = None) -> Point:
        whole_ = None if above is None else Decimal(n or 0)
        part = None if above is None else Decimal(above)
        return Point(START, START, Decimal(1), n=n, numerator=part, denominator=whole_)

    told = [few(about(n), LEAST) for n in (None, 0, 4, 5)]
    assert told == [True, True, True, False]
    shares = [few(about(20, above), LEAST) for above in (0, 4, 5, 15, 16, 20)]
    assert shares == [False, True, False, False, True, False]


counted = st.lists(st.integers(0, 12), min_size=1, max_size=12)


@given(counted, st.data())
def test_what_is_withheld_changes_nothing_of_what_is_told(
    people: list[int], data: st.DataObject
) -> None:
    """Two worlds that differ only below the threshold publish exactly the same."""

    def published(counts: list[int]) -> object:
        points = [
            Point(START, START + timedelta(days=31), Decimal(n), known=1, n=n, version=1)
            for n in counts
        ]
        told = withhold(points, LEAST)
        return told, total(told, Aggregate.SUM), total(told, Aggregate.MEAN)

    other = [n if n >= LEAST else data.draw(st.integers(0, LEAST - 1)) for n in people]
    assert published(other) == published(people)
    assert all(p.value is None for p, n in zip(published(people)[0], people, strict=True) if n < 5)
