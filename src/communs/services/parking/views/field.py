"""Pages of agents outside: sensors put in place, stays that last too long."""

from __future__ import annotations

from typing import Any

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
from communs.services.parking import actions, queries
from communs.services.parking.forms import SensorForm, VerdictForm
from communs.services.parking.rules import PATROL
from communs.services.parking.views import words
from communs.services.parking.views.pages import options_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def patrol(request: Request) -> HttpResponse:
    """What to look at on one's round: long stays, then sensors that are not believed."""
    require(request.user, PATROL)
    at = timezone.now()
    late = queries.overstays(at, options_of(request))
    context = {
        "late": [_late(one, at) for one in late],
        "doubtful": [
            {
                "space": one.space,
                "place": queries.told(queries.place_of(one.space)),
                "why": one.why.label,
                "age": words.age(one.heard, at),
            }
            for one in queries.doubtful(at)
        ],
        "read_at": at,
        "messages": messages.get_messages(request),
    }
    return render(request, "parking/patrol.html", context)


@_FORM
@login_required
def answer_overstay(request: Request, code: str, since: int) -> HttpResponse:
    """The form that says what was found where somebody seemed to stay too long."""
    require(request.user, PATROL)
    at = timezone.now()
    late = queries.late(code, since, at, options_of(request))
    if late is None:
        raise Http404(code)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    known = {"space": late.space, "since": since, "at": at, "by": request.user}
    if form.is_bound and done(form, actions.answer_overstay, **known) is not None:
        messages.success(request, _("Noted."))
        return redirect("parking:patrol")
    context = {"form": form, **_late(late, at)}
    return render(request, "parking/answer.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def fit_sensor(request: Request) -> HttpResponse:
    """The form that puts a sensor in a space; an address may name the space."""
    require(request.user, PATROL)
    bound = request.POST if request.method == "POST" else None
    form = SensorForm(bound, initial={"space": request.GET.get("space", "")})
    known = {"at": timezone.now(), "by": request.user}
    thing = done(form, actions.bind_sensor, **known) if form.is_bound else None
    if thing is not None:
        said = {"sensor": thing.code, "space": form.cleaned_data["space"].code}
        messages.success(request, _("Sensor %(sensor)s is in space %(space)s.") % said)
        return redirect("parking:space", form.cleaned_data["space"].code)
    status = 422 if form.errors else 200
    return render(request, "parking/fit_sensor.html", {"form": form}, status=status)


@_FORM
@login_required
def release_sensor(request: Request, code: str) -> HttpResponse:
    """The page that takes a sensor from a space, once asked again."""
    require(request.user, PATROL)
    found = queries.any_space(code)
    if found is None or found.thing is None:
        raise Http404(code)
    if request.method == "POST":
        actions.release_sensor(space=found, by=request.user)
        messages.success(request, _("The space has no sensor any more: it is unknown."))
        return redirect("parking:space", found.code)
    return render(request, "parking/release_sensor.html", {"space": found})


def _late(late: queries.Late, at: Any) -> dict[str, Any]:
    return {
        "space": late.space,
        "since_ms": late.since_ms,
        "place": queries.told(queries.place_of(late.space)),
        "since": words.when(late.since, at),
        "had_to_leave": words.when(late.had_to_leave, at),
        "over": words.length(int(late.over.total_seconds()) // 60),
    }
