"""Who reads whose data: noted by the pages of agents that show people, read by these people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Count, QuerySet

from communs.core.communities.models import Community
from communs.core.communities.scope import across
from communs.core.people.models import Person
from communs.core.privacy.models import Consultation


@dataclass(frozen=True, slots=True)
class Seen:
    """A day on which agents of a community read a person's data, on one kind of page."""

    day: date
    community: Community
    what: str
    readers: int


@lru_cache(maxsize=1)
def kinds() -> dict[str, Any]:
    """Give the pages that show people, in words: `consultations` of each part's AppConfig."""
    return {
        key: words
        for app in apps.get_app_configs()
        for key, words in getattr(app, "consultations", {}).items()
    }


def note(*, people: Iterable[Person], what: str, reader: Any, on: date) -> None:
    """Keep that an agent has read people's data on a page; raises KeyError for an unknown page.

    Twice the same day counts once. Reading one's own is not noted, and is no event: the journal
    says what was changed.
    """
    kinds()[what]
    keys = {person.pk for person in people} - {reader.pk}
    rows = [Consultation(person_id=key, reader=reader.pk, what=what, day=on) for key in keys]
    if rows:
        Consultation.objects.bulk_create(rows, ignore_conflicts=True)


def of(person: Person) -> list[Seen]:
    """Give who read a person's data, in every community, the latest first: two queries."""
    with across("a person reads who consulted their data, wherever it was"):
        rows = (
            Consultation.everywhere.filter(person=person)
            .values("day", "community", "what")
            .annotate(readers=Count("reader", distinct=True))
            .order_by("-day", "community", "what")
        )
        found = list(rows)
    places = Community.objects.in_bulk({row["community"] for row in found})
    return [Seen(r["day"], places[r["community"]], words(r["what"]), r["readers"]) for r in found]


def here() -> QuerySet[Any]:
    """Give the consultations of the community in force by day, agent and page, with how many."""
    rows = Consultation.objects.values("day", "reader", "what")
    return rows.annotate(people=Count("person")).order_by("-day", "reader", "what")


def words(what: str) -> str:
    """Say which page it was; one of a part that is gone keeps its name."""
    return str(kinds().get(what, what))
