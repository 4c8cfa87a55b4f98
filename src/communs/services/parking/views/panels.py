"""Panels by the road: a page for a screen, a line of text, JSON; each with its age."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from communs.core.kit.formats import json_file
from communs.core.registry.request import Request
from communs.services.parking.queries import panels as queries
from communs.services.parking.schemas import panel_row
from communs.services.parking.views import words

EVERY = 60  # seconds between two looks of a screen


@require_safe
def panels(request: Request) -> HttpResponse:
    """Every panel with what it shows now."""
    at = timezone.now()
    rows = [_row(one, at) for one in queries.shown(queries.panels(), at)]
    return render(request, "parking/panels.html", {"rows": rows, "read_at": at})


@require_safe
def panel(request: Request, slug: str) -> HttpResponse:
    """One panel for a whole screen; it looks again by itself unless one asks it not to."""
    at = timezone.now()
    still = "fixe" in request.GET
    context = {**_row(_shown(slug, at), at), "still": still, "seconds": EVERY}
    response = render(request, "parking/panel.html", context)
    if not still:
        response.headers["Refresh"] = str(EVERY)
    return response


@require_safe
@conditional_page
def panel_txt(request: Request, slug: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """What one panel shows: a number or a dash; on the next line, of when its news are."""
    shown = _shown(slug, timezone.now())
    heard = shown.heard.isoformat(timespec="seconds") if shown.heard else queries.NOTHING
    text = f"{shown.text}\n{heard}\n"
    return _uncached(HttpResponse(text, content_type="text/plain; charset=utf-8"))


@require_safe
@conditional_page
def panel_json(request: Request, slug: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """What one panel shows, how old its news are, whether they are too old."""
    at = timezone.now()
    return _uncached(json_file(panel_row(_shown(slug, at))))


def _uncached(response: HttpResponse) -> HttpResponse:
    """Have the answer asked for again each time; unchanged, it is 304 without a body."""
    patch_cache_control(response, no_cache=True)
    return response


def _shown(slug: str, at: datetime) -> queries.Shown:
    found = queries.panel(slug)
    if found is None:
        raise Http404(slug)
    return queries.shown([found], at)[0]


def _row(shown: queries.Shown, at: datetime) -> dict[str, Any]:
    return {
        "panel": shown.panel,
        "about": queries.about(shown.panel),
        "text": shown.text,
        "stale": shown.stale,
        "said": words.counted(shown.counts),
        "age": words.age(shown.heard, at),
    }
