"""The figures of an experiment: each indicator as a chart, and the same in a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import compress, groupby
from statistics import quantiles
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from communs.core.communities.addresses import url_of
from communs.core.kit.localised import day, month
from communs.core.web import charts
from communs.services.fund.engine.evaluating import series
from communs.services.fund.models import Experiment
from communs.services.fund.queries import finding_words as findings

_LEAST_FOR_BAND = 4
_POINTS = 62  # of a chart, before days make weeks and weeks months


def measured(told: Mapping[str, Any], one: Experiment) -> dict[str, Any]:
    """Give an indicator's chart with its baseline and target, and the same in a table."""
    key, line = told["key"], told["site"]
    marks, starts = _marks(told, one)
    by_week = _spanned(len(line["values"]), told["step"]) is _week
    base = _baseline(told)
    mean = _mean(base)
    title = findings.title_of(key)
    sentence = _("%(title)s: %(before)s before the start, %(last)s lately.") % {
        "title": title,
        "before": findings.figure(key, mean),
        "last": next((mark.words for mark in reversed(marks) if mark.value is not None), "–"),
    }
    return {
        "key": key,
        "title": title,
        "aim": findings.aimed(told["aim"], key, told["target"]),
        "baseline": pgettext("baseline", "unknown") if mean is None else findings.figure(key, mean),
        "baseline_days": _("from %(first)s to %(last)s")
        % {"first": day(_date(told["baseline"][0])), "last": day(_date(told["baseline"][1]))},
        "control": findings.title_of(told["control"]) if told["control"] else "",
        "chart": _chart(told, marks, base, starts=starts, sentence=sentence),
        "sentence": sentence,
        "rows": [_row(mark, by_week=by_week) for mark in reversed(marks)],
        "known": any(value is not None for value in line["values"]),
        "href": url_of(one.site, "web:indicator", key),
    }


def _chart(
    told: Mapping[str, Any],
    marks: Sequence[charts.Mark],
    base: Sequence[float],
    *,
    starts: int | None,
    sentence: str,
) -> Markup:
    key, levels = told["key"], []
    mean = _mean(base)
    if mean is not None:
        levels.append((mean, _("before: %(value)s") % {"value": findings.figure(key, mean)}))
    if told["target"] is not None:
        aimed = {"value": findings.figure(key, told["target"])}
        levels.append((told["target"], _("target: %(value)s") % aimed))
    band = None
    if len(base) >= _LEAST_FOR_BAND:
        low, _middle, high = quantiles(base, n=4)
        band = charts.Band(_exact(low), _exact(high))
    return charts.Chart(
        name=f"x-{key.replace('.', '-')}",
        marks=marks,
        sentence=sentence,
        write=lambda value: findings.figure(key, float(value)),
        references=[charts.Reference(_exact(value), word) for value, word in levels],
        band=band,
        starts=None if starts is None else (starts, _("start")),
    ).line()


def _marks(told: Mapping[str, Any], one: Experiment) -> tuple[list[charts.Mark], int | None]:
    """Give the points of a chart: days, weeks or months, whichever are few enough."""
    days, values = series.days_of(told["site"], told["step"]), told["site"]["values"]
    first = _spanned(len(days), told["step"])
    cut = _cut(days, first)
    marks = [
        _mark(told["key"], when, values[begins:ends], by_month=first is _month)
        for when, begins, ends in cut
    ]
    if one.starts_on is None:
        return marks, None
    start = first(one.starts_on)
    return marks, next((n for n, (when, _from, _to) in enumerate(cut) if when >= start), None)


@lru_cache(maxsize=32)
def _cut(days: tuple[date, ...], first: Callable[[date], date]) -> list[tuple[date, int, int]]:
    """Cut days into spans: each span's first day, and where it begins and ends among them."""
    found, place = [], 0
    for when, held in groupby(days, first):
        count = sum(1 for _day in held)
        found.append((when, place, place + count))
        place += count
    return found


def _mark(key: str, when: date, held: Sequence[float | None], *, by_month: bool) -> charts.Mark:
    known = [value for value in held if value is not None]
    mean = _mean(known)
    words = findings.figure(key, mean)
    partial = 0 < len(known) < len(held)
    label = month(when) if by_month else day(when)
    return charts.Mark(label, None if mean is None else _exact(mean), words, words, partial)


def _row(mark: charts.Mark, *, by_week: bool) -> dict[str, Any]:
    """Give a point of a chart as its table says it."""
    return {
        "label": _("week of %(day)s") % {"day": mark.label} if by_week else mark.label,
        "value": mark.value,
        "words": _("%(value)s (partial)") % {"value": mark.words} if mark.partial else mark.words,
    }


def _spanned(count: int, step: str) -> Any:
    if step == series.MONTH or count > _POINTS * 7:
        return _month
    return _week if count > _POINTS else _same


def _same(when: date) -> date:
    return when


def _week(when: date) -> date:
    return when - timedelta(days=when.weekday())


def _month(when: date) -> date:
    return when.replace(day=1)


def _baseline(told: Mapping[str, Any]) -> list[float]:
    first, last = map(_date, told["baseline"])
    days = series.days_of(told["site"], told["step"])
    held = compress(told["site"]["values"], (first <= when <= last for when in days))
    return [value for value in held if value is not None]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _exact(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))
