"""What the fund shows on homes."""

from __future__ import annotations

from django.template.loader import render_to_string

from communs.core.registry.request import Request
from communs.services.fund import queries
from communs.services.fund.views import shown


def home_section(request: Request) -> str:
    """What the metropolis' home shows of the fund."""
    context = shown.home()
    return render_to_string("fund/home.html", context, request) if context else ""


def member_section(request: Request) -> str:
    """What a commune's or a territory's home shows of the fund."""
    rows = shown.rows(queries.grants_of(request.community))
    return render_to_string("fund/member.html", {"rows": rows}, request) if rows else ""
