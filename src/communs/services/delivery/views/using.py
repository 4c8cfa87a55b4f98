"""How bays are used, hour by hour, and what it advises."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from communs.core.access.rules import require
from communs.core.kit.formats import csv_file
from communs.core.kit.localised import here, number
from communs.core.registry.request import Request
from communs.services.delivery import queries
from communs.services.delivery.engine.advice import Cell, Counsel
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views.asking import options_of

_COLUMNS = ("code", "weekday", "hour", "share", "turned_away", "reports")
_COUNSELS = {
    Counsel.UNKNOWN: gettext_lazy("Not enough days are known to say."),
    Counsel.LARGER: gettext_lazy("Too small: add spaces, or a bay near by."),
    Counsel.SMALLER: gettext_lazy("Hardly used: fewer hours or spaces may do."),
    Counsel.KEEP: gettext_lazy("As large as it should be."),
}
_FIRST, _LAST = 6, 21  # hours shown; the file has them all
_HALF = 0.5


@require_safe
@login_required
def use(request: Request) -> HttpResponse:
    """Every bay: how full it is, and what its numbers advise."""
    require(request.user, EDIT)
    rows = [_row(one) for one in _uses(request)]
    return render(request, "delivery/use.html", {"rows": rows})


@require_safe
@login_required
def use_of_bay(request: Request, code: str) -> HttpResponse:
    """One bay, hour by hour of the week."""
    require(request.user, EDIT)
    found = next((one for one in _uses(request) if one.bay.code == code.upper()), None)
    if found is None:
        raise Http404(code)
    context = {**_row(found), "columns": _columns(), "hours": _hours(found, request)}
    return render(request, "delivery/use_of_bay.html", context)


@require_safe
@login_required
def use_csv(request: Request) -> HttpResponse:
    """Every hour of the week of every bay; Monday is 1, as ISO 8601 has it."""
    require(request.user, EDIT)
    rows = [
        (one.bay.code, weekday + 1, hour, f"{cell.share:.4f}", cell.turned, cell.reports)
        for one in _uses(request)
        for (weekday, hour), cell in sorted(one.cells.items())
    ]
    return csv_file("usage-des-aires.csv", _COLUMNS, rows)


def _uses(request: Request) -> list[queries.Use]:
    options = options_of(request)
    limits = {"saturated": options.saturated_percent / 100, "quiet": options.quiet_percent / 100}
    return queries.uses(on=timezone.localdate(), **limits)


def _row(one: queries.Use) -> dict[str, Any]:
    return {
        "bay": one.bay,
        "href": reverse("delivery:use_of_bay", args=[one.bay.code]),
        "counsel": _COUNSELS[one.advice.counsel],
        "days": number(one.advice.days),
        "saturated": number(one.advice.saturated) if one.advice.days else None,
        "busiest": _percent(one.advice.busiest) if one.advice.days else None,
        "turned": number(one.advice.turned),
        "reports": number(one.advice.reports),
        "crowded": number(one.advice.crowded),
    }


def _columns() -> list[dict[str, str]]:
    names = get_day_names(width="wide", locale=here())
    days = [{"key": str(day), "label": names[day].capitalize()} for day in range(7)]
    return [{"key": "hour", "label": _("Hour")}, *days]


def _hours(one: queries.Use, request: Request) -> list[dict[str, Any]]:
    """Give a line an hour, a cell a weekday: a word and a number; nothing where no day is known."""
    full = options_of(request).saturated_percent / 100
    return [
        {"hour": f"{hour}:00"}
        | {str(day): _said(one.cells.get((day, hour)), full) for day in range(7)}
        for hour in range(_FIRST, _LAST + 1)
    ]


def _said(cell: Cell | None, full: float) -> str | None:
    if cell is None:
        return None
    if cell.share >= full:
        word = _("saturated")
    elif cell.share >= _HALF:
        word = _("busy")
    elif cell.share > 0:
        word = _("some room")
    else:
        word = _("empty")
    return f"{word}, {_percent(cell.share)}"


def _percent(share: float) -> str:
    return _("%(number)s%%") % {"number": number(round(share * 100))}
