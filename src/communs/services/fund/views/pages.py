"""Pages of the fund."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from communs.core.access.rules import may
from communs.core.communities.addresses import url_of
from communs.core.communities.models import Community
from communs.core.registry.request import Request
from communs.core.web import atlas
from communs.core.web.handling import page_of, varied, wants_part
from communs.services.fund import queries
from communs.services.fund.options import FundOptions
from communs.services.fund.queries.experiments import of_grant
from communs.services.fund.rules import EDIT
from communs.services.fund.views import shown, tried_shown
from communs.services.fund.views.asking import asked_of

_LATEST = 5


@require_safe
@conditional_page
def register(request: Request) -> HttpResponse:
    """The register: search, filters, one page of grants."""
    form, asked, counted = asked_of(request)
    options = _options(request)
    rows = queries.listed(asked)
    page = page_of(request, rows, options.page_size, count=counted.total)
    context = {
        "form": form,
        "options": options,
        "counted": counted,
        "chips_in_force": shown.chips(request, form),
        "page_of_grants": page,
        "base": shown.base_of_pages(request),
        "rows": shown.rows(page.object_list),
        "query": shown.query_of(request),
        **shown.of_rounds(queries.rounds()[:_LATEST]),
    }
    part = "results" if wants_part(request, "results") else "register"
    status = 400 if form.errors else 200
    return varied(render(request, f"fund/{part}.html", context, status=status))


@require_safe
def register_map(request: Request) -> HttpResponse:
    """The register on the map of the metropolis."""
    day = queries.latest_day() or timezone.localdate()
    drawn = atlas.map_of(day, levels=shown.levels(day)) if _options(request).show_map else {}
    context = {
        "shapes": [],
        **drawn,
        **atlas.base_layer(),
        "legend": shown.legend(),
        "map_title": shown.map_title(),
        "day_shown": day,
        "rows": shown.beneficiaries(),
    }
    return render(request, "fund/map.html", context)


@require_safe
@conditional_page
def grant(request: Request, reference: str) -> HttpResponse:
    """One grant: what was funded, for whom, what is known of it."""
    found = queries.grant(reference)
    if found is None:
        raise Http404(reference)
    answer = queries.answers([found])[found.pk]
    context = {"grant": found, "answer": answer, "options": _options(request)}
    context |= {"may_edit": may(request.user, EDIT), "messages": messages.get_messages(request)}
    context |= shown.of_grant(found, answer)
    tried = of_grant(found, request.user, on=timezone.localdate())
    context["tried"] = tried_shown.row(tried) if tried else None
    return render(request, "fund/grant.html", context)


@require_safe
def awards(request: Request) -> HttpResponse:
    """Every round of awards, newest first."""
    return render(request, "fund/rounds.html", shown.of_rounds(queries.rounds()))


@require_safe
def award(request: Request, day: date) -> HttpResponse:
    """One round of awards: dates, committee, totals, its grants."""
    found = queries.round_of(day)
    if found is None:
        raise Http404(str(day))
    grants = found.grants.select_related("beneficiary", "territory")
    context = {"round": found, "rows": shown.rows(grants), **shown.of_round(found)}
    return render(request, "fund/round.html", context)


@require_safe
def beneficiary(request: Request, slug: str) -> HttpResponse:
    """One beneficiary and its grants."""
    found = Community.objects.filter(slug=slug).first()
    rows = shown.rows(queries.grants_of(found)) if found else []
    if found is None or not rows:
        raise Http404(slug)
    context = {"beneficiary": found, "rows": rows, "home": url_of(found, "web:home")}
    return render(request, "fund/beneficiary.html", context)


def _options(request: Request) -> FundOptions:
    return cast(FundOptions, request.running["fund"].options)
