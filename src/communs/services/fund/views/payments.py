"""Pages of claims and payments, and the boards of who pays and of who runs the fund."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communs.core.access.rules import require
from communs.core.kit.localised import money
from communs.core.registry.request import Request
from communs.services.fund import actions
from communs.services.fund.forms import (
    AcceptForm,
    ClaimForm,
    OrderForm,
    PaidForm,
    ReasonForm,
    ReceivedForm,
)
from communs.services.fund.models import Application, Claim, Payment, standing_of
from communs.services.fund.queries import agreements as queries
from communs.services.fund.queries import piloting
from communs.services.fund.rules import CHECK, CLAIM, MANAGE, PAY
from communs.services.fund.views import agreed_shown, piloted
from communs.services.fund.views.agreements import FORM, agreement_or_404, asked, awarded_or_404
from communs.services.fund.views.doing import pressed
from communs.services.fund.views.reading import files_or_none, form_or_none


@FORM
@login_required
def claim(request: Request, number: str) -> HttpResponse:
    """The form by which a partner claims the next instalment."""
    file, found = agreement_or_404(request, number, CLAIM)
    instalment = queries.next_instalment(found)
    if instalment is None:
        raise Http404(number)
    at, given = timezone.now(), (form_or_none(request), files_or_none(request))
    writes = standing_of(request.user, on=timezone.localdate(at)).writes
    mine = queries.claimants(file, writes)
    form = ClaimForm(*given, organisations=mine, at=at, by=request.user)
    title = _("Claim: %(kind)s") % {"kind": instalment.get_kind_display()}
    known = {"instalment": instalment, "at": at, "by": request.user}
    return asked(request, file, form, actions.claim, title, **known)


@FORM
@login_required
def check_claim(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that accepts a claim for the cost that counts."""
    file, found = _claim(request, number, key)
    form = AcceptForm(form_or_none(request), initial={"accepted": found.spent})
    known = {"claim": found, "at": timezone.now(), "by": request.user}
    title = _("Accept the claim of %(name)s") % {"name": found.organisation.name}
    return asked(request, file, form, actions.check_claim, title, **known)


@FORM
@login_required
def reject_claim(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that rejects a claim with its reason."""
    file, found = _claim(request, number, key)
    form = ReasonForm(form_or_none(request))
    known = {"claim": found, "at": timezone.now(), "by": request.user}
    title = _("Reject the claim of %(name)s") % {"name": found.organisation.name}
    return asked(request, file, form, actions.reject_claim, title, **known)


@require_POST
@login_required
def check_payment(request: Request, number: str, key: UUID) -> HttpResponse:
    """Say that the condition of an advance is met."""
    _file, found = _payment(request, number, key, CHECK)
    known = {"payment": found, "at": timezone.now(), "by": request.user}
    back = reverse("fund:agreement", args=[number])
    return pressed(request, actions.check_payment, back, **known)


@FORM
@login_required
def order_payment(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that orders a payment."""
    file, found = _payment(request, number, key)
    form = OrderForm(form_or_none(request), initial={"on": timezone.localdate()})
    title = _("Order the payment of %(amount)s") % {"amount": money(found.amount)}
    known = {"payment": found, "by": request.user}
    return asked(request, file, form, actions.order_payment, title, **known)


@FORM
@login_required
def pay(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that notes a payment."""
    file, found = _payment(request, number, key)
    form = PaidForm(form_or_none(request), initial={"on": timezone.localdate()})
    title = _("The payment of %(amount)s was made") % {"amount": money(found.amount)}
    return asked(request, file, form, actions.pay, title, payment=found, by=request.user)


@FORM
@login_required
def reject_payment(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that rejects a payment with its reason."""
    file, found = _payment(request, number, key)
    form = ReasonForm(form_or_none(request))
    title = _("Reject the payment of %(amount)s") % {"amount": money(found.amount)}
    known = {"payment": found, "at": timezone.now(), "by": request.user}
    return asked(request, file, form, actions.reject_payment, title, **known)


@FORM
@login_required
def receive(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form that notes that what was paid too much came back."""
    file = awarded_or_404(request, number, PAY)
    found = queries.recovery(key, file)
    if found is None:
        raise Http404(str(key))
    form = ReceivedForm(form_or_none(request), initial={"on": timezone.localdate()})
    title = _("%(amount)s came back") % {"amount": money(found.amount)}
    return asked(request, file, form, actions.receive, title, recovery=found, by=request.user)


@require_safe
@login_required
def finance(request: Request) -> HttpResponse:
    """What waits for who pays, what waits longest first."""
    require(request.user, PAY)
    on = timezone.localdate()
    rows = [
        agreed_shown.waiting(request, one) for one in queries.money_waiting(request.user, on=on)
    ]
    context = {
        "groups": piloted.by_state(rows),
        "recoveries": queries.recoveries_waiting(request.user, on=on),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/agreement_finance.html", context)


@require_safe
@login_required
def pilot(request: Request) -> HttpResponse:
    """What the fund comes to: committed, agreed, paid, left; how long decisions take."""
    require(request.user, MANAGE)
    reader: dict[str, Any] = {"person": request.user, "on": timezone.localdate()}
    context = {
        "envelopes": piloted.envelopes(queries.envelopes_paid()),
        "calls": piloted.calls(piloting.days_to_decision(**reader)),
        "outcomes": piloted.outcomes(piloting.outcomes_by_kind(**reader)),
        "spans": piloted.spans(),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/agreement_pilot.html", context)


def _claim(request: Request, number: str, key: UUID) -> tuple[Application, Claim]:
    file = awarded_or_404(request, number, CHECK)
    found = queries.claim(key, file)
    if found is None:
        raise Http404(str(key))
    return file, found


def _payment(
    request: Request, number: str, key: UUID, permission: str = PAY
) -> tuple[Application, Payment]:
    file = awarded_or_404(request, number, permission)
    found = queries.payment(key, file)
    if found is None:
        raise Http404(str(key))
    return file, found
