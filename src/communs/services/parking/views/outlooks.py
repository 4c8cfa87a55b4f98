"""What to expect: the chance of a free space, how full places will be, and how far to trust it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.kit.localised import number
from communs.core.registry.request import Request
from communs.core.web import charts
from communs.core.web.handling import page_of
from communs.services.parking.models import Outlook
from communs.services.parking.queries import outlooks as queries
from communs.services.parking.queries import places
from communs.services.parking.views.measured import percent

_LIKELY, _UNLIKELY = 0.8, 0.4
PAGE = 25


@require_safe
def outlooks(request: Request) -> HttpResponse:
    """Every place with its chance of a free space in this hour of the week, and the scores."""
    at = timezone.now()
    page = page_of(request, queries.expected(at), PAGE)
    whole = queries.outlook(None)
    context = {
        "rows": [_row(one) for one in page],
        "page_object": page,
        "read_at": at,
        "whole": whole,
        **_scored(whole),
    }
    return render(request, "parking/outlooks.html", context)


@require_safe
def outlook(request: Request, kind: str, slug: str) -> HttpResponse:
    """One place: chances and occupancy of today, hour by hour."""
    place = places.place(f"{kind}:{slug}")
    found = queries.outlook(place) if place else None
    if place is None or found is None:
        raise Http404(slug)
    context = {"title": places.told(place), **_hours(found)}
    context |= _scored(queries.outlook(None))
    return render(request, "parking/outlook.html", context)


def chance_told(chance: float | None) -> dict[str, str]:
    """Say a chance in a word that a colour goes with, never by the colour alone."""
    if chance is None:
        return {"label": _("not known"), "state": "neutral"}
    if chance >= _LIKELY:
        return {"label": _("likely"), "state": "on"}
    if chance < _UNLIKELY:
        return {"label": _("unlikely"), "state": "off"}
    return {"label": _("maybe"), "state": "neutral"}


def _row(one: queries.Expected) -> dict[str, Any]:
    kind, slug = places.key_of(one.place).split(":")
    return {
        "name": places.told(one.place),
        "href": reverse("parking:outlook", args=[kind, slug]),
        "chance": _chance(one.chance),
        "tag": chance_told(one.chance),
    }


def _hours(found: Outlook) -> dict[str, Any]:
    weekday = found.day.weekday()
    names = [_("%(n)s h") % {"n": hour} for hour in range(24)]
    marks = [
        charts.Mark(
            name,
            None if share is None else Decimal(str(round(share * 100, 1))),
            percent(share) or "",
            _("unknown"),
        )
        for name, share in zip(names, found.ahead, strict=True)
    ]
    sentence = _("Occupancy expected, hour by hour")
    chart = charts.Chart("ahead", marks, sentence, lambda value: f"{number(value)}\u00a0%")
    return {
        "day_told": found.day,
        "demonstration": found.demonstration,
        "chart": chart.line(),
        "sentence": sentence,
        "hours": [
            {
                "hour": name,
                "chance": _chance(chance),
                "tag": chance_told(chance),
                "ahead": percent(s),
            }
            for name, chance, s in zip(names, found.chances[weekday], found.ahead, strict=True)
        ],
    }


def _scored(whole: Outlook | None) -> dict[str, Any]:
    """Give the scores in words; nothing where nothing could be judged."""
    scores = whole.scores if whole else {}
    told, errors = scores.get("chances"), scores.get("occupancy")
    return {
        "told": None
        if told is None
        else {
            "cases": number(told["cases"]),
            "brier": number(round(told["brier"], 3)),
            "usual": number(round(told["usual"], 3)),
            "better": told["brier"] < told["usual"],
            "bins": [
                {
                    "said": f"{percent(one['low'])} – {percent(one['high'])}",
                    "mean": percent(one["said"]),
                    "observed": percent(one["observed"]),
                    "cases": number(one["cases"]),
                }
                for one in told["bins"]
            ],
        },
        "errors": None
        if errors is None
        else {
            "hours": number(errors["hours"]),
            "error": percent(errors["error"], 1),
            "plain": percent(errors["plain"], 1),
            "better": errors["error"] < errors["plain"],
        },
    }


def _chance(share: float | None) -> str | None:
    """Write a chance; what was always so until now is not told as certain."""
    return percent(None if share is None else min(max(share, 0.01), 0.99))
