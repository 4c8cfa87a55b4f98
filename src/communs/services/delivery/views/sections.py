"""What the commune's home shows of the service."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone

from communs.core.registry.request import Request
from communs.services.delivery import queries
from communs.services.delivery.enums import Presence


def home_section(request: Request) -> str:
    """How many bays there are, and in how many a free space is known."""
    at = timezone.now()
    found = queries.standings(queries.bays(on=timezone.localdate(at)), at=at)
    if not found:
        return ""
    free = sum(one.presence == Presence.FREE for one in found)
    context = {"bays": len(found), "free": free}
    return render_to_string("delivery/home.html", context, request)
