"""A page's leave to listen: signed by the pages, read by a process that knows no session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

_SALT = "communs.live"
HOURS = 12
_AGE = HOURS * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Ticket:
    """In which community it holds, for which topics."""

    community: UUID
    topics: frozenset[str]


def issue(community: UUID, topics: list[str]) -> str:
    """Give a ticket for these topics, good for twelve hours."""
    return signing.dumps([community.hex, sorted(topics)], salt=_SALT, compress=True)


def read(text: str) -> Ticket | None:
    """Give a ticket that we issued less than twelve hours ago, or None."""
    try:
        community, topics = signing.loads(text, salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return None
    return Ticket(UUID(community), frozenset(topics))
