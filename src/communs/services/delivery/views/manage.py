"""Pages of who runs the bays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import BayForm, EndForm, PolicyForm, TemplateForm
from communs.services.delivery.models import Policy
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views import ordering
from communs.services.delivery.views.asking import bay_or_404, form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def manage(request: Request) -> HttpResponse:
    """Bays and rules, those of the past included."""
    require(request.user, EDIT)
    context = {
        "bays": queries.all_bays(),
        "policies": queries.all_policies(),
        "templates": queries.templates(),
        "today": timezone.localdate(),
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/manage.html", context)


@_FORM
@login_required
def add_bay(request: Request) -> HttpResponse:
    """The form that adds a bay."""
    require(request.user, EDIT)
    at = timezone.now()
    form = BayForm(form_or_none(request))
    known = {"on": timezone.localdate(at), "at": at, "by": request.user}
    if done(form, actions.add_bay, **known) is not None:
        messages.success(request, _("The bay is added. Give it a rule."))
        return redirect("delivery:manage")
    return _form(request, form, _("Add a bay"))


@_FORM
@login_required
def change_bay(request: Request, code: str) -> HttpResponse:
    """The form that corrects a bay."""
    require(request.user, EDIT)
    at = timezone.now()
    found = bay_or_404(code, at)
    form = BayForm(form_or_none(request), bay=found)
    if done(form, actions.change_bay, bay=found, at=at, by=request.user) is not None:
        messages.success(request, _("The bay is corrected."))
        return redirect("delivery:manage")
    return _form(request, form, _("Correct the bay “%(name)s”") % {"name": found.name})


@_FORM
@login_required
def close_bay(request: Request, code: str) -> HttpResponse:
    """The form that closes a bay."""
    require(request.user, EDIT)
    at = timezone.now()
    found = bay_or_404(code, at)
    form = EndForm(form_or_none(request), initial={"on": timezone.localdate(at)})
    if _closed(form, actions.close_bay, bay=found, at=at, by=request.user):
        messages.success(request, _("The bay is closed. What happened there is kept."))
        return redirect("delivery:manage")
    return _form(request, form, _("Close the bay “%(name)s”") % {"name": found.name})


@_FORM
@login_required
def add_policy(request: Request) -> HttpResponse:
    """The form that puts a rule into force; `?modele=` fills it from a usual one."""
    require(request.user, EDIT)
    at = timezone.now()
    model = queries.templates().filter(code=request.GET.get("modele", "")).first()
    form = PolicyForm(form_or_none(request), terms=model, initial={"since": timezone.localdate(at)})
    if done(form, actions.enact_policy, at=at, by=request.user) is not None:
        messages.success(request, _("The rule is in force from that day on."))
        return redirect("delivery:manage")
    return _form(request, form, _("Put a rule into force"))


@_FORM
@login_required
def revise_policy(request: Request, key: UUID) -> HttpResponse:
    """The form that replaces a rule from a day on."""
    require(request.user, EDIT)
    at = timezone.now()
    found = get_object_or_404(Policy, pk=key)
    form = PolicyForm(form_or_none(request), terms=found, initial={"since": timezone.localdate(at)})
    if done(form, actions.revise_policy, policy=found, at=at, by=request.user) is not None:
        messages.success(request, _("The new version is in force from that day on."))
        return redirect("delivery:manage")
    return _form(request, form, _("Replace the rule “%(name)s”") % {"name": found.name})


@_FORM
@login_required
def end_policy(request: Request, key: UUID) -> HttpResponse:
    """The form that ends a rule."""
    require(request.user, EDIT)
    found = get_object_or_404(Policy, pk=key)
    form = EndForm(form_or_none(request), initial={"on": timezone.localdate()})
    if _closed(form, actions.end_policy, policy=found, by=request.user):
        messages.success(request, _("The rule ends with that day."))
        return redirect("delivery:manage")
    return _form(request, form, _("End the rule “%(name)s”") % {"name": found.name})


@_FORM
@login_required
def add_template(request: Request) -> HttpResponse:
    """The form that keeps a usual rule."""
    require(request.user, EDIT)
    form = TemplateForm(form_or_none(request))
    if done(form, actions.save_template, by=request.user) is not None:
        messages.success(request, _("The usual rule is kept."))
        return redirect("delivery:manage")
    return _form(request, form, _("Add a usual rule"))


@require_safe
@login_required
def order(request: Request, code: str) -> HttpResponse:
    """The draft of the municipal order of a bay."""
    require(request.user, EDIT)
    at = timezone.now()
    found = bay_or_404(code, at)
    context = {"bay": found, "text": ordering.draft_of(found, at)}
    return render(request, "delivery/order.html", context)


@require_safe
@login_required
def order_text(request: Request, code: str) -> HttpResponse:
    """The same draft, as a text file."""
    require(request.user, EDIT)
    at = timezone.now()
    found = bay_or_404(code, at)
    answer = HttpResponse(ordering.draft_of(found, at), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="arrete-{found.code}.txt"'
    return answer


def _form(request: Request, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "form_title": title}
    return render(request, "delivery/form.html", context, status=422 if form.errors else 200)


def _closed(form: EndForm, action: Any, **more: Any) -> bool:
    """Do an action that gives nothing back; tell whether it was done."""
    done(form, action, **more)
    return form.is_bound and not form.errors
