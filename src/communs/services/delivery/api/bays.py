"""The same bays, for programs."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from communs.core.kit.formats import json_file
from communs.services.delivery import queries
from communs.services.delivery.schemas import BayOut, BaysOut, bay_row

router = Router()


@router.get("/aires", response=BaysOut, url_name="delivery_bays")
def bays(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HttpResponse:
    """List bays, and whether a space is free as far as is known."""
    at = timezone.now()
    rows = queries.bays(on=timezone.localdate(at), q=q)
    page = [bay_row(one) for one in queries.standings(rows[offset : offset + limit], at=at)]
    return json_file({"count": rows.count(), "offset": offset, "limit": limit, "bays": page})


@router.get("/aires/{slug:code}", response=BayOut, url_name="delivery_bay")
def bay(request: HttpRequest, code: str) -> HttpResponse:
    """Give one bay."""
    at = timezone.now()
    found = queries.bay(code.upper(), on=timezone.localdate(at))
    if found is None:
        raise Http404(code)
    return json_file(bay_row(queries.standing(found, at=at)))
