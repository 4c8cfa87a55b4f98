"""Copies of a common beside the original: the same indicators, over the same weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from communs.core.communities.addresses import url_of
from communs.core.communities.models import Community
from communs.core.indicators import definitions, words
from communs.core.indicators import queries as indicators
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Step
from communs.core.web import charts
from communs.services.fund.engine.sharing import moves
from communs.services.fund.models import Common
from communs.services.fund.queries import commons as reads
from communs.services.fund.queries.commons import Copy


def measures(found: Common, copies: Sequence[Copy], on: date) -> list[dict[str, Any]]:
    """Give, by indicator of the protocol, the last 90 days of each place to one scale.

    One query an indicator. What is measured here no more is left out.
    """
    site = found.evaluation.experiment.site
    running = [one.replication.place for one in copies if one.replication.state in moves.RUNNING]
    communities = [site, *(one for one in running if one.pk != site.pk)]
    known = (definitions.find(one.indicator) for one in reads.protocol(found))
    return [
        {"title": str(one.title), "rows": _rows(one, communities, on)}
        for one in known
        if one is not None and one.public
    ]


def _rows(found: Indicator, communities: Sequence[Community], on: date) -> list[dict[str, Any]]:
    first, last = on - timedelta(days=indicators.RECENT), on - timedelta(days=1)
    told = indicators.compared_series(found.key, communities, first, last, step=Step.WEEK, on=on)
    values = [p.value for _place, series in told for p in series.points if p.value is not None]
    high = max(values, default=None)
    return [
        {
            "name": place.name,
            "href": url_of(place, "web:indicator", found.key),
            "value": words.told(found, series.last),
            "known": series.last is not None,
            "trend": words.trend(series),
            "spark": charts.spark([p.value for p in series.points], high=high),
        }
        for place, series in told
    ]
