"""The page of the financing plan: its rules are looked at while it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communs.core.access.rules import may
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.actions.moving import WRITTEN
from communs.services.fund.forms import PlanForm, plan_initial, plan_rows
from communs.services.fund.models import Application, Expense, Resource
from communs.services.fund.rules import WRITE
from communs.services.fund.views import closed, filed, scored
from communs.services.fund.views.reading import file_or_404, form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
@closed.answers
def plan(request: Request, number: str) -> HttpResponse:
    """The plan: to read, or to write, with what the rules make of it."""
    found = file_or_404(request, number)
    context = filed.base_of(request, found, "plan")
    if not context["may_write"]:
        return _only_read(request, found, context)
    form = _form(request, found)
    sent = form.is_bound and "more" not in request.POST
    if sent and _written(request, found, form):
        messages.success(request, _("The plan is kept."))
        return redirect("fund:plan", number)
    assessed = _typed(found, form) if form.is_bound else queries.assessed(found)
    context |= {"form": form, "shows_errors": sent, **_stored(found, form), **_told(assessed)}
    return render(request, "fund/plan.html", context, status=422 if sent else 200)


def _only_read(request: Request, found: Application, context: dict[str, Any]) -> HttpResponse:
    """Show the plan to who may not write it; what a tab opened before sends is shown again."""
    if request.method == "POST" and may(request.user, WRITE, found):
        closed.refuse(request, found, "plan", _form(request, found))
    return render(request, "fund/plan_read.html", context | _read(found))


@require_POST
@login_required
def check_plan(request: Request, number: str) -> HttpResponse:
    """What the rules make of a plan as it is typed; nothing is kept."""
    found = file_or_404(request, number, WRITE)
    assessed = _typed(found, _form(request, found))
    return render(request, "fund/plan_told.html", _told(assessed))


def _form(request: Request, found: Application) -> PlanForm:
    terms = queries.terms_of(found.call)
    if terms is None:
        raise Http404(found.number)
    posted = form_or_none(request)
    rows = plan_rows(found, posted, more="more" in (posted or {}))
    seen = queries.version_of(found)
    initial = plan_initial(found.expenses.all(), found.resources.all(), found.requested, seen)
    return PlanForm(posted, terms=terms, rows=rows, initial=initial)


def _written(request: Request, found: Application, form: PlanForm) -> bool:
    """Keep a plan; what cannot be is said beside its field, and what was typed stays."""
    if found.stage not in WRITTEN or not form.is_valid():
        return False
    try:
        actions.write_plan(application=found, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        name = form.numbered(refusal.field)
        form.add_error(name if name in form.fields else None, str(refusal))
        if refusal.field == "seen":
            form.see(queries.version_of(found))
        return False
    return True


def _typed(found: Application, form: PlanForm) -> queries.Assessed | None:
    """Give what the rules make of what is typed; a line with a fault counts as not known."""
    form.is_valid()
    expenses = [
        Expense(type=one.type, label=one.label, before_tax=one.before_tax, with_tax=one.with_tax)
        for one in form.cleaned_expenses()
    ]
    resources = [
        Resource(funder=one.funder, label=one.label, amount=one.amount)
        for one in form.cleaned_resources()
    ]
    rules, requested = form.terms, form.cleaned_requested()
    partners = queries.partners_counted(found, rules)
    return queries.assess(rules, queries.made(expenses, resources, requested, partners))


def _stored(found: Application, form: PlanForm) -> dict[str, Any]:
    """Give what is kept now to who wrote over a plan that they had not seen."""
    if "seen" not in form.errors:
        return {"is_stale": False}
    asked = {"label": _("Asked for"), "value": scored.euros(found.requested)}
    shown = {"partners": filed.partners(found, None), "asked": [asked]}
    return {"is_stale": True} | shown | filed.lines_of_plan(found)


def _read(found: Application) -> dict[str, Any]:
    return filed.lines_of_plan(found) | _told(queries.assessed(found))


def _told(found: queries.Assessed | None) -> dict[str, Any]:
    if found is None:
        return {"told": [], "totals": [], "joined": "", "broken": 0}
    return {
        "told": filed.told(list(found.told)),
        "totals": filed.totals(found),
        "joined": found.joined,
        "broken": len(found.broken),
    }
