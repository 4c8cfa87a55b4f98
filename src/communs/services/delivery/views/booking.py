"""Pages of carriers, and of who lets them book."""

from __future__ import annotations

from datetime import timedelta
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
from communs.core.api.actions import make_token
from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import ArriveForm, BookForm, CarrierForm
from communs.services.delivery.models import Booking, Carrier
from communs.services.delivery.rules import BOOK, EDIT
from communs.services.delivery.views.asking import form_or_none, options_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 50
_KEY_LASTS = timedelta(days=365)


@_FORM
@login_required
def bookings(request: Request) -> HttpResponse:
    """A carrier's bookings, and the form that makes another."""
    carrier, at = carrier_or_404(request), timezone.now()
    form = BookForm(form_or_none(request), on=timezone.localdate(at))
    known = {"carrier": carrier, "options": options_of(request), "at": at, "by": request.user}
    if done(form, actions.ask_for_booking, **known) is not None:
        messages.success(request, _("The space is booked."))
        return redirect("delivery:bookings")
    context = {
        "form": form,
        "carrier": carrier,
        "bookings": queries.bookings_of(carrier, at=at),
        "options": options_of(request),
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/bookings.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def arrive(request: Request, key: UUID) -> HttpResponse:
    """The form of a carrier that has come: its disc starts."""
    found = _booking(request, key)
    form = ArriveForm(form_or_none(request))
    made = done(form, actions.honour, booking=found, at=timezone.now(), by=request.user)
    if made is not None:
        return redirect("delivery:ticket", made.secret)
    context = {"form": form, "booking": found}
    return render(request, "delivery/arrive.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def cancel_booking(request: Request, key: UUID) -> HttpResponse:
    """Give a booked space back."""
    try:
        actions.cancel(booking=_booking(request, key), by=request.user)
        messages.success(request, _("The booking is cancelled."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("delivery:bookings")


@require_POST
@login_required
def make_key(request: Request) -> HttpResponse:
    """Make a key with which a carrier's program books; it is shown once."""
    carrier, today = carrier_or_404(request), timezone.localdate()
    until = min(today + _KEY_LASTS, carrier.until)
    asked: dict[str, Any] = {"name": carrier.name, "permissions": [BOOK], "until": until}
    try:
        _token, written = make_token(**asked, on=today, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("delivery:bookings")
    answer = render(request, "delivery/key.html", {"key": written, "until": until})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
@login_required
def run_bookings(request: Request) -> HttpResponse:
    """What became of every firm's bookings, for who runs the bays."""
    require(request.user, EDIT)
    page = page_of(request, queries.latest_bookings(at=timezone.now()), _ON_A_PAGE)
    return render(request, "delivery/run_bookings.html", {"bookings": page})


@_FORM
@login_required
def add_carrier(request: Request) -> HttpResponse:
    """The firms that may book, and the form that adds one."""
    require(request.user, EDIT)
    today = timezone.localdate()
    initial = {"until": today + timedelta(days=365)}
    form = CarrierForm(form_or_none(request), initial=initial)
    if done(form, actions.add_carrier, by=request.user) is not None:
        messages.success(request, _("The firm may book."))
        return redirect("delivery:add_carrier")
    context = {
        "form": form,
        "carriers": queries.carriers(),
        "today": today,
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/carriers.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end_carrier(request: Request, key: UUID) -> HttpResponse:
    """Let a firm book no more."""
    require(request.user, EDIT)
    found = get_object_or_404(Carrier, pk=key)
    actions.end_carrier(carrier=found, on=timezone.localdate(), by=request.user)
    messages.success(request, _("The firm books no more."))
    return redirect("delivery:add_carrier")


def carrier_or_404(request: Request) -> Carrier:
    """Give the carrier of who is signed in; for anybody else, nothing is here."""
    require(request.user, BOOK)
    found = queries.carrier_of(request.user, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


def _booking(request: Request, key: UUID) -> Booking:
    found = queries.booking_of(carrier_or_404(request), key)
    if found is None:
        raise Http404(str(key))
    return found
