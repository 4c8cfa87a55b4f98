"""Campaigns: what was tried, what changed, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.kit.formats import csv_file
from communs.core.kit.localised import number
from communs.core.registry.request import Request
from communs.services.parking.engine.campaigns import (
    DRAWS,
    LEAST_DAYS,
    METRES_A_SECOND,
    METRES_A_SPACE,
    Estimate,
    Measure,
)
from communs.services.parking.enums import Part
from communs.services.parking.queries import campaigns as queries
from communs.services.parking.rules import EDIT
from communs.services.parking.schemas import ESTIMATE_COLUMNS, estimate_rows
from communs.services.parking.views.measured import by_hour, measured


@require_safe
def campaigns(request: Request) -> HttpResponse:
    """Every campaign, the latest first."""
    rows = queries.campaigns()
    context = {"rows": rows, "may_edit": may(request.user, EDIT)}
    return render(request, "parking/campaigns.html", context)


@require_safe
def campaign(request: Request, slug: str) -> HttpResponse:
    """One campaign, judged; the page prints as a report."""
    found = queries.judged(_found(slug))
    context = {"may_edit": may(request.user, EDIT), **_shown(found)}
    return render(request, "parking/campaign.html", context)


@require_safe
def campaign_csv(request: Request, slug: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """One campaign's measures, as CSV."""
    rows = estimate_rows(queries.judged(_found(slug)))
    name = f"campagne-{slug}.csv"
    return csv_file(name, ESTIMATE_COLUMNS, [list(row.values()) for row in rows])


def _found(slug: str) -> Any:
    found = queries.campaign(slug)
    if found is None:
        raise Http404(slug)
    return found


def _shown(found: queries.Judged) -> dict[str, Any]:
    row = found.campaign
    days = found.days
    return {
        "row": row,
        "tried": queries.zones_of(row, Part.TRIED),
        "control": queries.zones_of(row, Part.CONTROL),
        "demonstration": found.demonstration,
        "measures": list(_measures(found)),
        "before_use": measured(found.before),
        "after_use": measured(found.after),
        "chart_before": by_hour("before", found.before, _("Occupancy by hour before")),
        "chart_after": by_hour("after", found.after, _("Occupancy by hour while measured")),
        "known_days": [
            (Part(part).label, days[part, False], days[part, True])
            for part in Part
            if part == Part.TRIED or found.has_control
        ],
        "least": LEAST_DAYS,
        "draws": number(DRAWS),
        "metres": number(METRES_A_SPACE),
        "speed": number(round(METRES_A_SECOND * 3.6)),
    }


def _measures(found: queries.Judged) -> Iterator[dict[str, Any]]:
    row = found.campaign
    said: dict[Measure, tuple[str, Callable[[float], str]]] = {
        Measure.OCCUPANCY: (_("Occupancy in the hours that count"), _percent),
        Measure.IN_BAND: (
            _("Hours of streets with an occupancy of %(low)s to %(high)s %%")
            % {"low": row.low, "high": row.high},
            _percent,
        ),
        Measure.ROTATION: (_("Stays that begin, by space and day"), _number),
        Measure.DWELL: (_("Mean stay, in minutes"), _number),
        Measure.SEARCH: (_("Estimated search, in seconds"), _number),
    }
    for measure, (name, write) in said.items():
        yield {"name": name, **_estimated(found.estimates[measure], write, found.has_control)}


def _estimated(
    one: Estimate, write: Callable[[float], str], has_control: bool
) -> dict[str, str | None]:
    values = {
        name: None if value is None else write(value)
        for name in ("before", "after", "control_before", "control_after")
        for value in [getattr(one, name)]
    }
    difference = _points if write is _percent else write
    return {**values, "effect": _effect(one, difference), "verdict": _verdict(one, has_control)}


def _effect(one: Estimate, write: Callable[[float], str]) -> str:
    if one.effect is None or one.low is None or one.high is None:
        return _("not enough data")
    said = {name: _signed(value, write) for name, value in _ends(one)}
    return _("%(effect)s (from %(low)s to %(high)s)") % said


def _ends(one: Estimate) -> list[tuple[str, float]]:
    return [("effect", one.effect or 0), ("low", one.low or 0), ("high", one.high or 0)]


def _verdict(one: Estimate, has_control: bool) -> str:
    if one.effect is None:
        return _("not enough data")
    if not one.sure:
        return _("no change can be told from chance")
    if not has_control:
        return _("it changed; without a control zone nobody can say why")
    return _("it changed otherwise than in the control zones")


def _signed(value: float, write: Callable[[float], str]) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{write(abs(value))}"


def _percent(value: float) -> str:
    return f"{number(round(value * 100, 1))}\u00a0%"


def _points(value: float) -> str:
    """Write what lies between two shares."""
    return _("%(n)s points") % {"n": number(round(value * 100, 1))}


def _number(value: float) -> str:
    return number(round(value, 1))
