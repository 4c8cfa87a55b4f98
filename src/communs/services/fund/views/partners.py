"""Pages of the partners of a file: who joins, each one's part, each one's agreement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communs.core.kit.errors import Refused
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.services.fund import actions, queries
from communs.services.fund.forms import InviteForm, PartsForm, SignForm
from communs.services.fund.models import Application, Partner, standing_of
from communs.services.fund.rules import LEAD, SIGN
from communs.services.fund.views import closed, filed
from communs.services.fund.views.beginning import invite_for
from communs.services.fund.views.reading import file_or_404, files_or_none, form_or_none

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
@closed.answers
def partners(request: Request, number: str) -> HttpResponse:
    """The partners; the lead sets their roles and shares."""
    found = file_or_404(request, number, *_to_write(request, LEAD))
    initial, held = {"seen": queries.version_of(found)}, queries.partners_here(found)
    form = PartsForm(form_or_none(request), partners=held, initial=initial)
    if form.is_bound:
        closed.refuse(request, found, "partners", form)
    done(form, actions.set_parts, application=found, by=request.user)
    if form.is_bound and not form.errors:
        messages.success(request, _("The parts are kept."))
        return redirect("fund:partners", number)
    context = filed.base_of(request, found, "partners") | _shown(found)
    context |= {"form": form}
    return render(request, "fund/partners.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
@closed.answers
def invite(request: Request, number: str) -> HttpResponse:
    """The form that asks a commune to join."""
    found = file_or_404(request, number, LEAD)
    form = InviteForm(form_or_none(request), application=found)
    closed.refuse(request, found, "partners", form)
    known = {"application": found, "at": timezone.now(), "by": request.user}
    if done(form, invite_for, **known) is not None:
        messages.success(request, _("This partner is told, and may write from now on."))
        return redirect("fund:partners", number)
    context = filed.base_of(request, found, "partners") | {"form": form}
    return render(request, "fund/invite.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def remove_partner(request: Request, number: str, key: UUID) -> HttpResponse:
    """Take a partner away who has not signed."""
    row = _partner(file_or_404(request, number, LEAD), key)
    act = partial(actions.remove_partner, partner=row, by=request.user)
    return _done(request, number, act, _("This partner is no longer part of the file."))


@require_POST
@login_required
def share_equally(request: Request, number: str) -> HttpResponse:
    """Share the grant equally among who bears a cost."""
    found = file_or_404(request, number, LEAD)
    act = partial(actions.share_equally, application=found, by=request.user)
    return _done(request, number, act, _("The shares are equal, to a hundredth of a per cent."))


@require_safe
@login_required
def signatures(request: Request, number: str) -> HttpResponse:
    """Who has signed, and what one may sign."""
    found = file_or_404(request, number)
    standing = standing_of(request.user, on=timezone.localdate())
    mine = [one for one in queries.own_partners(found, standing) if _commits(one, standing)]
    context = filed.base_of(request, found, "signatures") | _shown(found) | {"mine": mine}
    return render(request, "fund/signatures.html", context)


@_FORM
@login_required
@closed.answers
def sign(request: Request, number: str, key: UUID) -> HttpResponse:
    """The form by which an organisation commits itself."""
    found = file_or_404(request, number, SIGN)
    row, at = _own(request, found, key), timezone.now()
    given = (form_or_none(request), files_or_none(request))
    known = {"needs_mandate": queries.needs_mandate(found, row), "at": at, "by": request.user}
    form = SignForm(*given, **known, initial={"seen": queries.version_of(found)})
    closed.refuse(request, found, "signatures", form)
    if done(form, actions.sign, partner=row, at=at, by=request.user) is not None:
        messages.success(request, _("Signed, and dated."))
        return redirect("fund:signatures", number)
    context = filed.base_of(request, found, "signatures") | _shown(found)
    context |= filed.lines_of_plan(found) | {"form": form, "partner": row}
    return render(request, "fund/sign.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def take_signature_back(request: Request, number: str, key: UUID) -> HttpResponse:
    """Take an organisation's agreement back."""
    row = _own(request, file_or_404(request, number, SIGN), key)
    act = partial(actions.take_signature_back, partner=row, by=request.user)
    return _done(request, number, act, _("The agreement is taken back."), "fund:signatures")


def _to_write(request: Request, permission: str) -> tuple[str, ...]:
    """Reading asks for less than writing."""
    return (permission,) if request.method == "POST" else ()


def _shown(found: Application) -> dict[str, Any]:
    rules = queries.terms_of(found.call)
    shares = filed.told([queries.shares_told(found)]) if rules else []
    assessed = queries.assessed(found)
    return {
        "partners": filed.partners(found, queries.granted(found)),
        "shares": shares,
        "joined": assessed.joined if assessed else "",
    }


def _partner(found: Application, key: UUID) -> Partner:
    row = next((one for one in found.partners.all() if one.pk == key), None)
    if row is None:
        raise Http404(str(key))
    row.application = found
    return row


def _own(request: Request, found: Application, key: UUID) -> Partner:
    """Give a partner that its reader may commit; another's is not found."""
    row = _partner(found, key)
    if not _commits(row, standing_of(request.user, on=timezone.localdate())):
        raise Http404(str(key))
    return row


def _commits(row: Partner, standing: Any) -> bool:
    return row.left_at is None and row.organisation_id in standing.signs


def _done(
    request: Request,
    number: str,
    act: Callable[[], Any],
    words: str,
    route: str = "fund:partners",
) -> HttpResponse:
    """Do what a button asks, then show the page again with what came of it."""
    try:
        act()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(route, number)
