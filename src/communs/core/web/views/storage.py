"""What a community's files take."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communs.core.access.rules import require
from communs.core.files import purposes, queries
from communs.core.registry.request import Request


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """Files by use, against what they may take."""
    require(request.user, "community.manage")
    titles = {purpose.key: str(purpose.title) for purpose in purposes.all_purposes()}
    uses = [(titles.get(use.purpose, use.purpose), use) for use in queries.storage_by_purpose()]
    used, quota = sum(use.bytes for _title, use in uses), queries.quota()
    context = {"uses": uses, "used": used, "quota": quota, "percent": round(100 * used / quota)}
    return render(request, "web/storage.html", context)
