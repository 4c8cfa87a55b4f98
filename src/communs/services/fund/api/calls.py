"""Calls, for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from communs.services.fund import queries
from communs.services.fund.schemas import CallOut, call_row

router = Router()


@router.get("/appels", response=list[CallOut], url_name="fund_calls")
def calls(request: HttpRequest) -> list[dict[str, Any]]:
    """List the calls that are open or will be, those that close first before."""
    at = timezone.now()
    return [call_row(one, at) for one in queries.open_calls(at=at).select_related("rules")]


@router.get("/appels/{code}", response=CallOut, url_name="fund_call")
def call(request: HttpRequest, code: str) -> dict[str, Any]:
    """Give one call with its rules."""
    found = queries.call(code)
    if found is None:
        raise Http404(code)
    return call_row(found, timezone.now())
