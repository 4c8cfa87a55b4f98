"""How days combine into weeks and months, and communities into one figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

ZERO = Decimal(0)


class Step(StrEnum):
    """How long one point of a series lasts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def first(self, day: date) -> date:
        """Give the first day of the span that holds this day; weeks begin on Monday."""
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def after(self, first: date) -> date:
        """Give the first day of the next span."""
        if self is Step.MONTH:
            return (first + timedelta(days=31)).replace(day=1)
        return first + timedelta(days=7 if self is Step.WEEK else 1)


class Aggregate(StrEnum):
    """How several days, or several communities, make one figure.

    SUM adds. MEAN is the plain mean. LAST is a stock: the last day counts, communities add up.
    RATIO divides the sum of the numerators by that of the denominators.
    """

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Daily:
    """What is known of a day; no value is unknown, never 0."""

    day: date
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    version: int = 1
    provenance: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A span of a series, from `first` to the day before `after`.

    `known` of its `days` have a value; one without any is unknown. A withheld one is about too few
    people to be told.
    """

    first: date
    after: date
    value: Decimal | None = None
    known: int = 0
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    version: int | None = None
    provenances: tuple[str, ...] = ()
    demonstration: bool = False
    withheld: bool = False

    @property
    def days(self) -> int:
        return (self.after - self.first).days

    @property
    def is_partial(self) -> bool:
        """Whether some of its days are unknown."""
        return 0 < self.known < self.days


def spans(start: date, end: date, step: Step) -> Iterator[tuple[date, date]]:
    """Give the whole spans that hold the days from `start` to `end`, both included."""
    first = step.first(start)
    while first <= end:
        after = step.after(first)
        yield first, after
        first = after


def combine(
    days: Iterable[Daily], start: date, end: date, step: Step, *, how: Aggregate, scale: int = 1
) -> list[Point]:
    """Give a point for each span, gaps included; `scale` multiplies ratios (100 for per cent).

    In a span where the definition changed, its latest version counts alone.
    """
    rows = sorted((d for d in days if start <= d.day <= end), key=lambda d: (d.day, d.version))
    held = {first: list(found) for first, found in groupby(rows, lambda d: step.first(d.day))}
    return [
        _point(first, after, held.get(first, []), how, scale)
        for first, after in spans(start, end, step)
    ]


def whole(days: Iterable[Daily], first: date, last: date, how: Aggregate, scale: int = 1) -> Point:
    """Give one point for all the days from `first` to `last`, both included."""
    rows = sorted((d for d in days if first <= d.day <= last), key=lambda d: (d.day, d.version))
    return _point(first, last + timedelta(days=1), rows, how, scale)


def breaks(days: Iterable[Daily]) -> list[date]:
    """Give the first day of each definition after the first: what follows compares no more."""
    begun: dict[int, date] = {}
    for row in days:
        begun[row.version] = min(row.day, begun.get(row.version, row.day))
    return [begun[version] for version in sorted(begun)[1:]]


def few(point: Point, least: int) -> bool:
    """Tell whether a point is about fewer than `least` people, or would tell of so few.

    Not knowing about how many it is counts as few.
    """
    if point.n is None or point.n < least:
        return True
    if point.numerator is None or point.denominator is None:
        return False
    parts = (point.numerator, point.denominator - point.numerator)
    return any(0 < part < least for part in parts)


def withhold(points: Sequence[Point], least: int) -> list[Point]:
    """Give the points with nothing left of those about too few people, not even how few."""
    return [
        Point(p.first, p.after, withheld=True, version=p.version)
        if p.value is not None and few(p, least)
        else p
        for p in points
    ]


def total(points: Iterable[Point], how: Aggregate, scale: int = 1) -> Decimal | None:
    """Give one figure for several communities, of what each has told; None if none has.

    It is made of told values only, so that no withheld one can be found by difference.
    """
    told = [p for p in points if p.value is not None and not p.withheld]
    if how is Aggregate.RATIO:
        return _ratio(told, scale)
    values = [p.value for p in told if p.value is not None]
    if not values:
        return None
    return sum(values, ZERO) / (len(values) if how is Aggregate.MEAN else 1)


def _point(first: date, after: date, rows: list[Daily], how: Aggregate, scale: int) -> Point:
    version = max((row.version for row in rows), default=None)
    known = [row for row in rows if row.version == version and row.value is not None]
    if not known:
        return Point(first, after, version=version)
    counted = known[-1:] if how is Aggregate.LAST else known
    people = [row.n for row in counted if row.n is not None]
    return Point(
        first,
        after,
        value=_value(counted, how, scale),
        known=len(known),
        numerator=_sum(row.numerator for row in counted),
        denominator=_sum(row.denominator for row in counted),
        n=sum(people) if people else None,
        version=version,
        provenances=tuple(sorted({row.provenance for row in known})),
        demonstration=any(row.demonstration for row in known),
    )


def _value(rows: Sequence[Daily], how: Aggregate, scale: int) -> Decimal | None:
    if how is Aggregate.RATIO:
        return _ratio(rows, scale)
    values = [row.value for row in rows if row.value is not None]
    return sum(values, ZERO) / (len(values) if how is Aggregate.MEAN else 1)


def _ratio(rows: Sequence[Daily | Point], scale: int) -> Decimal | None:
    below = _sum(row.denominator for row in rows)
    above = _sum(row.numerator for row in rows)
    return above * scale / below if above is not None and below else None


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None
