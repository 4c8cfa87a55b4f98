"""Who works for a community: its members and those invited, as its administrators see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.access import actions, letters, queries
from communs.core.access.models import Invitation, Membership
from communs.core.access.rules import may, require
from communs.core.kit.forms import done
from communs.core.people import mail
from communs.core.people.models import Person
from communs.core.privacy import consultations
from communs.core.registry.request import Request
from communs.core.web.handling import page_of
from communs.core.web.member_forms import EndForm, InviteForm, RoleForm

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_SIZE = 25


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """Members of today or of before, with what an administrator must know to trust them."""
    require(request.user, "community.manage")
    today, former = timezone.localdate(), request.GET.get("anciens") == "1"
    page = page_of(request, queries.memberships(on=today, former=former), _SIZE)
    _noted(request, [row.person for row in page.object_list])
    context = {
        "members": queries.shown(page.object_list, on=today),
        "page_of_members": page,
        "former": former,
        "invitations": [] if former else list(queries.invitations()),
        "now": timezone.now(),
        "today": today,
        "may_choose": may(request.user, "members.manage"),
    }
    return render(request, "web/members.html", context)


@_FORM
@login_required
def invite(request: Request) -> HttpResponse:
    """Ask an address to join."""
    require(request.user, "members.manage")
    form = InviteForm(request.POST or None, initial={"role": "editor"})
    if request.method == "POST":
        now = timezone.now()
        row = done(form, actions.invite, at=now, on=timezone.localdate(now), by=request.user)
        if row is not None:
            send(request, row)
            return redirect("web:members")
    status = 422 if form.errors else 200
    return render(request, "web/member_invite.html", {"form": form}, status=status)


@_FORM
@login_required
def invitation(request: Request, key: UUID) -> HttpResponse:
    """Send an invitation again, or take it back."""
    require(request.user, "members.manage")
    row = _found(queries.invitation(key))
    if request.POST.get("action") == "renew":
        actions.renew_invitation(invitation=row, at=timezone.now(), by=request.user)
        send(request, row)
        return redirect("web:members")
    if request.method == "POST":
        actions.withdraw_invitation(invitation=row, by=request.user)
        messages.success(request, _("The invitation is withdrawn: its link no longer works."))
        return redirect("web:members")
    return render(request, "web/member_invitation.html", {"invitation": row, "now": timezone.now()})


@require_safe
@login_required
def member(request: Request, key: UUID) -> HttpResponse:
    """One member: what they may do, what they lend, and the two forms about it."""
    require(request.user, "members.manage")
    row = _found(queries.membership(key))
    _noted(request, [row.person])
    return _member(request, row, RoleForm(initial={"role": row.role}), _end_form(row))


@require_http_methods(["POST"])
@login_required
def change(request: Request, key: UUID) -> HttpResponse:
    """Give a member another role."""
    require(request.user, "members.manage")
    row, form = _found(queries.membership(key)), RoleForm(request.POST)
    before = row.role
    found = done(
        form, actions.change_role, membership=row, on=timezone.localdate(), by=request.user
    )
    if found is None:
        row.role = before
        return _member(request, row, form, _end_form(row))
    if found.role != before:
        tell(request, found.person, "role_changed", {"role": found.role})
    messages.success(request, _("Role saved."))
    return redirect("web:members")


@require_http_methods(["POST"])
@login_required
def end(request: Request, key: UUID) -> HttpResponse:
    """End a member's role, today or on a day to come."""
    require(request.user, "members.manage")
    row, form = _found(queries.membership(key)), EndForm(request.POST)
    today = timezone.localdate()
    found = done(form, actions.end_membership, membership=row, on=today, by=request.user)
    if found is None:
        return _member(request, row, RoleForm(initial={"role": row.role}), form)
    facts = {"role": found.role, "since": str(found.until)}
    tell(request, found.person, "membership_ended", facts)
    messages.success(request, _("The end of this role is saved."))
    return redirect("web:home" if found.person == request.user else "web:members")


def send(request: Request, row: Invitation) -> None:
    """Send an invitation its link, in the language of this page, and say so."""
    link = request.build_absolute_uri(reverse("web:invitation", args=[letters.token_of(row)]))
    mail.send(letters.invited(row, by=str(request.user), link=link), to=row.email)
    messages.success(request, _("An invitation leaves for %(to)s.") % {"to": row.email})


def tell(request: Request, person: Person, what: str, facts: dict[str, str]) -> None:
    """Tell a member what became of a role, unless they did it themselves."""
    if person.pk != request.user.pk and person.is_active:
        link = request.build_absolute_uri(reverse("web:delegations"))
        mail.send(letters.told(what, facts, link=link), to=person.email)


def _member(request: Request, row: Membership, role: RoleForm, end: EndForm) -> HttpResponse:
    today = timezone.localdate()
    shown = queries.memberships(on=today).filter(pk=row.pk)
    former = queries.memberships(on=today, former=True).filter(pk=row.pk)
    context = {
        "member": queries.shown([*shown, *former], on=today)[0],
        "role_form": role,
        "end_form": end,
        "is_self": row.person_id == request.user.pk,
        "is_over": row.until is not None and row.until <= today,
    }
    wrong = role.errors or end.errors
    return render(request, "web/member.html", context, status=422 if wrong else 200)


def _noted(request: Request, people: list[Person]) -> None:
    consultations.note(
        people=people, what="web.members", reader=request.user, on=timezone.localdate()
    )


def _end_form(row: Membership) -> EndForm:
    return EndForm(initial={"until": row.until or timezone.localdate()})


def _found(row: Any) -> Any:
    if row is None:
        raise Http404(_("Nobody of this address here."))
    return row
