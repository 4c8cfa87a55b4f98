"""Takes measures and keeps them; what was imported or never measured is not made up."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from communs.core.indicators import queries
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Daily
from communs.core.indicators.enums import Provenance
from communs.core.indicators.models import Observation

log = logging.getLogger(__name__)

CATCH_UP = 31  # days looked back for nights that were missed


class MeasuringFailed(Exception):
    """Some indicators could not be measured; the others were."""


def measure(*, on: date, at: datetime) -> int:
    """Keep what the community in force measures of a day, and of the nights missed before it.

    Missed nights are made up for where a measure can tell of the past; elsewhere they stay
    unknown. Give how many observations were added; raises MeasuringFailed at the end.
    """
    added, failed = 0, []
    since = on - timedelta(days=CATCH_UP)
    kept = queries.days_kept(since)
    for found in queries.indicators_here(on):
        wanted = _missing(found, kept.get((found.key, found.version), set()), on)
        try:
            added += keep(found, [found.taken(day) for day in wanted], at=at)
        except Exception:
            log.exception("measuring %s on %s", found.key, on)
            failed.append(found.key)
    if failed:
        raise MeasuringFailed(", ".join(failed))
    return added


def backfill(*, days: int, on: date, at: datetime) -> int:
    """Measure the `days` days up to this one that have no observation; give how many were added."""
    since = on - timedelta(days=days - 1)
    kept = queries.days_kept(since)
    added = 0
    for found in queries.indicators_here(on):
        told = kept.get((found.key, found.version), set())
        wanted = [day for day in _days(since if found.past else on, on) if day not in told]
        added += keep(found, [found.taken(day) for day in wanted], at=at)
    return added


def keep(found: Indicator, taken: Iterable[Daily], *, at: datetime) -> int:
    """Write observations; a day that has one keeps it, so that doing so twice changes nothing."""
    demonstration = queries.is_demonstration()
    rows = [_row(found, daily, at, demonstration) for daily in taken]
    Observation.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _missing(found: Indicator, kept: set[date], on: date) -> list[date]:
    """Give the days to measure: after the first one that was, if the measure can look back."""
    first = min(on, *kept) if found.past and kept else on
    return [day for day in _days(first, on) if day not in kept]


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _row(found: Indicator, daily: Daily, at: datetime, demonstration: bool) -> Observation:
    return Observation(
        indicator=found.key,
        version=daily.version,
        day=daily.day,
        value=daily.value,
        numerator=daily.numerator,
        denominator=daily.denominator,
        n=daily.n,
        provenance=Provenance(daily.provenance or Provenance.MEASURED),
        demonstration=demonstration or daily.demonstration,
        at=at,
    )
