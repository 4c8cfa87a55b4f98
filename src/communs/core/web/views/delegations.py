"""What a member sees of their own roles: accepting one, lending it, giving it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communs.core.access import actions, queries
from communs.core.access.enums import Role
from communs.core.access.models import Delegation
from communs.core.access.rules import may, require, roles_of
from communs.core.kit.forms import done
from communs.core.registry.request import Request
from communs.core.web.member_forms import DelegateForm
from communs.core.web.views.members import tell

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@_FORM
@login_required
def index(request: Request) -> HttpResponse:
    """One's own roles here, what one lends and is lent, and the form to lend."""
    today = timezone.localdate()
    if not roles_of(request.user, on=today):
        raise Http404(request.path)
    form = _form(request, today)
    if request.method == "POST":
        require(request.user, "members.delegate")
        row = done(form, _lend, on=today, by=request.user)
        if row is not None:
            _tell(request, row, "delegated", form.cleaned_data["last"].isoformat())
            messages.success(request, _("Your role is lent. Your colleague is told."))
            return redirect("web:delegations")
    context = {
        "membership": queries.own_membership(request.user, on=today),
        "delegations": list(queries.delegations_of(request.user, on=today)),
        "form": form,
        "today": today,
    }
    return render(request, "web/delegations.html", context, status=422 if form.errors else 200)


@_FORM
@login_required
def revoke(request: Request, key: UUID) -> HttpResponse:
    """End a delegation: whoever gave it, took it, or manages the community may."""
    row = queries.delegation(key)
    if row is None:
        raise Http404(_("No such delegation here."))
    mine = request.user.pk in (row.giver.person_id, row.taker.person_id)
    if not mine:
        require(request.user, "community.manage")
    if request.method == "POST":
        actions.revoke_delegation(delegation=row, on=timezone.localdate(), by=request.user)
        _tell(request, row, "delegation_revoked", "")
        messages.success(request, _("The delegation has ended."))
        return redirect("web:delegations" if mine else "web:members")
    return render(request, "web/delegation_end.html", {"delegation": row})


@never_cache
@_FORM
def invitation(request: Request, token: str) -> HttpResponse:
    """Where an invitation's link leads: sign in or up, then accept."""
    now = timezone.now()
    row = queries.invitation_of(token, at=now)
    if row is None:
        return render(request, "web/invitation_gone.html", status=404)
    if request.method == "POST" and request.user.is_authenticated:
        actions.accept_invitation(
            invitation=row, at=now, on=timezone.localdate(now), by=request.user
        )
        request.user.__dict__.pop("_roles", None)
        messages.success(request, _("Welcome: your role is yours from now on."))
        settings = may(request.user, "community.manage")
        return redirect("web:settings" if settings else "web:delegations")
    context = {"invitation": row, "role": Role(row.role).label}
    return render(request, "web/invitation.html", context)


def _form(request: Request, today: Any) -> DelegateForm:
    rows = queries.memberships(on=today).exclude(person=request.user)
    colleagues = [row for row in rows if row.role != Role.ADMINISTRATOR]
    data = request.POST if request.method == "POST" else None
    return DelegateForm(data, colleagues=colleagues, initial={"since": today})


def _lend(*, to: Any, since: Any, last: Any, until: Any, on: Any, by: Any) -> Delegation:
    del last  # the day people read; `until` is the one that counts
    return actions.delegate(to=to, since=since, until=until, on=on, by=by)


def _tell(request: Request, row: Delegation, what: str, last: str) -> None:
    facts = {
        "name": str(row.giver.person),
        "taker": str(row.taker.person),
        "role": row.giver.role,
    }
    if last:
        facts |= {"since": row.since.isoformat(), "last": last}
    tell(request, row.taker.person, what, facts)
    if what == "delegation_revoked":
        tell(request, row.giver.person, what, facts)
