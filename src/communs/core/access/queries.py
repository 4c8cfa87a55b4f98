"""Reads about members, invitations and delegations of the community in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from communs.core.access.enums import Role
from communs.core.access.letters import is_last, read_token
from communs.core.access.models import Delegation, Invitation, Membership
from communs.core.access.rules import standing
from communs.core.communities.scope import across
from communs.core.kit.periods import in_force
from communs.core.people.models import Person

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role, as an administrator sees them."""

    row: Membership
    second_factor: bool
    sirets: tuple[str, ...]
    delegations: list[Delegation] = field(default_factory=list)

    @property
    def role(self) -> str:
        return str(Role(self.row.role).label)

    @property
    def last_month(self) -> date | None:
        """The month of the last sign-in: an administrator needs no more."""
        last = self.row.person.last_login
        return last.date().replace(day=1) if last else None


def memberships(*, on: date, former: bool = False) -> QuerySet[Membership]:
    """Give who has a role that day or later, or who no longer has, by name."""
    over = Q(until__lte=on)
    factor = Authenticator.objects.filter(user=OuterRef("person"), type__in=_FACTORS)
    rows = Membership.objects.filter(over if former else ~over | Q(until=None))
    rows = rows.select_related("person").annotate(second_factor=Exists(factor))
    return rows.order_by("person__name", "person__email", "id")


def shown(rows: Iterable[Any], *, on: date) -> list[Member]:
    """Give members with what protects them, where they work, and what is lent: two queries."""
    found = list(rows)
    sirets = _sirets([row.person_id for row in found])
    lent = list(delegations(on=on))
    return [
        Member(
            row,
            row.second_factor,
            tuple(sirets.get(row.person_id, ())),
            [d for d in lent if row.pk in (d.giver_id, d.taker_id)],
        )
        for row in found
    ]


def membership(key: UUID) -> Membership | None:
    """Give a membership of this community, or None."""
    return Membership.objects.select_related("person").filter(pk=key).first()


def own_membership(person: Person, *, on: date) -> Membership | None:
    """Give the role that is a person's own that day."""
    rows = Membership.objects.filter(in_force(on), person=person)
    return rows.select_related("person").first()


def roles_by_community(person: Any, *, on: date) -> dict[UUID, set[str]]:
    """Give the roles that are a person's own that day, by the key of the community: one query.

    For what a person does somewhere in the name of elsewhere: a commune's agent in the fund.
    """
    if person is None or not person.is_authenticated:
        return {}
    known = person.__dict__.setdefault("_roles_everywhere", {})
    if on not in known:
        with across("somebody acts for the communities in which they hold a role"):
            rows = Membership.everywhere.filter(in_force(on), person=person)
            held: dict[UUID, set[str]] = {}
            for community, role in rows.values_list("community_id", "role"):
                held.setdefault(community, set()).add(role)
        known[on] = held
    return known[on]


def delegations(*, on: date) -> QuerySet[Delegation]:
    """Give what is lent that day or will be, between members who still have their role."""
    alive = [Q(**{f"{m}__until": None}) | Q(**{f"{m}__until__gt": on}) for m in ("giver", "taker")]
    rows = Delegation.objects.filter(*alive, until__gt=on).exclude(until=F("since"))
    return rows.select_related("giver__person", "taker__person")


def delegations_of(person: Person, *, on: date) -> QuerySet[Delegation]:
    """Give what a person lends and is lent."""
    return delegations(on=on).filter(Q(giver__person=person) | Q(taker__person=person))


def delegation(key: UUID) -> Delegation | None:
    """Give a delegation of this community, or None."""
    rows = Delegation.objects.select_related("giver__person", "taker__person")
    return rows.filter(pk=key).first()


def stands_in(person: Person, *, on: date) -> list[Delegation]:
    """Give the delegations by which a person holds somebody else's role that day."""
    rows = Delegation.objects.filter(standing(on), taker__person=person)
    return list(rows.select_related("giver__person"))


def invitations() -> QuerySet[Invitation]:
    """Give the invitations that nobody accepted yet, the latest first."""
    return Invitation.objects.all()


def invitation(key: UUID) -> Invitation | None:
    """Give an invitation of this community, or None."""
    return Invitation.objects.filter(pk=key).first()


def invitation_of(token: str, *, at: datetime) -> Invitation | None:
    """Give the invitation that a link names, if the link is the last one sent and still serves."""
    found = read_token(token)
    if found is None:
        return None
    row = invitation(found[0])
    if row is None or not is_last(row, found[1]) or row.expires_at <= at:
        return None
    return row


def _sirets(people: list[UUID]) -> dict[UUID, set[str]]:
    """Give the establishments (SIRET, fourteen digits) that identity providers vouch for."""
    found: dict[UUID, set[str]] = {}
    rows = SocialAccount.objects.filter(user__in=people).values_list("user_id", "extra_data")
    for person, facts in rows:
        siret = str((facts or {}).get("siret") or "")
        if siret:
            found.setdefault(person, set()).add(siret)
    return found
