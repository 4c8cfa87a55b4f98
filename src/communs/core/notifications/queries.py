"""Reads about notices of the community in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.queries import by_name
from communs.core.communities.scope import across, current
from communs.core.kit.periods import in_force
from communs.core.notifications.enums import Channel, SendingState
from communs.core.notifications.models import OPEN, Notification, Preference, Reach, Sending
from communs.core.people.models import Person


def unread_count(person: Any) -> int:
    """Count what a person has not read here."""
    return Notification.objects.filter(person=person, read_at=None).order_by().count()


def unread_elsewhere(person: Any) -> list[tuple[Community, int]]:
    """Give the other communities in which a person has something to read, and how much."""
    here = current()
    with across("a person is told where else something waits for them"):
        rows = Notification.everywhere.filter(person=person, read_at=None).exclude(community=here)
        counted = dict(rows.order_by().values_list("community").annotate(n=Count("pk")))
    places = Community.objects.filter(pk__in=counted)
    return [(place, counted[place.pk]) for place in by_name(places)]


def notifications_of(person: Any, *, unread: bool = False) -> QuerySet[Notification]:
    """Give a person's notifications, the latest first."""
    rows = Notification.objects.filter(person=person).select_related("place")
    return rows.filter(read_at=None) if unread else rows


def holders(*roles: str, on: date) -> QuerySet[Person]:
    """Give who holds one of these roles that day in the community in force."""
    held = Membership.objects.filter(in_force(on), role__in=roles)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk")


def reach_of(person: Any) -> Reach:
    """Give how a person wishes to be reached; what was never said is the default, unsaved."""
    return Reach.objects.filter(person=person).first() or Reach(person=person)


def reaches(people: Iterable[Person]) -> dict[UUID, Reach]:
    """Give how each of these people wishes to be reached, by key of account; one query."""
    people = list(people)
    said = {row.person_id: row for row in Reach.objects.filter(person__in=people)}
    return {person.pk: said.get(person.pk) or Reach(person=person) for person in people}


def preferences_of(person: Any) -> dict[tuple[str, str], bool]:
    """Give a person's choices by notice and way."""
    rows = Preference.objects.filter(person=person)
    return {(row.notice, row.channel): row.wanted for row in rows}


def choices(notice: str, people: Iterable[Person]) -> dict[tuple[UUID, str], bool]:
    """Give what each of these people chose for a notice, by account and way; one query."""
    rows = Preference.objects.filter(notice=notice, person__in=list(people))
    return {(row.person_id, row.channel): row.wanted for row in rows}


def sendings(*, state: str = "") -> QuerySet[Sending]:
    """Give what was or is to be sent, the latest first."""
    rows = Sending.objects.select_related("notification__person", "notification__place")
    return rows.filter(state=state) if state else rows


def by_hand() -> QuerySet[Sending]:
    """Give the calls and text messages that wait for an agent, the oldest first."""
    ours = Q(channel=Channel.CALL) | Q(channel=Channel.SMS, reason="")
    return sendings().filter(ours, state__in=OPEN).order_by("id")


def given_up() -> int:
    """Count the messages that did not leave."""
    return Sending.objects.filter(state=SendingState.GIVEN_UP).count()
