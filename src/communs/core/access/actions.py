"""Who joins, with which role, until when; and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from communs.core.access.enums import Role
from communs.core.access.models import Delegation, Invitation, Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Forbidden, Refused
from communs.core.kit.periods import in_force
from communs.core.people.models import Person

INVITATION_LASTS = timedelta(days=7)
LONGEST_DELEGATION = timedelta(days=366)


@action("access.invited")
def invite(*, email: str, role: Role, at: datetime, on: date, by: Person | None) -> Invitation:
    """Ask an address to join with a role; its link serves for seven days."""
    email = email.lower()
    if _members(on).filter(person__email=email).exists():
        raise Refused(_("This person already has a role here."), field="email")
    if Invitation.objects.filter(email=email).exists():
        raise Refused(_("This address is already invited: send it again."), field="email")
    row = Invitation.objects.create(
        email=email,
        role=role,
        invited_by=by and by.pk,
        at=at,
        expires_at=at + INVITATION_LASTS,
    )
    record(row, role=role)
    return row


@action("access.invitation_renewed")
def renew_invitation(*, invitation: Invitation, at: datetime, by: Person) -> Invitation:
    """Give an invitation seven more days; the links sent before no longer serve."""
    invitation.expires_at = at + INVITATION_LASTS
    invitation.save(update_fields=["expires_at"])
    record(invitation, role=invitation.role)
    return invitation


@action("access.invitation_withdrawn")
def withdraw_invitation(*, invitation: Invitation, by: Person) -> None:
    """Take an invitation back: its link leads nowhere any more."""
    record(invitation, role=invitation.role)
    invitation.delete()


@action("access.invitation_accepted")
def accept_invitation(*, invitation: Invitation, at: datetime, on: date, by: Person) -> Membership:
    """Join with the role offered; whoever has the link may, once."""
    if not Invitation.objects.filter(pk=invitation.pk, expires_at__gt=at).delete()[0]:
        raise Refused(_("This invitation has expired. Ask for another one."))
    if _members(on).filter(person=by).exists():
        raise Refused(_("You already have a role here."))
    row = Membership.objects.create(person=by, role=invitation.role, since=on)
    record(row, role=row.role, other_address=by.email != invitation.email)
    return row


@action("access.first_administrator_made")
def make_first_administrator(*, person: Person, on: date, by: Person | None) -> Membership:
    """Give the community in force its first administrator; never a second one."""
    Community.objects.select_for_update().get(pk=current().pk)
    if Membership.objects.exists():
        raise Refused(_("There are members here already."))
    row = Membership.objects.create(person=person, role=Role.ADMINISTRATOR, since=on)
    record(row, role=row.role)
    return row


@action("access.role_changed")
def change_role(*, membership: Membership, role: Role, on: date, by: Person) -> Membership:
    """Give a member another role from now on; nobody changes their own."""
    if membership.person_id == by.pk:
        raise Refused(_("Another administrator must change your own role."), field="role")
    if role == membership.role:
        nothing_done()
        return membership
    _refuse_ended(membership, on)
    if membership.role == Role.ADMINISTRATOR:
        _refuse_without(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(membership, before=before, role=role)
    return membership


@action("access.membership_ended")
def end_membership(*, membership: Membership, until: date, on: date, by: Person) -> Membership:
    """End a member's role: from the day `until` it no longer counts, nor what they lent."""
    if until < on:
        raise Refused(_("This day is over: choose today or later."), field="until")
    _refuse_ended(membership, on)
    if membership.role == Role.ADMINISTRATOR:
        _refuse_without(membership)
    membership.until = max(until, membership.since or until)
    membership.save(update_fields=["until"])
    record(membership, role=membership.role, until=membership.until.isoformat())
    return membership


@action("access.delegated")
def delegate(*, to: Membership, since: date, until: date, on: date, by: Person) -> Delegation:
    """Lend one's own role to another member; `until` is the first day that no longer counts."""
    giver = _members(on).filter(person=by).first()
    if giver is None:
        raise Forbidden(_("You have no role of your own here."))
    _refuse_days(since, until, on)
    if to.pk == giver.pk or not _members(since).filter(pk=to.pk).exists():
        raise Refused(_("Choose another member who is here on that day."), field="to")
    if to.role in {giver.role, Role.ADMINISTRATOR}:
        raise Refused(_("This member can already do what you do."), field="to")
    if Delegation.objects.filter(giver=giver, taker=to, until__gt=since, since__lt=until).exists():
        raise Refused(_("You already lend your role to this member on these days."), field="since")
    row = Delegation.objects.create(giver=giver, taker=to, since=since, until=until)
    days = {"since": since.isoformat(), "until": until.isoformat()}
    record(row, role=giver.role, giver=str(giver.person_id), taker=str(to.person_id), **days)
    return row


@action("access.delegation_revoked")
def revoke_delegation(*, delegation: Delegation, on: date, by: Person) -> None:
    """End a delegation at once, or one that has not begun."""
    if delegation.until <= on or delegation.until == delegation.since:
        nothing_done()
        return
    delegation.until = max(on, delegation.since)
    delegation.save(update_fields=["until"])
    record(delegation, until=delegation.until.isoformat())


def _members(on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(in_force(on))


def _refuse_ended(membership: Membership, on: date) -> None:
    if membership.until is not None and membership.until <= on:
        raise Refused(_("This role is already over."))


def _refuse_without(membership: Membership) -> None:
    """Refuse to go on if no administrator without an end would be left but this one.

    The rows are held, so that two administrators cannot end each other at the same moment.
    """
    lasting = Membership.objects.filter(role=Role.ADMINISTRATOR, until=None)
    others = [
        row.person
        for row in lasting.select_related("person").select_for_update(of=("self",)).order_by("pk")
        if row.pk != membership.pk
    ]
    if not any(person.is_active for person in others):
        raise Refused(_("There must always be an administrator: name another one first."))


def _refuse_days(since: date, until: date, on: date) -> None:
    if since < on:
        raise Refused(_("This day is over: choose today or later."), field="since")
    if until <= since:
        raise Refused(_("The last day comes before the first."), field="last")
    if until - since > LONGEST_DELEGATION:
        raise Refused(_("A delegation lasts a year at most."), field="last")
