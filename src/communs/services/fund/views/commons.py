"""Public pages of digital commons: the catalogue, one of them, and a request to take it over."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access.rules import may, require
from communs.core.kit.formats import csv_file, json_file
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.services.fund import actions
from communs.services.fund.enums import CommonState
from communs.services.fund.forms import AskForm, CommonsForm, CopyReasonForm
from communs.services.fund.models import Common
from communs.services.fund.queries import commons as reads
from communs.services.fund.rules import MANAGE, REPLICATE
from communs.services.fund.schemas import COMMON_COLUMNS, common_row
from communs.services.fund.views import commons_told, copies_measured, shown
from communs.services.fund.views.doing import filled, not_now
from communs.services.fund.views.reading import form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_ON_A_PAGE = 30


@require_safe
def commons(request: Request) -> HttpResponse:
    """The catalogue of what was tried, judged, and may be taken over."""
    form = CommonsForm(request.GET, services=reads.services_shared())
    asked = form.cleaned_data if form.is_valid() else {}
    rows = reads.commons(**{name: asked.get(name, "") for name in form.fields})
    page = page_of(request, rows, _ON_A_PAGE)
    context = {
        "form": form,
        "page_of_commons": page,
        "rows": [commons_told.line(one) for one in page.object_list],
        "base": shown.base_of_pages(request),
        "may_manage": may(request.user, MANAGE),
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/commons.html", context, status=400 if form.errors else 200)


@require_safe
def common(request: Request, code: str) -> HttpResponse:
    """One common: its evidence, what it sets, where it runs, how to take it over."""
    found, on = common_or_404(code), timezone.localdate()
    copies = reads.copies(found)
    own = reads.administered(request.user, on=on)
    manages = may(request.user, MANAGE)
    context = {
        **commons_told.line(found),
        **commons_told.evidence(found),
        **commons_told.configuration(found),
        **commons_told.places(found, copies, on),
        "measures": copies_measured.measures(found, copies, on),
        "requests": commons_told.requests(found, copies, own, manages=manages),
        "may_ask": commons_told.may_ask(found, copies, own),
        "manages": manages,
        "messages": messages.get_messages(request),
    }
    return render(request, "fund/common.html", context)


@_FORM
@login_required
def ask_common(request: Request, code: str) -> HttpResponse:
    """The form by which a commune says that it wants to take a common over."""
    require(request.user, REPLICATE)
    found, on = common_or_404(code), timezone.localdate()
    form = AskForm(form_or_none(request), places=reads.administered(request.user, on=on))
    title = _("Take over “%(title)s”") % {"title": found.title}
    context = {"form_title": title, "trail": trail(found), "submit": _("Ask for it")}
    if found.state == CommonState.WITHDRAWN:
        return not_now(request, actions.withdrawn(), _page(found), context)
    known = {"common": found, "at": timezone.now(), "by": request.user}
    return filled(request, form, actions.ask_replication, _page(found), context, **known)


@_FORM
@login_required
def give_up_copy(request: Request, key: UUID) -> HttpResponse:
    """The form by which a commune takes its request back."""
    row = reads.replication(key)
    if row is None or not (may(request.user, REPLICATE, row.place) or may(request.user, MANAGE)):
        raise Http404(str(key))
    form = CopyReasonForm(form_or_none(request))
    title = _("Give up “%(title)s” in %(name)s")
    context: dict[str, Any] = {
        "form_title": title % {"title": row.common.title, "name": row.place.name},
        "trail": trail(row.common),
    }
    act = partial(actions.give_up_replication, replication=row, at=timezone.now())
    return filled(request, form, act, _page(row.common), context, by=request.user)


@require_safe
def commons_csv(_request: HttpRequest) -> HttpResponse:
    """The catalogue, as CSV."""
    rows = (common_row(one) for one in reads.commons())
    return csv_file(
        "communs.csv", COMMON_COLUMNS, ([row[n] for n in COMMON_COLUMNS] for row in rows)
    )


@require_safe
def commons_json(_request: HttpRequest) -> HttpResponse:
    """The catalogue, as JSON."""
    return json_file([common_row(one) for one in reads.commons()])


def common_or_404(code: str) -> Common:
    """Give a common, a withdrawn one too: its page says so."""
    found = reads.common(code)
    if found is None:
        raise Http404(code)
    return found


def trail(found: Common | None = None) -> list[dict[str, str]]:
    """Give the way to the pages of commons."""
    way = [{"label": _("Digital commons"), "href": reverse("fund:commons")}]
    return way + ([{"label": found.title, "href": _page(found)}] if found else [])


def _page(found: Common) -> str:
    return reverse("fund:common", args=[found.code])
