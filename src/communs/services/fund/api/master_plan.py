"""The master plan and digital commons, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.kit.formats import json_file
from communs.services.fund import actions
from communs.services.fund.enums import Challenge
from communs.services.fund.models import Common
from communs.services.fund.queries import commons as reads
from communs.services.fund.queries import master_plan as plan
from communs.services.fund.rules import REPLICATE
from communs.services.fund.schemas import (
    AskIn,
    ChallengeOut,
    CommonsOut,
    CommonWithCopies,
    CopyOut,
    challenge_row,
    common_row,
    copy_row,
)

router = Router()


@router.get("/schema-directeur", response=list[ChallengeOut], url_name="fund_master_plan")
def master_plan(request: HttpRequest) -> HttpResponse:
    """Give, for each challenge, how many grants were funded, are live, proven, replicated."""
    return json_file([challenge_row(row) for row in plan.rows()])


@router.get("/communs", response=CommonsOut, url_name="fund_commons")
def commons(
    request: HttpRequest,
    service: Annotated[str, Query(max_length=40)] = "",
    challenge: Challenge | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HttpResponse:
    """List what is offered to communes, the latest first."""
    rows = reads.commons(service=service, challenge=challenge or "")
    found = [common_row(row) for row in rows[offset : offset + limit]]
    return json_file({"count": rows.count(), "offset": offset, "limit": limit, "commons": found})


@router.get("/communs/{code}", response=CommonWithCopies, url_name="fund_common")
def common(request: HttpRequest, code: str) -> HttpResponse:
    """Give one common with the communes that take it over."""
    found = _common(code)
    places = [copy_row(one) for one in reads.copies(found)]
    return json_file(common_row(found) | {"places": places})


@router.post(
    "/communs/{code}/reprises",
    response={201: CopyOut},
    auth=signed_in,
    url_name="fund_replications",
)
def ask(request: HttpRequest, code: str, given: AskIn) -> Status:
    """Ask for a common on behalf of a commune that one administers."""
    user: Any = request.user
    require(user, REPLICATE)
    found = _common(code)
    known = {one.slug: one for one in reads.administered(user, on=timezone.localdate())}
    if given.commune not in known:
        raise Http404(given.commune)
    row = actions.ask_replication(
        common=found,
        place=known[given.commune],
        message=given.message,
        at=timezone.now(),
        by=user,
    )
    return Status(201, copy_row(reads.Copy(row, runs=False)))


def _common(code: str) -> Common:
    found = reads.common(code)
    if found is None:
        raise Http404(code)
    return found
