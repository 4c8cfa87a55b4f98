"""Reads about personal data: who answers for it, what stands in the way of an erasure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.journal.models import Event
from communs.core.kit.periods import in_force
from communs.core.people.models import Person
from communs.core.privacy.declarations import Declaration, column
from communs.core.privacy.models import Controller, Departure

WARNED = timedelta(days=30)
RIGHTS = ("privacy.data_exported", "privacy.person_erased", "privacy.consent_withdrawn")


def controller() -> Controller:
    """Give who answers for personal data here; empty where nobody said it."""
    return Controller.objects.first() or Controller()


def controllers_missing() -> int:
    """Tell how many communities with members have not said whom to write to about data."""
    with across("which communities have a contact for personal data"):
        told = Controller.everywhere.exclude(officer_email="", address="").order_by()
        active = Membership.everywhere.filter(until=None).order_by()
        return len(
            set(active.values_list("community", flat=True))
            - set(told.values_list("community", flat=True))
        )


def held_up_by(person: Person) -> list[Community]:
    """Give the communities of which a person is the only lasting administrator."""
    with across("an account may not go while a community has no other administrator"):
        lasting = Membership.everywhere.filter(role=Role.ADMINISTRATOR, until=None)
        lasting = lasting.filter(person__is_active=True).order_by()
        mine = set(lasting.filter(person=person).values_list("community", flat=True))
        others = lasting.filter(community__in=mine).exclude(person=person)
        alone = mine - set(others.values_list("community", flat=True))
    return list(Community.objects.filter(pk__in=alone).order_by("name"))


def rights_exercised(*, since: Any) -> dict[str, int]:
    """Give how often each right was used here since a moment, from the journal."""
    rows = Event.objects.filter(name__in=RIGHTS, at__gte=since).order_by()
    found = dict.fromkeys(RIGHTS, 0)
    for name in rows.values_list("name", flat=True):
        found[name] += 1
    return found


def unused(*, on: date) -> QuerySet[Person]:
    """Give the accounts that nobody used for so long that they are to be warned that day."""
    limit = on - timedelta(days=Person.Privacy.keep_days) + WARNED
    with across("accounts that hold a role do not go by themselves"):
        working = list(Membership.everywhere.filter(in_force(on)).values_list("person", flat=True))
    rows = Person.objects.annotate(seen=Coalesce(F("last_login"), F("joined_at")))
    return rows.filter(seen__date__lte=limit).exclude(pk__in=working)


def departing(*, on: date) -> QuerySet[Departure]:
    """Give the accounts whose last day it is, or was."""
    return Departure.objects.select_related("person").filter(on__lte=on)


def over(declared: Declaration, *, at: datetime) -> Q:
    """Give the condition of a table's rows whose time is over at a moment."""
    limit: Any = at - timedelta(days=declared.keep_days or 0)
    path = str(declared.kept_from)
    if not isinstance(column(declared.model, path), models.DateTimeField):
        limit = timezone.localdate(limit)
    return Q(**{f"{path}__lt": limit})
