"""Dashboards: an instructor's day, and what a commune has to do."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from communs.core.access.rules import may, require
from communs.core.registry.request import Request
from communs.services.fund import queries
from communs.services.fund.rules import EXAMINE, MANAGE
from communs.services.fund.views import waiting


@require_safe
@login_required
def board(request: Request) -> HttpResponse:
    """What one's organisations have to do: drafts, signatures, missing items."""
    at, user = timezone.now(), request.user
    rows = list(queries.to_write(user, on=timezone.localdate(at)))
    context = {
        "rows": waiting.written(rows, at),
        "calls": list(queries.open_calls(at=at)),
    }
    return render(request, "fund/board.html", context)


@require_safe
@login_required
def day(request: Request) -> HttpResponse:
    """What waits for an instructor, since when."""
    require(request.user, EXAMINE)
    at = timezone.now()
    rows = list(queries.to_check(request.user, on=timezone.localdate(at)))
    context = {
        "may_manage": may(request.user, MANAGE),
        "today": timezone.localdate(at),
        **waiting.shown(waiting.groups(rows, request.user, at)),
    }
    return render(request, "fund/day.html", context)
