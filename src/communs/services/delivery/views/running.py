"""Shops and what comes back to them, for who runs the bays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.access.rules import require
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import EndForm, MerchantForm, PauseForm, RecurrenceForm
from communs.services.delivery.models import Merchant, Pause, Recurrence
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views import awaited
from communs.services.delivery.views.asking import bay_or_404, form_or_none, options_of
from communs.services.delivery.views.shops import opened

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
def run_shops(request: Request) -> HttpResponse:
    """Shops that ask, shops that count, and the form that adds one."""
    require(request.user, EDIT)
    at = timezone.now()
    today = timezone.localdate(at)
    form = MerchantForm(form_or_none(request), on=today)
    made = done(form, actions.add_merchant, at=at, by=request.user)
    if made is not None:
        return opened(request, made)
    context = {
        "form": form,
        "asking": [(shop, awaited.lines_of(shop)) for shop in queries.merchants_asking()],
        "shops": [(shop, awaited.lines_of(shop)) for shop in queries.merchants_here(on=today)],
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/run_shops.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def run_shop(request: Request, key: UUID) -> HttpResponse:
    """One shop: what comes back to it, and the form that adds a delivery."""
    require(request.user, EDIT)
    found = _shop(key)
    form = RecurrenceForm(form_or_none(request), on=timezone.localdate())
    if done(form, actions.add_recurrence, merchant=found, by=request.user) is not None:
        messages.success(request, _("The delivery is expected from its first day on."))
        return redirect("delivery:run_shop", key)
    context = {
        "form": form,
        "shop": found,
        "deliveries": awaited.lines_of(found),
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/run_shop.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def run_shop_answer(request: Request, key: UUID) -> HttpResponse:
    """Say yes or no to a shop."""
    accept = "accept" in request.POST
    return _done(
        request,
        lambda: actions.answer_merchant(
            merchant=_shop(key), accept=accept, on=timezone.localdate(), by=request.user
        ),
    )


@require_POST
@login_required
def run_shop_page(request: Request, key: UUID) -> HttpResponse:
    """Give a shop a new address for its own page."""
    require(request.user, EDIT)
    return opened(request, actions.renew_page(merchant=_shop(key), by=request.user))


@_FORM
@login_required
def run_shop_end(request: Request, key: UUID) -> HttpResponse:
    """The form that ends a shop."""
    require(request.user, EDIT)
    found = _shop(key)
    return _ending(request, found, _("End the shop “%(name)s”") % {"name": found.name})


@_FORM
@login_required
def run_recurrence_end(request: Request, key: UUID) -> HttpResponse:
    """The form that ends a recurring delivery."""
    require(request.user, EDIT)
    return _ending(request, _recurrence(key), _("End this delivery"))


@_FORM
@login_required
def run_recurrence_pause(request: Request, key: UUID) -> HttpResponse:
    """The form that leaves days out of a recurring delivery."""
    require(request.user, EDIT)
    row = _recurrence(key)
    form = PauseForm(form_or_none(request))
    if done(form, actions.pause_recurrence, recurrence=row, by=request.user) is not None:
        messages.success(request, _("These days are left out."))
        return redirect("delivery:run_shop", row.merchant_id)
    return _form(request, form, _("Leave days out"), row.merchant_id)


@require_POST
@login_required
def run_pause_lift(request: Request, key: UUID) -> HttpResponse:
    """Let a delivery come on those days after all."""
    require(request.user, EDIT)
    row = get_object_or_404(Pause.objects.select_related("recurrence"), pk=key)
    shop = row.recurrence.merchant_id
    actions.lift_pause(pause=row, by=request.user)
    messages.success(request, _("The delivery comes on these days after all."))
    return redirect("delivery:run_shop", shop)


@require_safe
@login_required
def run_expected(request: Request) -> HttpResponse:
    """How full every bay will be in the seven days to come, as shops have declared."""
    require(request.user, EDIT)
    share = options_of(request).saturated_percent / 100
    rows = awaited.weeks(queries.expectations(on=timezone.localdate()), share)
    return render(request, "delivery/run_expected.html", {"rows": rows})


@require_safe
@login_required
def run_expected_of_bay(request: Request, code: str) -> HttpResponse:
    """One bay's seven days to come, half hour by half hour."""
    require(request.user, EDIT)
    at = timezone.now()
    bay = bay_or_404(code, at)
    found = queries.expectations_of([bay], on=timezone.localdate(at))
    columns, lines = awaited.table_of(found[0])
    context = {"bay": bay, "columns": columns, "lines": lines}
    return render(request, "delivery/run_expected_of_bay.html", context)


def _shop(key: UUID) -> Merchant:
    found = queries.merchants().filter(pk=key).first()
    if found is None:
        raise Http404(str(key))
    return found


def _recurrence(key: UUID) -> Recurrence:
    return get_object_or_404(Recurrence, pk=key)


def _done(request: Request, act: Any) -> HttpResponse:
    """Do what a button asks, then show the shops again with what came of it."""
    require(request.user, EDIT)
    try:
        act()
        messages.success(request, _("Noted."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("delivery:run_shops")


def _ending(request: Request, row: Merchant | Recurrence, title: str) -> HttpResponse:
    form = EndForm(form_or_none(request), initial={"on": timezone.localdate()})
    is_shop = isinstance(row, Merchant)
    action: Any = actions.end_merchant if is_shop else actions.end_recurrence
    key = row.pk if isinstance(row, Merchant) else row.merchant_id
    done(form, action, **{"merchant" if is_shop else "recurrence": row}, by=request.user)
    if form.is_bound and not form.errors:
        messages.success(request, _("It ends with that day."))
        return redirect("delivery:run_shop", key)
    return _form(request, form, title, key)


def _form(request: Request, form: Any, title: str, shop: UUID) -> HttpResponse:
    context = {"form": form, "form_title": title, "shop": shop}
    return render(request, "delivery/shop_form.html", context, status=422 if form.errors else 200)
