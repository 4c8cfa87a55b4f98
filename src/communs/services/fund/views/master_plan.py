"""Public pages of the master plan: what it learns, and how far what it funds came."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from communs.core.access.rules import may
from communs.core.kit.formats import csv_file, json_file
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.fund.enums import Challenge
from communs.services.fund.queries import master_plan as plan
from communs.services.fund.queries.master_plan import Rung
from communs.services.fund.rules import MANAGE, RUN_COMMITTEE
from communs.services.fund.schemas import CHALLENGE_COLUMNS, challenge_row
from communs.services.fund.views import plan_told

_ON_A_PAGE = 30
_LESSONS = 20


@require_safe
def master_plan(request: Request) -> HttpResponse:
    """The plan: for each challenge its workstreams, its lessons, and grants from rung to rung."""
    found = plan.rows()
    context = {
        "rows": [plan_told.row(one) for one in found],
        "rungs": plan_told.rungs(),
        "edition": plan.last_edition(),
        "may_manage": may(request.user, MANAGE) or may(request.user, RUN_COMMITTEE),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/master_plan.html", context)


@require_safe
def challenge(request: Request, challenge: str) -> HttpResponse:
    """One challenge: the grants that came as far as the rung asked for."""
    known = _challenge(challenge)
    rung = _rung(request)
    row = next((one for one in plan.rows() if one.challenge == known), plan.Row(known))
    page = page_of(request, plan.grants_at(known, rung), _ON_A_PAGE, count=row.counts[rung])
    context = {
        "row": plan_told.row(row),
        "tabs": plan_told.tabs(row, rung),
        "rung": next(one for one in plan_told.rungs() if one["key"] == rung),
        "page_of_grants": page,
        "grants": [plan_told.grant(one) for one in page.object_list],
        "lessons": plan.accepted(known)[:_LESSONS] if known else [],
        "base": f"?etape={rung.value}&page=",
    }
    return render(request, "fund/challenge.html", context)


@require_safe
def editions(request: Request) -> HttpResponse:
    """The editions of the plan: what entered in each, and when."""
    page = page_of(request, plan.editions(), _ON_A_PAGE)
    return render(request, "fund/editions.html", {"page_of_editions": page})


@require_safe
def master_plan_csv(_request: HttpRequest) -> HttpResponse:
    """The figures of the plan, as CSV."""
    rows = [challenge_row(one) for one in plan.rows()]
    told = ([row[name] for name in CHALLENGE_COLUMNS] for row in rows)
    return csv_file("schema-directeur.csv", CHALLENGE_COLUMNS, told)


@require_safe
def master_plan_json(_request: HttpRequest) -> HttpResponse:
    """The figures of the plan, as JSON."""
    return json_file([challenge_row(one) for one in plan.rows()])


def _challenge(text: str) -> Challenge | None:
    if text == plan.UNCLASSIFIED:
        return None
    if text not in Challenge.values:
        raise Http404(text)
    return Challenge(text)


def _rung(request: HttpRequest) -> Rung:
    text = request.GET.get("etape", Rung.FUNDED.value)
    if text not in Rung.values:
        raise Http404(text)
    return Rung(text)
