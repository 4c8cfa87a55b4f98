"""Opinions and sealed acts, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from communs.core.api.security import signed_in
from communs.services.fund import actions
from communs.services.fund.api.asked import application_of
from communs.services.fund.queries import examination, sessions
from communs.services.fund.schemas import ActOut, ReviewIn, ReviewOut, act_row, review_row

router = Router()


@router.get("/deliberations", response=list[ActOut], url_name="fund_acts")
def acts(request: HttpRequest) -> list[dict[str, Any]]:
    """List the sealed acts of the Bureau, the latest first, each with its decisions and seal."""
    return [act_row(one) for one in sessions.sealed_acts()]


@router.get("/deliberations/{uuid:key}", response=ActOut, url_name="fund_act")
def act(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Give one sealed act."""
    found = sessions.deliberation(key)
    if found is None or not found.seals.all():
        raise Http404(str(key))
    return act_row(found)


@router.get(
    "/dossiers/{number}/avis",
    response=list[ReviewOut],
    auth=signed_in,
    url_name="fund_application_opinions",
)
def opinions(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """List the opinions on an application that its reader may see now."""
    found = application_of(request, number)
    every = examination.reviews_of(found)
    seen = examination.seen_by(request.user, found, every, on=timezone.localdate())
    return [review_row(one, named=named) for one, named in seen]


@router.put(
    "/dossiers/{number}/avis",
    response=list[ReviewOut],
    auth=signed_in,
    url_name="fund_application_opinions",
)
def send(request: HttpRequest, number: str, given: ReviewIn) -> list[dict[str, Any]]:
    """Send one's own opinion on an application that one was given."""
    found = application_of(request, number)
    own = examination.own_among(examination.reviews_of(found), request.user)
    if own is None:
        raise Http404(number)
    keys = {one.code: one.pk for one in examination.criteria_of(found)}
    actions.send_review(
        review=own,
        scores={keys[one.criterion]: one.value for one in given.scores if one.criterion in keys},
        opinion=given.opinion or "",
        comment=given.comment,
        abstained=given.abstained,
        at=timezone.now(),
        by=request.user,
    )
    return opinions(request, number)
