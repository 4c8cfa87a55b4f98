"""What is measured here: the list, each indicator, earlier figures, days measured again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.indicators import actions, queries
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.rules import MANAGE
from communs.core.kit.forms import done
from communs.core.kit.localised import number
from communs.core.registry.request import Request
from communs.core.web import baseline as figures
from communs.core.web import measures


@require_safe
def index(request: Request) -> HttpResponse:
    """Every indicator of the community: its latest value, its trend, its age."""
    return render(
        request, "web/indicators.html", {"groups": measures.overview(timezone.localdate())}
    )


@require_safe
def indicator(request: Request, key: str) -> HttpResponse:
    """One indicator: chart, table, how it is counted, where it comes from, other communities."""
    found = here(key)
    form = measures.StepForm(request.GET)
    shown = measures.one(found, form.step_asked(), timezone.localdate())
    context = {"indicator": found, "form": form, "manages": may(request.user, MANAGE)}
    return render(
        request, "web/indicator.html", context | shown, status=422 if form.errors else 200
    )


def here(key: str) -> Indicator:
    """Give an indicator that everybody may read here; another is not found."""
    found = queries.indicator_here(key, timezone.localdate())
    if found is None:
        raise Http404(key)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def baseline(request: Request, key: str) -> HttpResponse:
    """Earlier figures from a file: looked at first, kept when that is confirmed."""
    require(request.user, MANAGE)
    found, now = here(key), timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = figures.BaselineForm(*sent, at=now, by=request.user)
    preview = _preview(form, found) if form.is_valid() else None
    confirmed = "confirm" in request.POST and not request.FILES
    if preview and confirmed and not form.errors:
        kept = actions.import_baseline(
            indicator=found, figures=preview.figures, **form.cleaned_data, at=now, by=request.user
        )
        messages.success(request, _imported(len(preview.figures), kept))
        return redirect("web:indicator", key)
    return _form(request, found, form, preview=preview)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def measure_again(request: Request, key: str) -> HttpResponse:
    """Measure past days again, after something was put right."""
    require(request.user, MANAGE)
    found = here(key)
    form = figures.AgainForm(request.POST if request.method == "POST" else None)
    changed = done(form, actions.measure_again, indicator=found, at=timezone.now(), by=request.user)
    if changed is None:
        return _form(request, found, form, preview=None)
    sentence = ngettext("%(count)s day changed.", "%(count)s days changed.", changed)
    messages.success(request, sentence % {"count": number(changed)})
    return redirect("web:indicator", key)


def _preview(form: figures.BaselineForm, found: Indicator) -> figures.Preview:
    yesterday = timezone.localdate() - timedelta(days=1)
    preview = figures.look(found, form.cleaned_data["file"], until=yesterday)
    if preview.faults:
        form.add_error("file", _("Some lines cannot be read: see below. Nothing was kept."))
    elif not preview.figures:
        form.add_error("file", _("This file holds no figure."))
    return preview


def _imported(days: int, replaced: int) -> str:
    kept = ngettext("%(count)s day was kept.", "%(count)s days were kept.", days)
    told = kept % {"count": number(days)}
    if not replaced:
        return told
    more = ngettext("%(count)s replaced another.", "%(count)s replaced others.", replaced)
    return f"{told} {more % {'count': number(replaced)}}"


def _form(
    request: Request, found: Indicator, form: Form, *, preview: figures.Preview | None
) -> HttpResponse:
    context = {
        "indicator": found,
        "form": form,
        "preview": preview,
        "figures": preview.rows(found) if preview else [],
        "faults": preview.told() if preview else [],
    }
    status = 422 if form.errors else 200
    return render(request, "web/indicator_form.html", context, status=status)
