"""Recurring deliveries in words: days, hours, how many vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.kit.localised import day as told_day
from communs.core.kit.localised import number
from communs.core.kit.timespans import PARIS, TimeSpan
from communs.core.kit.timespans_told import hour, told
from communs.services.delivery.engine import expected
from communs.services.delivery.enums import VehicleClass
from communs.services.delivery.models import Merchant, Recurrence
from communs.services.delivery.queries import Expectation
from communs.services.delivery.views import shown

_FIRST, _LAST = 12, 42  # half hours shown: from 6:00 to 21:00
_BUSY = 0.5


def words_of(row: Recurrence) -> str:
    """Say when a delivery comes, with what and for how long."""
    span = TimeSpan(
        days=frozenset(map(int, row.days)),
        begins=row.begins,
        ends=row.ends,
        since=row.since,
        until=row.until,
        holidays=None if row.holidays else False,
    )
    given = {
        "when": told(span),
        "vehicle": VehicleClass(row.vehicle).label,
        "minutes": shown.minutes(row.minutes),
    }
    return _("%(when)s – %(vehicle)s, %(minutes)s") % given


def lines_of(shop: Merchant) -> list[dict[str, Any]]:
    """Give what comes back to a shop, with the days that are left out."""
    return [
        {
            "row": row,
            "words": words_of(row),
            "pauses": [
                {
                    "row": pause,
                    "words": _("except from %(first)s until %(last)s")
                    % {"first": told_day(pause.first), "last": told_day(pause.last)},
                }
                for pause in row.pauses.all()
            ],
        }
        for row in shop.recurrences.all()
    ]


def day_of(one: Expectation, day: date, after: datetime | None = None) -> dict[str, Any]:
    """Give the hours of a day at which vehicles are expected in a bay; those over are left out."""
    begun = 0 if after is None else _half_of(after)
    runs = [run for run in expected.runs(one.days[day]) if run[1] > begun]
    return {
        "bay": one.bay,
        "href": reverse("delivery:bay", args=[one.bay.code]),
        "runs": [_run(*run, one.bay.spaces) for run in runs],
    }


def weeks(found: Sequence[Expectation], share: float) -> list[dict[str, Any]]:
    """Give, bay by bay, how full a week will be and what overlaps."""
    rows = [
        {
            "bay": one.bay,
            "href": reverse("delivery:run_expected_of_bay", args=[one.bay.code]),
            "fullest": _percent(one.fullest),
            "crowded": one.crowded(share),
            "clashing": one.clashing(),
            "any": one.fullest > 0,
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row["any"], -row["crowded"], -row["clashing"]))


def table_of(one: Expectation) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Give the columns and lines of a bay's week: a cell a day and half hour."""
    columns = [{"key": "hour", "label": _("Hour")}]
    columns += [{"key": str(day), "label": told_day(day)} for day in one.days]
    lines = [
        {"hour": hour(expected.clock(half))}
        | {str(day): _cell(halves[half], one.bay.spaces) for day, halves in one.days.items()}
        for half in range(_FIRST, _LAST)
    ]
    return columns, lines


def _run(first: int, end: int, most: int, spaces: int) -> dict[str, Any]:
    between = {"begins": hour(expected.clock(first)), "ends": hour(expected.clock(end))}
    count = ngettext("up to %(count)s vehicle", "up to %(count)s vehicles", most)
    return {
        "label": _("From %(begins)s to %(ends)s") % between,
        "sub": count % {"count": number(most)},
        "over": most > spaces,
    }


def _cell(half: expected.Half, spaces: int) -> str:
    if not half.most:
        return _("nobody")
    share = half.mean / spaces
    if half.most > spaces:
        word = _("overlap")
    elif share >= _BUSY:
        word = _("busy")
    else:
        word = _("some room")
    return f"{word}, {_percent(share)}"


def _percent(share: float) -> str:
    return _("%(number)s%%") % {"number": number(round(share * 100))}


def _half_of(at: datetime) -> int:
    local = at.astimezone(PARIS)
    return local.hour * 2 + local.minute // 30
