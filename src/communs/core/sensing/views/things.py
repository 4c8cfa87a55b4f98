"""Sensors one by one: put in place, looked at, withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communs.core.access.rules import may, require
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.sensing import actions, queries
from communs.core.sensing.enums import Property
from communs.core.sensing.forms import CheckForm, PlaceForm
from communs.core.sensing.models import State, Thing
from communs.core.sensing.rules import COMMISSION, MANAGE
from communs.core.sensing.views import words
from communs.core.sensing.views.shown import shown

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_CHECKS_SHOWN = 20


@_FORM
@login_required
def place(request: Request, key: UUID) -> HttpResponse:
    """The form that puts a device of a source in place, or says anew where it is."""
    require(request.user, MANAGE)
    source, now = queries.source_of(key), timezone.now()
    if source is None:
        raise Http404(_("No such source here."))
    asked = {name: request.GET.get(name, "") for name in PlaceForm.base_fields}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=asked)
    placed = done(form, actions.commission, source=source, at=now, by=request.user)
    if placed is not None:
        messages.success(request, _("In place: what it says counts from now on."))
        return redirect("sensing:thing", placed.pk)
    context = {"form": form, "source": source}
    return render(request, "sensing/place.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def thing(request: Request, key: UUID) -> HttpResponse:
    """One sensor: what it says, why it may not be believed, what was seen beside it."""
    require(request.user, COMMISSION)
    found, now = _found(key), timezone.now()
    form = _check_form(request, found.thing)
    act = actions.check_on_the_spot
    if form and done(form, act, thing=found.thing, at=now, by=request.user) is not None:
        messages.success(request, _("Noted. Thank you."))
        return redirect("sensing:thing", found.thing.pk)
    context = {
        "shown": shown(found, now),
        "form": form,
        "accuracy": words.accuracy(queries.accuracy(thing=found.thing)),
        "checks": _checks(found.thing),
        "may_manage": may(request.user, MANAGE),
        "messages": messages.get_messages(request),
    }
    failed = form and form.errors
    return render(request, "sensing/thing.html", context, status=422 if failed else 200)


@_FORM
@login_required
def withdraw(request: Request, key: UUID) -> HttpResponse:
    """Ask before a sensor is withdrawn, then withdraw it."""
    require(request.user, MANAGE)
    found = queries.thing_of(key)
    if found is None or found.withdrawn_at is not None:
        raise Http404(_("No such sensor here."))
    if request.method == "POST":
        actions.withdraw(thing=found, at=timezone.now(), by=request.user)
        messages.success(request, _("Withdrawn: what it says no longer counts."))
        return redirect("sensing:source", found.source.pk)
    return render(request, "sensing/withdraw.html", {"thing": found})


def _found(key: UUID) -> State:
    found = State.objects.select_related("thing__source").filter(thing=key).first()
    if found is None:
        raise Http404(_("No such sensor here."))
    return found


def _check_form(request: Request, thing: Thing) -> CheckForm | None:
    """Give what asks what one sees; nobody sees a temperature, nor a sensor that is gone."""
    if thing.property != Property.PRESENCE or thing.withdrawn_at is not None:
        return None
    return CheckForm(request.POST if request.method == "POST" else None)


def _checks(thing: Thing) -> list[dict[str, object]]:
    rows = thing.checks.order_by("-at")[:_CHECKS_SHOWN]
    return [
        {
            "at": queries.instant(row.at),
            "seen": words.value(thing.property, row.seen),
            "said": words.value(thing.property, row.said),
        }
        for row in rows
    ]
