"""What other pages show of parking."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone

from communs.core.registry.request import Request
from communs.services.parking import queries
from communs.services.parking.views import words


def home_section(request: Request) -> str:
    """What the commune's home shows: how much room is known now."""
    counts, places = queries.overall(timezone.now())
    if not places:
        return ""
    context = {"counts": counts, "said": words.counted(counts), "places": places}
    return render_to_string("parking/home.html", context, request)
