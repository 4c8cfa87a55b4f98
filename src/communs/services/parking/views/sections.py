"""What other pages show of parking."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone

from communs.core.registry.request import Request
from communs.services.parking import queries
from communs.services.parking.views import words
from communs.services.parking.views.pages import options_of


def home_section(request: Request) -> str:
    """What the commune's home shows: how much room is known now."""
    rooms = queries.availability(timezone.now(), options_of(request))
    if not rooms:
        return ""
    counts = queries.totals(rooms)
    context = {"counts": counts, "said": words.counted(counts), "places": len(rooms)}
    return render_to_string("parking/home.html", context, request)
