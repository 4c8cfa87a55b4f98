"""Who was told something hears of it at once, on the pages that they have open."""

from __future__ import annotations

from uuid import UUID

from communs.core.journal.models import Event
from communs.core.live.topics import Message, of_person, translates


@translates("notifications.notified")
def to_who_was_told(event: Event) -> list[Message]:
    """Tell each person's own topic that something is new; what it is stays on the site."""
    return [Message(of_person(UUID(key))) for key in event.data["people"]]
