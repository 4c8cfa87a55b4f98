"""Pages of the templates of agreements."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund import queries as every
from communs.services.fund.forms import ChooseTemplateForm, TemplateForm, initial_of_template
from communs.services.fund.models import AgreementTemplate
from communs.services.fund.queries import agreements as queries
from communs.services.fund.rules import MANAGE
from communs.services.fund.views.agreements import FORM
from communs.services.fund.views.reading import form_or_none


@require_safe
@login_required
def agreement_templates(request: Request) -> HttpResponse:
    """The templates, and the calls that use them."""
    require(request.user, MANAGE)
    context = {"templates": queries.templates(), "messages": messages.get_messages(request)}
    return render(request, "fund/agreement_templates.html", context)


@FORM
@login_required
def add_template(request: Request) -> HttpResponse:
    """The form that adds a template."""
    require(request.user, MANAGE)
    form = TemplateForm(form_or_none(request))
    if done(form, actions.add_template, by=request.user) is not None:
        messages.success(request, _("The template is here: choose it for a call."))
        return redirect("fund:agreement_templates")
    return _page(request, form, _("Add a template"))


@FORM
@login_required
def change_template(request: Request, key: UUID) -> HttpResponse:
    """The form that changes a template; what was agreed keeps its words."""
    found = _template(request, key)
    form = TemplateForm(form_or_none(request), initial=initial_of_template(found))
    if done(form, actions.change_template, template=found, by=request.user) is not None:
        messages.success(request, _("The template is changed; what was agreed keeps its words."))
        return redirect("fund:agreement_templates")
    return _page(request, form, found.title)


@FORM
@login_required
def choose_template(request: Request, key: UUID) -> HttpResponse:
    """The form that says which call's agreements are made of a template."""
    found = _template(request, key)
    form = ChooseTemplateForm(form_or_none(request), calls=every.all_calls())
    if done(form, actions.choose_template, template=found, by=request.user) is not None:
        messages.success(request, _("This call’s agreements are made of it from now on."))
        return redirect("fund:agreement_templates")
    return _page(request, form, _("Use “%(title)s” for a call") % {"title": found.title})


def _template(request: Request, key: UUID) -> AgreementTemplate:
    require(request.user, MANAGE)
    found = queries.template(key)
    if found is None:
        raise Http404(str(key))
    return found


def _page(request: Request, form: TemplateForm | ChooseTemplateForm, title: str) -> HttpResponse:
    context = {"form": form, "form_title": title}
    status = 422 if form.errors else 200
    return render(request, "fund/agreement_template.html", context, status=status)
