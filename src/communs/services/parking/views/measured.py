"""How spaces were used: by zone, by place, by day, by hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from communs.core.kit.formats import csv_file
from communs.core.kit.localised import day, number
from communs.core.registry.request import Request
from communs.core.web import charts
from communs.services.parking import queries
from communs.services.parking.engine.uses import Use
from communs.services.parking.forms import MeasuresForm
from communs.services.parking.models import Zone
from communs.services.parking.queries import places, uses
from communs.services.parking.schemas import DAY_COLUMNS, day_row


@require_safe
def measures(request: Request) -> HttpResponse:
    """Rotation, dwell and occupancy of the commune, of a zone or of a place."""
    form = MeasuresForm(request.GET, today=timezone.localdate())
    context = {"form": form, "parts": [], "whole": None}
    if form.is_valid():
        context |= _asked(form)
    return render(request, "parking/measures.html", context, status=400 if form.errors else 200)


@require_safe
def measures_csv(request: Request) -> HttpResponse:
    """Every place and day, as CSV."""
    form = MeasuresForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return HttpResponse(status=400)
    rows = [list(day_row(*row).values()) for row in queries.days(*form.span())]
    return csv_file("usage-du-stationnement.csv", DAY_COLUMNS, rows)


def percent(share: float | None, decimals: int = 0) -> str | None:
    """Write a share; None, which pages show as unknown, where there is none."""
    return None if share is None else f"{number(round(share * 100, decimals))}\u00a0%"


def minutes(value: float | None) -> str | None:
    """Write a length of stay; None where there is none."""
    return None if value is None else _("%(n)s min") % {"n": number(round(value))}


def times(value: float | None) -> str | None:
    """Write how often something happens; None where it is not known."""
    return None if value is None else number(round(value, 1))


def by_hour(name: str, use: Use, sentence: str) -> Markup:
    """Draw the occupancy of each hour of the day."""
    marks = [
        charts.Mark(
            _("%(n)s h") % {"n": hour},
            None if share is None else Decimal(str(round(share * 100, 1))),
            percent(share) or "",
            _("unknown"),
        )
        for hour, share in enumerate(use.by_hour())
    ]
    chart = charts.Chart(name, marks, sentence, lambda value: f"{number(value)}\u00a0%")
    return chart.columns()


def measured(use: Use) -> dict[str, Any]:
    """Give the measures of a use in words; what is not known is None."""
    return {
        "quality": percent(use.quality),
        "occupancy": percent(use.occupancy),
        "rotation": times(use.rotation),
        "median": minutes(use.dwell(0.5)),
        "long": minutes(use.dwell(0.9)),
        "stays": number(len(use.dwells)),
        "cut": number(use.arrivals - len(use.dwells)),
    }


def _asked(form: MeasuresForm) -> dict[str, Any]:
    first, last = form.span()
    parts, title, names = _parts(form, first, last)
    found = uses.merged(parts)
    shares = [share for share in found.use.by_hour() if share is not None]
    sentence = _("Occupancy by hour of the day: nothing is known.")
    if shares:
        said = {"low": percent(min(shares)), "high": percent(max(shares))}
        sentence = _("Occupancy by hour of the day, from %(low)s to %(high)s.") % said
    return {
        "first": first,
        "last": last,
        "title": title,
        "whole": measured(found.use) if found.days else None,
        "days_known": len(found.days),
        "demonstration": found.demonstration,
        "chart": by_hour("hours", found.use, sentence),
        "sentence": sentence,
        "hours": [
            {"hour": _("%(n)s h") % {"n": hour}, "occupancy": percent(share)}
            for hour, share in enumerate(found.use.by_hour())
        ],
        "parts": [
            {"name": name, "query": query, **measured(part.use)}
            for part, (name, query) in zip(parts, names, strict=True)
        ],
    }


Names = Sequence[tuple[str, dict[str, str]]]


def _parts(form: MeasuresForm, first: date, last: date) -> tuple[list[uses.Part], str, Names]:
    """Give what is asked for with its parts: a place by day, a zone by place, all by zone."""
    given = form.cleaned_data
    place = places.place(given["place"])
    if place is not None:
        days = uses.by_day(first, last, place)
        return days, places.told(place), [(day(part.about), {}) for part in days]
    if given["zone"]:
        zone = form.zone_asked
        held = uses.by_place(first, last, zone)
        named = [(places.told(p.about), {"place": places.key_of(p.about)}) for p in held]
        return held, _zone_name(zone), named
    zones = uses.by_zone(first, last)
    return zones, "", [(_zone_name(p.about), {"zone": _code(p.about)}) for p in zones]


def _zone_name(zone: Zone | None) -> str:
    return zone.name if zone else _("In no zone")


def _code(zone: Zone | None) -> str:
    return zone.code if zone else "-"
