"""A community's first administrator, invited by the metropolis: nobody there could do it yet."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from communs.core.access import actions
from communs.core.access.enums import Role
from communs.core.access.models import Invitation, Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.kit.periods import in_force
from communs.core.people.models import Person


def has_administrator(community: Community, *, on: date) -> bool:
    """Tell whether somebody administers a community that day."""
    with within(community):
        return Membership.objects.filter(in_force(on), role=Role.ADMINISTRATOR).exists()


def invited_to(community: Community, *, at: datetime) -> list[Invitation]:
    """Give the invitations to administer a community that still serve."""
    with within(community):
        open_ones = Invitation.objects.filter(role=Role.ADMINISTRATOR, expires_at__gt=at)
        return list(open_ones.order_by("email"))


def invite_first(
    *, community: Community, email: str, at: datetime, on: date, by: Person
) -> Invitation:
    """Ask an address to administer a community that has no administrator; asking again renews."""
    if has_administrator(community, on=on):
        raise Refused(_("This community has an administrator, who alone invites."), field="email")
    with within(community):
        earlier = Invitation.objects.filter(email=email.lower(), role=Role.ADMINISTRATOR).first()
        if earlier:
            return actions.renew_invitation(invitation=earlier, at=at, by=by)
        return actions.invite(email=email, role=Role.ADMINISTRATOR, at=at, on=on, by=by)
