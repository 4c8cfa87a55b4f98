"""The register, for programs."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from communs.core.api.formats import json_file
from communs.services.fund import queries
from communs.services.fund.enums import Challenge, Theme
from communs.services.fund.schemas import (
    GrantWithFacts,
    RegisterOut,
    RoundOut,
    grant_row,
    round_row,
)

router = Router()

Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
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
    fields = ("code", "when", "value", "unit", "text_fr", "text_en", "source")
    facts = [{name: getattr(fact, name) for name in fields} for fact in found.facts.all()]
    return json_file(grant_row(found, queries.answers([found])[found.pk]) | {"facts": facts})


@router.get("/attributions", response=list[RoundOut], url_name="fund_rounds")
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds with their announced totals."""
    return json_file([round_row(row) for row in queries.rounds()])
