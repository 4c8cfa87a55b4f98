"""The demonstration's measures: 90 days of daily life, made up, and marked as such."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import definitions, measuring, queries
from communs.core.indicators.engine.combining import Daily

DAYS = 90
_LIVELY = {
    "antony": 14, "boulogne-billancourt": 19, "creteil": 15, "levallois-perret": 11,
    "montreuil": 17, "nanterre": 16, "saint-denis": 18, "sceaux": 6, "vincennes": 9,
}  # fmt: skip
_WEEK = (10, 12, 11, 12, 9, 3, 2)  # tenths of a usual day, Monday first
_LOST = (31, 32, 33)  # nights that nobody measured


def load(metropolis: Community, *, at: datetime) -> None:
    """Measure what can tell of the past, then make up what communes did; the gap is on purpose."""
    yesterday = at.date() - timedelta(days=1)
    actions = definitions.named("house.actions")
    places = Community.objects.filter(slug__in=_LIVELY)
    for place, usual in ((metropolis, 25), *((p, _LIVELY[p.slug]) for p in places)):
        with within(place):
            measuring.keep(actions, _made_up(usual, yesterday), at=at)
            for found in queries.indicators_here(yesterday):
                if found is not actions:
                    past = DAYS if found.past else 1
                    days = [yesterday - timedelta(days=ago) for ago in range(past)]
                    measuring.keep(found, [found.taken(day) for day in days], at=at)


def _made_up(usual: int, yesterday: date) -> Iterator[Daily]:
    for ago in range(DAYS):
        day = yesterday - timedelta(days=ago)
        if ago not in _LOST:
            wave = (day.toordinal() * usual) % 7 - 3
            value = max(0, usual * _WEEK[day.weekday()] // 10 + wave - ago // 12)
            yield Daily(day, Decimal(value), demonstration=True)
