"""Accounts of the demonstration; nobody's."""

from __future__ import annotations

from dataclasses import dataclass

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person

DOMAIN = "@demo.example"
PASSWORD = "demonstration"  # noqa: S105 -- printed on the demonstration's own sign-in page


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody fictional, administrator of one community."""

    email: str
    name: str
    community: str


ACCOUNTS = (
    Account("metropole@demo.example", "Administration de la métropole (fictive)", "metropole"),
    Account("antony@demo.example", "Administration d’Antony (fictive)", "antony"),
    Account("courbevoie@demo.example", "Administration de Courbevoie (fictive)", "courbevoie"),
)


def load() -> None:
    """Make the demonstration's accounts, once."""
    for account in ACCOUNTS:
        community = Community.objects.filter(slug=account.community).first()
        if community is None or Person.objects.filter(email=account.email).exists():
            continue
        person = Person.objects.create_user(account.email, PASSWORD, name=account.name)
        with within(community):
            Membership.objects.create(person=person, role=Role.ADMINISTRATOR)
