"""Pages of the programme manager: programmes, rules, envelopes, tasks, firms."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web.actions import set_siret
from communs.services.fund import actions, queries
from communs.services.fund.forms import (
    AppointmentForm,
    BodyForm,
    ContactForm,
    EndForm,
    EnvelopeForm,
    FirmForm,
    ProgrammeForm,
    RulesForm,
    initial_of_rules,
    type_rows,
    typed_again,
)
from communs.services.fund.models import FundingRules
from communs.services.fund.rules import MANAGE
from communs.services.fund.views import called
from communs.services.fund.views.managed import form_page
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def manage(request: Request) -> HttpResponse:
    """All that a programme manager sets, with what is to be done first."""
    require(request.user, MANAGE)
    at = timezone.now()
    context = {
        "calls": [
            called.card(one, at)
            for one in queries.calls_counted(request.user, on=timezone.localdate())
        ],
        "programmes": queries.programmes(),
        "rules": queries.rules_versions(),
        "envelopes": queries.envelopes(),
        "appointments": queries.appointments(on=timezone.localdate(at)),
        "firms": queries.organisations(),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/manage.html", context)


@_FORM
@login_required
def add_programme(request: Request) -> HttpResponse:
    """The form that adds a fund."""
    require(request.user, MANAGE)
    form = ProgrammeForm(form_or_none(request))
    if done(form, actions.add_programme, by=request.user) is not None:
        messages.success(request, _("The programme is here."))
        return redirect("fund:manage")
    return form_page(request, form, _("Add a programme"), submit=_("Add"))


@_FORM
@login_required
def add_envelope(request: Request) -> HttpResponse:
    """The form that adds money voted for a year."""
    require(request.user, MANAGE)
    form = EnvelopeForm(form_or_none(request), initial={"year": timezone.localdate().year})
    if done(form, actions.add_envelope, by=request.user) is not None:
        messages.success(request, _("The envelope is here."))
        return redirect("fund:manage")
    return form_page(request, form, _("Add an envelope"), submit=_("Add"))


@_FORM
@login_required
def add_rules(request: Request, key: UUID | None = None) -> HttpResponse:
    """The form that adds rules, or the next version of those that one starts from."""
    require(request.user, MANAGE)
    before = queries.rules_of(key) if key else None
    if key and before is None:
        raise Http404(str(key))
    form = _rules_form(request, before)
    if done(form, actions.add_rules, by=request.user) is not None:
        messages.success(request, _("The rules are here: choose them in a call."))
        return redirect("fund:manage")
    context = {"form": form, "before": before}
    return render(request, "fund/manage_rules.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def appoint(request: Request) -> HttpResponse:
    """The form that gives somebody a task in the fund."""
    require(request.user, MANAGE)
    form = AppointmentForm(form_or_none(request), initial={"since": timezone.localdate()})
    if done(form, actions.appoint, by=request.user) is not None:
        messages.success(request, _("The task is given."))
        return redirect("fund:manage")
    return form_page(request, form, _("Give a task"), submit=_("Give the task"))


@_FORM
@login_required
def end_appointment(request: Request, key: UUID) -> HttpResponse:
    """The form that takes a task back."""
    require(request.user, MANAGE)
    found = queries.appointment(key)
    if found is None:
        raise Http404(str(key))
    form = EndForm(form_or_none(request), initial={"on": timezone.localdate()})
    done(form, actions.end_appointment, appointment=found, by=request.user)
    if form.is_bound and not form.errors:
        messages.success(request, _("The task ends on that day."))
        return redirect("fund:manage")
    known = {"name": found.person.name, "duty": found.get_duty_display()}
    return form_page(request, form, _("Take back the task “%(duty)s” of %(name)s") % known)


@require_safe
@login_required
def bodies(request: Request) -> HttpResponse:
    """The communes, territories and metropolis that open data name by their SIRET."""
    require(request.user, MANAGE)
    rows = list(queries.bodies())
    context = {"bodies": rows, "lacking": sum(not row.siret for row in rows)}
    context["messages"] = messages.get_messages(request)
    return render(request, "fund/bodies.html", context)


@_FORM
@login_required
def set_body_siret(request: Request, slug: str) -> HttpResponse:
    """The form that says under which SIRET open data name a body."""
    require(request.user, MANAGE)
    found = queries.bodies().filter(slug=slug).first()
    if found is None:
        raise Http404(slug)
    form = BodyForm(form_or_none(request), body=found)
    kept = done(form, set_siret, community=found, by=request.user)
    if kept is not None:
        told = _("The SIRET is kept.") if kept.siret else _("The SIRET stays unknown.")
        messages.success(request, told)
        return redirect("fund:bodies")
    return form_page(request, form, _("SIRET of %(name)s") % {"name": found.name})


@_FORM
@login_required
def add_contact(request: Request, key: UUID) -> HttpResponse:
    """The form that lets another account act for a firm."""
    require(request.user, MANAGE)
    found = queries.organisation(key)
    if found is None or found.body_id is not None:
        raise Http404(str(key))
    form = ContactForm(form_or_none(request))
    known = {"organisation": found, "on": timezone.localdate(), "by": request.user}
    if done(form, actions.add_contact, **known) is not None:
        messages.success(request, _("This account acts for it now."))
        return redirect("fund:manage")
    return form_page(request, form, _("Add a contact of %(name)s") % {"name": found.name})


@_FORM
@login_required
def register_organisation(request: Request) -> HttpResponse:
    """The form by which a firm or an association makes itself known; who does so acts for it."""
    form = FirmForm(form_or_none(request))
    on = timezone.localdate()
    if done(form, actions.register_organisation, on=on, by=request.user) is not None:
        messages.success(request, _("It is registered: you may apply for it."))
        return redirect("fund:index")
    context = {"form": form, "form_title": _("Register a firm or an association")}
    return render(request, "fund/firm.html", context, status=422 if form.errors else 200)


def _rules_form(request: Request, before: FundingRules | None) -> RulesForm:
    """Give the form of rules; with more rows, and not judged, where more are asked for."""
    posted, more = form_or_none(request), "more" in request.POST
    rows = type_rows(posted, before, more=more)
    if more:
        return typed_again(posted, rows)
    return RulesForm(posted, types=rows, initial=initial_of_rules(before, on=timezone.localdate()))
