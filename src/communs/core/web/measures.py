"""Measures as pages show them: in words, in a chart, in a table, beside other communities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from communs.core.communities.addresses import url_of
from communs.core.indicators import queries, words
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Aggregate, Point, Step
from communs.core.indicators.enums import Provenance
from communs.core.indicators.queries import Compared, Comparison, Series
from communs.core.kit.localised import day, month, number
from communs.core.registry import queries as registry
from communs.core.web import charts

SPANS = {Step.DAY: 90, Step.WEEK: 26 * 7, Step.MONTH: 730}  # days shown at each step
_MULTIPLES = 24  # communities drawn side by side
_LABELS = {
    Step.DAY: gettext_lazy("By day"),
    Step.WEEK: gettext_lazy("By week"),
    Step.MONTH: gettext_lazy("By month"),
}


class StepForm(forms.Form):
    """How long each point of a chart lasts."""

    step = forms.ChoiceField(
        required=False,
        choices=[(step.value, label) for step, label in _LABELS.items()],
        error_messages={
            "invalid_choice": gettext_lazy("Choose day, week or month; days are shown meanwhile.")
        },
    )

    def step_asked(self) -> Step:
        """Give the step asked for; days if none, or one that does not exist."""
        return Step((self.is_valid() and self.cleaned_data["step"]) or Step.DAY)


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator in the list."""

    indicator: Indicator
    value: str
    known: bool
    age: str
    trend: str
    spark: Markup


@dataclass(frozen=True, slots=True)
class Side:
    """A community in a comparison."""

    name: str
    href: str
    value: str
    known: bool
    rate: str
    population: str
    bar: Markup


def overview(on: date) -> list[tuple[str, list[Line]]]:
    """Give the indicators here by the title of the service that measures each."""
    found = queries.shown_here(on)
    titles = {service.key: str(service.title) for service in registry.services()}
    grouped: dict[str, list[Line]] = {}
    start = on - timedelta(days=queries.RECENT)
    for series in queries.all_series(found, start, on - timedelta(days=1), on=on):
        title = titles.get(series.indicator.part, _("The site itself"))
        grouped.setdefault(title, []).append(_line(series, on))
    return list(grouped.items())


def one(found: Indicator, step: Step, on: date) -> dict[str, Any]:
    """Give what the page of an indicator shows."""
    end = on - timedelta(days=1)
    series = queries.series(found.key, on - timedelta(days=SPANS[step]), end, step=step, on=on)
    imports = queries.imports(found.key)
    return {
        "series": series,
        "chart": drawn(series),
        "sentence": words.shown(series),
        "rows": [_row(series, point) for point in reversed(series.points)],
        "steps": [_tab(one, series.step) for one in found.steps()],
        "combined": words.combined(found),
        "imports": imports,
        "is_demonstration": any(p.demonstration for p in series.points),
        **_beside(found, on),
    }


def drawn(series: Series) -> Markup:
    """Draw a series: columns for what adds up, a line for what lasts."""
    found = series.indicator
    marks = [_mark(series, point) for point in series.points]
    chart = charts.Chart(
        name=f"c-{found.key.replace('.', '-')}",
        marks=marks,
        sentence=words.shown(series),
        write=lambda value: words.written(found, value, exact=True),
        references=_references(series),
        breaks=[
            index
            for index, point in enumerate(series.points)
            if any(point.first <= begun < point.after for begun in series.breaks)
        ],
    )
    return chart.columns() if found.aggregate is Aggregate.SUM else chart.line()


def _beside(found: Indicator, on: date) -> dict[str, Any]:
    """Compare the last 30 days, or the last whole month, with other communities."""
    end = on - timedelta(days=1)
    compared = queries.compare(found.key, end - timedelta(days=29), end, on=on)
    telling = [row for row in compared.rows if row.point.value is not None or row.point.withheld]
    if len(telling) <= 1:
        return {"comparison": None}
    silent = len(compared.rows) - len(telling)
    compared = replace(compared, rows=telling)
    last = compared.after - timedelta(days=1)
    return {
        "comparison": compared,
        "compared_last": last,
        "silent": silent,
        "sides": _sides(compared),
        "total": words.told(found, Point(compared.first, compared.after, compared.total)),
        "multiples": _multiples(compared, on),
    }


def _sides(compared: Comparison) -> list[Side]:
    high = max((row.point.value or Decimal(0) for row in compared.rows), default=Decimal(0))
    return [_side(compared.indicator, row, high) for row in compared.rows]


def _side(found: Indicator, row: Compared, high: Decimal) -> Side:
    rate, people = row.per_thousand, row.population
    return Side(
        name=row.community.name,
        href=url_of(row.community, "web:indicator", found.key),
        value=words.told(found, row.point),
        known=row.point.value is not None,
        rate=number(round(rate, 2)) if rate is not None else "",
        population=_("%(count)s inhabitants (%(year)s)")
        % {"count": number(people.inhabitants), "year": people.year}
        if people
        else "",
        bar=charts.bar(row.point.value or Decimal(0), high),
    )


def _multiples(compared: Comparison, on: date) -> list[dict[str, Any]]:
    """Draw the weeks of each community to one scale."""
    communities = [row.community for row in compared.rows][:_MULTIPLES]
    end = on - timedelta(days=1)
    found = queries.compared_series(
        compared.indicator.key,
        communities,
        on - timedelta(days=queries.RECENT),
        end,
        step=Step.WEEK,
        on=on,
    )
    values = [p.value for _c, series in found for p in series.points if p.value is not None]
    high = max(values, default=None)
    return [
        {
            "name": community.name,
            "spark": charts.spark([p.value for p in series.points], high=high),
            "value": words.told(compared.indicator, series.last),
            "trend": words.trend(series),
        }
        for community, series in found
    ]


def _line(series: Series, on: date) -> Line:
    last = series.last
    shown = last or (series.points[-1] if series.points else None)
    return Line(
        indicator=series.indicator,
        value=words.told(series.indicator, shown),
        known=last is not None,
        age=words.age(last, on) if last else "",
        trend=words.trend(series),
        spark=charts.spark([p.value for p in series.points]),
    )


def _mark(series: Series, point: Point) -> charts.Mark:
    said = words.told(series.indicator, point)
    label = month(point.first) if series.step is Step.MONTH else day(point.first)
    return charts.Mark(label, point.value, said, said, partial=point.is_partial)


def _references(series: Series) -> Sequence[charts.Reference]:
    """Give the mean of what was imported, where measures of ours follow."""
    imported = [p.value for p in series.points if p.provenances == (Provenance.IMPORTED,)]
    known = [value for value in imported if value is not None]
    if not known or series.last is None or series.last.provenances == (Provenance.IMPORTED,):
        return ()
    mean = sum(known, Decimal(0)) / len(known)
    label = _("before: %(value)s") % {"value": words.written(series.indicator, mean)}
    return (charts.Reference(mean, label),)


def _row(series: Series, point: Point) -> dict[str, Any]:
    return {
        "span": words.span(point, series.step),
        "value": words.told(series.indicator, point),
        "known": point.value is not None,
        "partial": words.days_known(point),
        "provenance": ", ".join(str(Provenance(p).label) for p in point.provenances),
    }


def _tab(step: Step, current: Step) -> dict[str, Any]:
    href = "?step=" + step.value
    return {"label": _LABELS[step], "href": href, "current": step is current}
