"""Who may: permissions by name, asked with a function that raises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import rules
from django.db.models import F, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.access.enums import Role
from communs.core.access.models import Delegation, Membership
from communs.core.communities.scope import current
from communs.core.kit.errors import Forbidden
from communs.core.kit.periods import in_force


def holds(*roles: Role, lent: bool = True) -> rules.Predicate:
    """Give the predicate: holds one of these roles today in the community in force.

    A role lent by a colleague counts too, unless said otherwise.
    """

    @rules.predicate(name="holds " + " or ".join(roles))
    def holding(person: Any, _subject: Any = None) -> bool:
        held = roles_of if lent else own_roles_of
        return bool(held(person, on=timezone.localdate()) & set(roles))

    return holding


@rules.predicate
def in_the_metropolis(_person: Any, _subject: Any = None) -> bool:
    """Tell whether the community in force is the metropolis."""
    return current().is_metropolis


def roles_of(person: Any, *, on: date) -> set[str]:
    """Give the roles a person holds that day in the community in force, lent ones included.

    One query a request.
    """
    return {role for role, _lent in _held(person, on)}


def own_roles_of(person: Any, *, on: date) -> set[str]:
    """Give the roles that are a person's own that day, without those lent by colleagues."""
    return {role for role, lent in _held(person, on) if not lent}


def _held(person: Any, on: date) -> set[tuple[str, bool]]:
    if person is None or not person.is_authenticated:
        return set()
    known = person.__dict__.setdefault("_roles", {})
    key = (current().pk, on)
    if key not in known:
        own = Membership.objects.filter(in_force(on), person=person)
        lent = Delegation.objects.filter(standing(on), taker__person=person)
        rows = own.annotate(held=F("role"), lent=Value(0)).values_list("held", "lent")
        more = lent.annotate(held=F("giver__role"), lent=Value(1)).values_list("held", "lent")
        known[key] = {
            (role, bool(is_lent)) for role, is_lent in rows.order_by().union(more.order_by())
        }
    return known[key]


def standing(on: date) -> Any:
    """Give the filter for delegations of that day: both members must still hold their own role."""
    members = [in_force(on, since=f"{m}__since", until=f"{m}__until") for m in ("giver", "taker")]
    return in_force(on) & members[0] & members[1]


def declare(permissions: dict[str, rules.Predicate]) -> None:
    """Add a part's permissions; the same name twice is a mistake."""
    for name, predicate in permissions.items():
        if not rules.perm_exists(name):
            rules.add_perm(name, predicate)


def may(person: Any, permission: str, subject: Any = None) -> bool:
    """Tell whether a person may, to show or hide what leads there. To forbid, use `require`.

    Who acts through a program's key (`held_to`) may no more than the key does.
    """
    held_to = getattr(person, "held_to", None)
    if held_to is not None and permission not in held_to:
        return False
    return bool(rules.has_perm(permission, person, subject))


def require(person: Any, permission: str, subject: Any = None) -> None:
    """Raise Forbidden unless this person may do this here.

    Who holds no role here at all is told that nothing is here (Http404): what a community keeps
    to its own agents does not exist for the others.
    """
    if not rules.perm_exists(permission):
        message = f"Unknown permission: {permission}"
        raise LookupError(message)
    if not may(person, permission, subject):
        if not roles_of(person, on=timezone.localdate()):
            raise Http404(permission)
        raise Forbidden(_("Your account does not allow this here."))


def names() -> Iterable[str]:
    """Give every permission's name."""
    return sorted(rules.permissions.permissions)


declare(
    {
        "community.manage": holds(Role.ADMINISTRATOR),
        # Who stands in gives no role: a lent role could otherwise be made one's own.
        "members.manage": holds(Role.ADMINISTRATOR, lent=False),
        "members.delegate": holds(*Role, lent=False),
        "platform.manage": in_the_metropolis & holds(Role.ADMINISTRATOR),
    }
)
