"""A CurbLR file: sent, looked at in words, installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communs.core.access.rules import require
from communs.core.kit.forms import done
from communs.core.kit.localised import number
from communs.core.kit.timespans import TimeSpan
from communs.core.kit.timespans_told import told
from communs.core.registry.request import Request
from communs.services.delivery import actions, queries
from communs.services.delivery.enums import Activity, LeftOut, Remark, VehicleClass
from communs.services.delivery.forms import CurbForm
from communs.services.delivery.models import CurbFile
from communs.services.delivery.rules import EDIT
from communs.services.delivery.views.asking import form_or_none
from communs.services.delivery.views.shown import minutes

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
def run_curbs(request: Request) -> HttpResponse:
    """The form that takes a CurbLR file, and those that were looked at."""
    require(request.user, EDIT)
    at = timezone.now()
    form = CurbForm(form_or_none(request), request.FILES or None)
    known = {"on": timezone.localdate(at), "at": at, "by": request.user}
    row = done(form, actions.keep_curbs, **known)
    if row is not None:
        return redirect("delivery:run_curb_file", row.pk)
    context = {"form": form, "files": queries.curb_files()}
    return render(request, "delivery/run_curbs.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def run_curb_file(request: Request, key: UUID) -> HttpResponse:
    """What a file would make, in words, and the button that makes it."""
    require(request.user, EDIT)
    at = timezone.now()
    file = get_object_or_404(CurbFile, pk=key)
    if request.method == "POST":
        known: dict[str, Any] = {"on": timezone.localdate(at), "at": at, "by": request.user}
        made = actions.install_curbs(file=file, **known)
        messages.success(request, _installed(made))
        return redirect("delivery:manage")
    context = {"file": file, **_told(file.reading, queries.origins())}
    return render(request, "delivery/run_curb_file.html", context)


def _installed(made: actions.Installed) -> str:
    bays = ngettext("%(count)s bay", "%(count)s bays", made.bays) % {"count": number(made.bays)}
    rules = ngettext("%(count)s rule", "%(count)s rules", made.rules)
    given = {"bays": bays, "rules": rules % {"count": number(made.rules)}}
    return _("Installed: %(bays)s, %(rules)s.") % given


def _told(reading: Mapping[str, Any], here: set[str]) -> dict[str, Any]:
    """Give a reading in words."""
    origins = {bay["origin"] for bay in reading["bays"]}
    return {
        "new": len(origins - here),
        "kept": len(origins & here),
        "features": reading["features"],
        "rules": [_rule(rule) for rule in reading["rules"]],
        "left_out": [_counted(one, LeftOut) for one in reading["left_out"]],
        "notes": [str(Remark(one["reason"]).label) for one in reading["notes"]],
    }


def _rule(rule: Mapping[str, Any]) -> dict[str, str]:
    terms = rule["terms"]
    parts = [str(Activity(terms["activity"]).label)]
    if terms["most_minutes"]:
        parts.append(minutes(terms["most_minutes"]))
    parts += [str(VehicleClass(name).label) for name in terms["vehicles"]]
    count = len(rule["bays"])
    bays = ngettext("in %(count)s bay", "in %(count)s bays", count) % {"count": number(count)}
    return {"label": told(_span(rule)), "sub": " – ".join([", ".join(parts), bays])}


def _span(rule: Mapping[str, Any]) -> TimeSpan:
    terms = rule["terms"]
    return TimeSpan(
        days=frozenset(map(int, terms["days"])),
        begins=_hour(terms["begins"]),
        ends=_hour(terms["ends"]),
        since=_day(rule["since"]),
        until=_day(rule["until"]),
        holidays=terms["holidays"],
    )


def _hour(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _counted(one: Mapping[str, Any], words: type[LeftOut]) -> dict[str, Any]:
    reason = str(words(one["reason"]).label)
    if one["about"]:
        reason = _("%(reason)s: “%(about)s”") % {"reason": reason, "about": one["about"]}
    return {"reason": reason, "count": number(one["count"]), "first": number(one["first"])}
