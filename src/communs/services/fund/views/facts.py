"""Pages on which editors of the metropolis write what is known of an experiment."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.forms import CorrectionForm, FactForm, WithdrawalForm
from communs.services.fund.models import Fact, Grant
from communs.services.fund.rules import EDIT

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
def add_fact(request: Request, reference: str) -> HttpResponse:
    """The form that adds a fact."""
    require(request.user, EDIT)
    grant = queries.grant(reference)
    if grant is None:
        raise Http404(reference)
    form = FactForm(request.POST if request.method == "POST" else None)
    if done(form, actions.add_fact, grant=grant, at=timezone.now(), by=request.user):
        messages.success(request, _("Added, with its source."))
        return redirect("fund:grant", reference)
    return _page(request, "fact_form", grant, form=form, fact=None)


@_FORM
@login_required
def correct_fact(request: Request, reference: str, code: str) -> HttpResponse:
    """The form that corrects a fact."""
    require(request.user, EDIT)
    fact = _fact(reference, code)
    initial = {name: getattr(fact, name) for name in FactForm.base_fields} | {"seen": fact.version}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if done(form, actions.correct_fact, fact=fact, at=timezone.now(), by=request.user):
        messages.success(request, _("Corrected, with its source."))
        return redirect("fund:grant", reference)
    return _page(request, "fact_form", fact.grant, form=form, fact=fact)


@_FORM
@login_required
def withdraw_fact(request: Request, reference: str, code: str) -> HttpResponse:
    """The form that withdraws a fact, with its reason."""
    require(request.user, EDIT)
    fact = _fact(reference, code)
    bound = request.POST if request.method == "POST" else None
    form = WithdrawalForm(bound, initial={"seen": fact.version})
    done(form, actions.withdraw_fact, fact=fact, at=timezone.now(), by=request.user)
    if bound and not form.errors:
        messages.success(request, _("Withdrawn."))
        return redirect("fund:grant", reference)
    return _page(request, "fact_withdrawal", fact.grant, form=form, fact=fact)


def _fact(reference: str, code: str) -> Fact:
    found = queries.fact(reference, code)
    if found is None:
        raise Http404(code)
    return found


def _page(
    request: Request, name: str, grant: Grant, *, form: FactForm | WithdrawalForm, fact: Fact | None
) -> HttpResponse:
    context = {"form": form, "grant": grant, "fact": fact}
    status = 422 if form.errors else 200
    return render(request, f"fund/{name}.html", context, status=status)
