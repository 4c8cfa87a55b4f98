"""Measures in the reader's words: values with their unit, what a series shows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Aggregate, Point, Step
from communs.core.indicators.enums import Direction, Unit
from communs.core.indicators.queries import Series
from communs.core.kit.localised import day, money, month, number


def written(found: Indicator, value: Decimal, *, exact: bool = False) -> str:
    """Give a value with its unit, as the reader writes it; rounded unless `exact`."""
    rounded = value if exact else _rounded(found, value)
    shown = number(rounded)
    if found.unit == Unit.EURO:
        return money(rounded)
    if found.unit == Unit.DAY:
        return ngettext("%(count)s day", "%(count)s days", _plural(rounded)) % {"count": shown}
    if found.unit == Unit.HOUR:
        return ngettext("%(count)s hour", "%(count)s hours", _plural(rounded)) % {"count": shown}
    signs = {
        Unit.PERCENT: "\u00a0%",
        Unit.KILOGRAM: "\u00a0kg",
        Unit.KILOMETRE: "\u00a0km",
        Unit.SQUARE_METRE: "\u00a0m²",
    }
    return shown + signs.get(found.unit, "")


def told(found: Indicator, point: Point | None) -> str:
    """Give a point's value in words: withheld and unknown are never a number."""
    if point is not None and point.withheld:
        return _("fewer than %(count)s") % {"count": found.min_people}
    if point is None or point.value is None:
        return _("unknown")
    return written(found, point.value)


def span(point: Point, step: Step) -> str:
    """Give the days of a point in words."""
    if step is Step.MONTH and point.first.day == 1:
        return month(point.first)
    if point.days == 1:
        return day(point.first)
    last = point.after - timedelta(days=1)
    return _("%(first)s to %(last)s") % {"first": day(point.first), "last": day(last)}


def trend(series: Series) -> str:
    """Tell which way a series goes, from its first known value to its last, and if it is good."""
    known = [p for p in _telling(series) if not _is_before_break(series, p)]
    if len(known) <= 1:
        return _("too few values to tell a trend")
    first, last = (_rounded(series.indicator, p.value or Decimal(0)) for p in (known[0], known[-1]))
    if first == last:
        return _("steady")
    rises = last > first
    better = series.indicator.direction
    if better == Direction.NONE:
        return _("rising") if rises else _("falling")
    if rises == (better == Direction.UP):
        return _("rising, which is better") if rises else _("falling, which is better")
    return _("rising, which is worse") if rises else _("falling, which is worse")


def shown(series: Series) -> str:
    """Tell in one or two sentences what a chart of the series shows."""
    found = series.indicator
    known = _telling(series)
    if not known:
        return _("%(title)s: no value is known over these days.") % {"title": found.title}
    low = min(known, key=lambda p: p.value or 0)
    high = max(known, key=lambda p: p.value or 0)
    return _(
        "%(title)s, from %(first)s to %(until)s: lowest %(low)s (%(low_day)s), highest %(high)s"
        " (%(high_day)s), last %(last)s; %(trend)s."
    ) % {
        "title": found.title,
        "first": day(series.points[0].first),
        "until": day(series.points[-1].after - timedelta(days=1)),
        "low": told(found, low),
        "low_day": span(low, series.step),
        "high": told(found, high),
        "high_day": span(high, series.step),
        "last": told(found, known[-1]),
        "trend": trend(series),
    }


def age(point: Point, on: date) -> str:
    """Tell how old a point is."""
    days = (on - (point.after - timedelta(days=1))).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": number(days)}


def days_known(point: Point) -> str:
    """Tell how many of a point's days have a value; nothing where all have."""
    if not point.is_partial or point.withheld:
        return ""
    return _("%(known)s of %(days)s days known") % {"known": point.known, "days": point.days}


def combined(found: Indicator) -> str:
    """Tell how days, and communities, make one figure."""
    return {
        Aggregate.SUM: _("Days and communities add up."),
        Aggregate.MEAN: _("The mean of the days, and of the communities."),
        Aggregate.LAST: _("The last day counts; communities add up."),
        Aggregate.RATIO: _("A share: parts and wholes are added up before they are divided."),
    }[found.aggregate]


def _telling(series: Series) -> list[Point]:
    """Give the points with a value; those of which some days are unknown only if all are so."""
    known = [p for p in series.points if p.value is not None]
    return [p for p in known if not p.is_partial] or known


def _is_before_break(series: Series, point: Point) -> bool:
    return bool(series.breaks) and point.first < series.breaks[-1]


def _rounded(found: Indicator, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-found.decimals), ROUND_HALF_UP)


def _plural(value: Decimal) -> int:
    return 1 if abs(value) <= 1 else int(abs(value)) + 1
