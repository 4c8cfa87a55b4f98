"""The register, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from communs.core.access.rules import require
from communs.core.api.security import signed_in
from communs.core.kit.formats import json_file
from communs.services.fund import actions, queries
from communs.services.fund.enums import Challenge, Theme
from communs.services.fund.models import Fact
from communs.services.fund.rules import EDIT
from communs.services.fund.schemas import (
    CorrectionIn,
    FactIn,
    FactOut,
    GrantWithFacts,
    RegisterOut,
    RoundOut,
    fact_row,
    grant_row,
    round_row,
)

router = Router()

Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Reason = Annotated[str, Query(min_length=1, max_length=300)]
Seen = Annotated[str, Query(max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]


@router.get("/registre", response=RegisterOut, url_name="fund_register")
def register(
    request: HttpRequest,
    q: Words | None = None,
    theme: Theme | None = None,
    challenge: Challenge | None = None,
    territory: Slug | None = None,
    year: Annotated[int | None, Field(ge=1900, le=2999)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> HttpResponse:
    """List grants, newest award first; filters narrow together, misspelt words are forgiven."""
    asked = queries.Asked(q, theme, challenge, territory, year)
    count = queries.count(asked)
    if q and not count:
        asked = queries.corrected(asked)
        count = queries.count(asked)
    found = list(queries.grants(asked)[offset : offset + limit])
    answers = queries.answers(found)
    rows = [grant_row(grant, answers[grant.pk]) for grant in found]
    return json_file({"count": count, "offset": offset, "limit": limit, "grants": rows})


@router.get("/registre/{reference}", response=GrantWithFacts, url_name="fund_grant")
def grant(request: HttpRequest, reference: str) -> HttpResponse:
    """Give one grant with its facts and their sources."""
    found = queries.grant(reference)
    if found is None:
        raise Http404(reference)
    facts = [fact_row(fact) for fact in found.facts.all()]
    return json_file(grant_row(found, queries.answers([found])[found.pk]) | {"facts": facts})


@router.post(
    "/registre/{reference}/faits", response={201: FactOut}, auth=signed_in, url_name="fund_facts"
)
def add_fact(request: HttpRequest, reference: str, given: FactIn) -> Status:
    """Add what is known of an experiment, with its source."""
    require(request.user, EDIT)
    found = queries.grant(reference)
    if found is None:
        raise Http404(reference)
    values = given.model_dump()
    fact = actions.add_fact(grant=found, **values, at=timezone.now(), by=request.user)
    return Status(201, fact_row(fact))


@router.put(
    "/registre/{reference}/faits/{code}", response=FactOut, auth=signed_in, url_name="fund_fact"
)
def correct_fact(
    request: HttpRequest, reference: str, code: str, given: CorrectionIn
) -> dict[str, Any]:
    """Correct what is known; refused if somebody else did so since it was read."""
    require(request.user, EDIT)
    values = given.model_dump()
    fact = actions.correct_fact(
        fact=_fact(reference, code), **values, at=timezone.now(), by=request.user
    )
    return fact_row(fact)


@router.delete("/registre/{reference}/faits/{code}", response={204: None}, auth=signed_in)
def withdraw_fact(
    request: HttpRequest, reference: str, code: str, reason: Reason, seen: Seen
) -> Status:
    """Show a fact no more, and say why."""
    require(request.user, EDIT)
    fact = _fact(reference, code)
    actions.withdraw_fact(fact=fact, seen=seen, reason=reason, at=timezone.now(), by=request.user)
    return Status(204, None)


@router.get("/attributions", response=list[RoundOut], url_name="fund_rounds")
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds with their announced totals."""
    return json_file([round_row(row) for row in queries.rounds()])


def _fact(reference: str, code: str) -> Fact:
    found = queries.fact(reference, code)
    if found is None:
        raise Http404(code)
    return found
