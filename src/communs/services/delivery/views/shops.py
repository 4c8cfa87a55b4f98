"""What a shop says of its deliveries, without an account, and what everybody may read of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.communities.addresses import absolute, url_of
from communs.core.communities.scope import current
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.forms import AskForm, PauseForm
from communs.services.delivery.models import Merchant, Pause
from communs.services.delivery.views import awaited
from communs.services.delivery.views.asking import form_or_none, in_pace

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def expected(request: Request) -> HttpResponse:
    """What shops have declared for today, bay by bay; no shop is named."""
    today = timezone.localdate()
    rows = [awaited.day_of(one, today) for one in queries.expectations(on=today, days=1)]
    context = {"rows": [row for row in rows if row["runs"]], "today": today}
    return render(request, "delivery/expected.html", context)


@_FORM
def ask_shop(request: Request) -> HttpResponse:
    """The form by which a shop asks for its deliveries to be counted."""
    at = timezone.now()
    today = timezone.localdate(at)
    form = AskForm(form_or_none(request), on=today)
    may = form.is_valid() and in_pace(request, form)
    made = done(form, actions.ask_for_merchant, at=at, on=today, by=None) if may else None
    if made is not None:
        return opened(request, made)
    context = {"form": form}
    return render(request, "delivery/ask_shop.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def shop(request: Request, secret: str) -> HttpResponse:
    """A shop's own page: whether it counts, and what comes back to it."""
    found = _shop(secret)
    context = {
        "shop": found,
        "deliveries": awaited.lines_of(found),
        "secret": secret,
        "messages": messages.get_messages(request),
    }
    return render(request, "delivery/shop.html", context)


@_FORM
@never_cache
def pause_own(request: Request, secret: str, key: UUID) -> HttpResponse:
    """The form with which a shop leaves days out."""
    row = _shop(secret).recurrences.filter(pk=key).first()
    if row is None:
        raise Http404(str(key))
    form = PauseForm(form_or_none(request))
    if done(form, actions.pause_recurrence, recurrence=row, by=None) is not None:
        messages.success(request, _("These days are left out."))
        return redirect("delivery:shop", secret)
    context = {"form": form, "delivery": awaited.words_of(row), "secret": secret}
    return render(request, "delivery/pause_own.html", context, status=422 if form.errors else 200)


@require_POST
def lift_own(request: Request, secret: str, key: UUID) -> HttpResponse:
    """Let a delivery come on those days after all."""
    row = Pause.objects.filter(recurrence__merchant=_shop(secret), pk=key).first()
    if row is None:
        raise Http404(str(key))
    actions.lift_pause(pause=row, by=None)
    messages.success(request, _("The delivery comes on these days after all."))
    return redirect("delivery:shop", secret)


def opened(request: Request, made: actions.Declared) -> HttpResponse:
    """The page that tells the address of a shop's own page; it is told once."""
    address = absolute(url_of(current(), "delivery:shop", made.secret))
    href = reverse("delivery:shop", args=[made.secret])
    context = {"shop": made.merchant, "address": address, "href": href}
    answer = render(request, "delivery/shop_opened.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shop(secret: str) -> Merchant:
    found = queries.merchant_of(secret)
    if found is None:
        raise Http404
    return found
