"""Who may: permissions by name, asked with a function that raises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import rules
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.scope import current
from communs.core.kit.errors import Forbidden
from communs.core.kit.periods import in_force


def holds(*roles: Role) -> rules.Predicate:
    """Give the predicate: holds one of these roles today in the community in force."""

    @rules.predicate(name="holds " + " or ".join(roles))
    def holding(person: Any, _subject: Any = None) -> bool:
        return bool(roles_of(person, on=timezone.localdate()) & set(roles))

    return holding


def roles_of(person: Any, *, on: date) -> set[str]:
    """Give the roles a person holds that day in the community in force; one query a request."""
    if person is None or not person.is_authenticated:
        return set()
    known = person.__dict__.setdefault("_roles", {})
    key = (current().pk, on)
    if key not in known:
        held = Membership.objects.filter(in_force(on), person=person)
        known[key] = set(held.values_list("role", flat=True))
    return known[key]


def declare(permissions: dict[str, rules.Predicate]) -> None:
    """Add a part's permissions; the same name twice is a mistake."""
    for name, predicate in permissions.items():
        if not rules.perm_exists(name):
            rules.add_perm(name, predicate)


def may(person: Any, permission: str, subject: Any = None) -> bool:
    """Tell whether a person may, to show or hide what leads there. To forbid, use `require`."""
    return bool(rules.has_perm(permission, person, subject))


def require(person: Any, permission: str, subject: Any = None) -> None:
    """Raise Forbidden unless this person may do this here."""
    if not rules.perm_exists(permission):
        message = f"Unknown permission: {permission}"
        raise LookupError(message)
    if not may(person, permission, subject):
        raise Forbidden(_("Your account does not allow this here."))


def names() -> Iterable[str]:
    """Give every permission's name."""
    return sorted(rules.permissions.permissions)


declare({"community.manage": holds(Role.ADMINISTRATOR)})
