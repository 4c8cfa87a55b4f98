"""What a page needs to listen: where, to what, with which leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from communs.core.communities.models import Community
from communs.core.live import tickets
from communs.core.live.topics import of_person


@dataclass(frozen=True, slots=True)
class Listening:
    """`address` is a path, or `:port/path` of the page's own host; empty: ask from time to time."""

    address: str
    own: str
    ticket: str


def listening(community: Community, person: Any) -> Listening:
    """Give a page's way to listen; who is signed in hears of their own notices too."""
    place = settings.COMMUNS_LIVE
    head = f"{place}/live/" if place.startswith(":") else place
    own = of_person(person.pk) if person else ""
    ticket = tickets.issue(community.pk, [own]) if own else ""
    return Listening(f"{head}{community.slug}" if place else "", own, ticket)
