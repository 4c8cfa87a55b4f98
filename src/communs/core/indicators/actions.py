"""Writes: an indicator is measured again, earlier figures are brought in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communs.core.files.actions import attach
from communs.core.files.models import StoredFile
from communs.core.indicators import queries
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.baseline import Figure
from communs.core.indicators.engine.combining import Aggregate, Daily
from communs.core.indicators.enums import Provenance
from communs.core.indicators.measuring import keep
from communs.core.indicators.models import Observation
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused

MOST_DAYS = 366
_VALUES = ["value", "numerator", "denominator", "n", "provenance", "source", "licence", "at"]


@action("indicators.measured_again")
def measure_again(*, indicator: Indicator, start: date, end: date, at: datetime, by: Any) -> int:
    """Measure past days again; what differs is marked as corrected. Give how many days changed.

    Imported figures stay. Raises Refused where the measure cannot tell of the past.
    """
    if not indicator.past:
        raise Refused(_("This indicator can only be measured on the day itself."))
    if not 0 <= (end - start).days < MOST_DAYS:
        raise Refused(_("Choose at most a year, from its first day to its last."), field="start")
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    kept = _kept(indicator, days)
    taken = [indicator.taken(day) for day in days]
    keep(indicator, [daily for daily in taken if daily.day not in kept], at=at)
    changed = [_corrected(kept[d.day], d, at) for d in taken if _differs(kept.get(d.day), d)]
    Observation.objects.bulk_update(changed, _VALUES, batch_size=500)
    total = len(changed) + len(days) - len(kept)
    if not total:
        nothing_done()
        return 0
    record(f"indicator:{indicator.key}", start=str(start), end=str(end), days=total)
    return total


@action("indicators.baseline_imported")
def import_baseline(
    *,
    indicator: Indicator,
    figures: Sequence[Figure],
    source: str,
    licence: str,
    file: StoredFile | None = None,
    at: datetime,
    by: Any,
) -> int:
    """Keep earlier figures with their source; give how many days they replaced."""
    if not figures:
        raise Refused(_("This file holds no figure."), field="file")
    kept = _kept(indicator, [figure.day for figure in figures])
    demonstration = queries.is_demonstration()
    rows = []
    for figure in figures:
        row = kept.get(figure.day) or Observation(
            indicator=indicator.key, version=indicator.version, day=figure.day
        )
        row.value, row.n = figure.value, figure.n
        row.numerator, row.denominator = _parts(indicator, figure)
        row.provenance, row.source, row.licence = Provenance.IMPORTED, source, licence
        row.demonstration, row.at = demonstration, at
        rows.append(row)
    fresh = [row for row in rows if row.day not in kept]
    Observation.objects.bulk_create(fresh, batch_size=500)
    replaced = [row for row in rows if row.day in kept]
    Observation.objects.bulk_update(replaced, [*_VALUES, "demonstration"], batch_size=500)
    subject = f"indicator:{indicator.key}"
    if file is not None:
        attach(file=file, subject=subject, at=at, by=by)
    record(
        subject,
        source=source,
        licence=licence,
        sha256=file.sha256 if file else "",
        start=str(figures[0].day),
        end=str(figures[-1].day),
        days=len(rows),
        replaced=len(replaced),
    )
    return len(replaced)


def _kept(indicator: Indicator, days: Iterable[date]) -> dict[date, Observation]:
    wanted = sorted(days)
    rows = Observation.objects.filter(
        indicator=indicator.key,
        version=indicator.version,
        day__range=(wanted[0], wanted[-1]),
    )
    within = set(wanted)
    return {row.day: row for row in rows if row.day in within}


def _differs(row: Observation | None, daily: Daily) -> bool:
    if row is None or row.provenance == Provenance.IMPORTED:
        return False
    told = (daily.value, daily.numerator, daily.denominator, daily.n)
    return (row.value, row.numerator, row.denominator, row.n) != told


def _corrected(row: Observation, daily: Daily, at: datetime) -> Observation:
    row.value, row.numerator = daily.value, daily.numerator
    row.denominator, row.n = daily.denominator, daily.n
    row.provenance, row.at = Provenance.CORRECTED, at
    return row


def _parts(indicator: Indicator, figure: Figure) -> tuple[Decimal | None, Decimal | None]:
    """Give numerator and denominator of a share that was given in per cent of `n`."""
    if indicator.aggregate is not Aggregate.RATIO or figure.value is None or figure.n is None:
        return None, None
    return figure.value * figure.n / indicator.scale, Decimal(figure.n)
