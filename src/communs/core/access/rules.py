"""Who may: permissions by name, asked with a function that raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import rules
from django.db import connection
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.scope import current
from communs.core.kit.errors import Forbidden
from communs.core.kit.periods import in_force

# Asked by every page that somebody signed in reads: written out, it costs a fifth of the same
# question put together by Django. `standing` says the same for lists.
_IN_FORCE = (
    "({0}.since IS NULL OR {0}.since <= %(on)s) AND ({0}.until IS NULL OR {0}.until > %(on)s)"
)
_HELD = f"""
SELECT own.role, 0 FROM access_membership own
 WHERE own.community_id = %(community)s AND own.person_id = %(person)s
   AND {_IN_FORCE.format("own")}
UNION
SELECT giver.role, 1 FROM access_delegation lent
  JOIN access_membership giver ON giver.id = lent.giver_id
  JOIN access_membership taker ON taker.id = lent.taker_id
 WHERE lent.community_id = %(community)s AND taker.person_id = %(person)s
   AND {" AND ".join(_IN_FORCE.format(row) for row in ("lent", "giver", "taker"))}
"""  # noqa: S608 -- our own names


def holds(*roles: Role, lent: bool = True) -> rules.Predicate:
    """Give the predicate: holds one of these roles today in the community in force.

    A role lent by a colleague counts too, unless said otherwise.
    """

    @rules.predicate(name="holds " + " or ".join(roles))
    def holding(person: Any, _subject: Any = None) -> bool:
        held = roles_of if lent else own_roles_of
        return bool(held(person, on=timezone.localdate()) & set(roles))

    return holding


def dated(name: str, test: Callable[[Any, Any, date], bool]) -> rules.Predicate:
    """Give the predicate of a test that depends on the day: asked today, who, of what."""

    @rules.predicate(name=name)
    def today(person: Any, subject: Any = None) -> bool:
        return test(person, subject, timezone.localdate())

    return today


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
        day = connection.ops.adapt_datefield_value(on)
        facts = {"community": _stored(current().pk), "person": _stored(person.pk), "on": day}
        with connection.cursor() as cursor:
            cursor.execute(_HELD, facts)
            known[key] = {(role, bool(is_lent)) for role, is_lent in cursor.fetchall()}
    return known[key]


def _stored(key: UUID) -> Any:
    """Give a key as the database keeps it."""
    return Membership._meta.pk.get_db_prep_value(key, connection)


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
