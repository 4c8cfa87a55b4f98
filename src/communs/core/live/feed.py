"""Reads the journal as it grows, and hands what is new to the hub; a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.journal.models import Chain, Event
from communs.core.live.topics import heard_of, messages_of

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks
_BATCH = 500
Publish = Callable[[UUID, int, list[tuple[str, dict]]], None]


class Feed:
    """How far each community's chain was read.

    Places in a chain are given one after the other, in one transaction each batch, so that nothing
    may appear before what was already read.
    """

    def __init__(self, publish: Publish, begin: Callable[[UUID, int], None]) -> None:
        self._publish, self._begin = publish, begin
        self._read: dict[UUID, int] = {}
        self._begun = False
        self.slugs: dict[str, UUID] = {}
        self.read_at = 0.0  # monotonic: when the journal last answered
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look until told to stop; a database that does not answer is waited for."""
        while not self.stopping.is_set():
            try:
                close_old_connections()
                self.look()
            except DatabaseError:
                log.warning("the database does not answer; trying again")
                connection.close()
            self.stopping.wait(PAUSE)
        connection.close()

    def look(self) -> int:
        """Publish what is new since the last look; give how many events."""
        ends = self._ends()
        if not self._begun:
            self._begun = True
            for community, end in ends.items():
                self._read[community] = end
                self._begin(community, end)
        moved = [c for c, end in ends.items() if end > self._read.get(c, 0)]
        told = sum(self._tell(community, ends[community]) for community in moved)
        self.read_at = time.monotonic()
        return told

    def _ends(self) -> dict[UUID, int]:
        """Give how far each chain goes, and learn the communities' names: two queries."""
        self.slugs = dict(Community.objects.values_list("slug", "pk"))
        with across("the live process asks which journals have grown"):
            rows = Chain.everywhere.order_by().values_list("community_id", "position")
            return dict(rows)

    def _tell(self, key: UUID, end: int) -> int:
        place = Community.objects.get(pk=key)
        with within(place):
            events = self._new(self._read.get(key, 0), end)
            for event in events:
                said = [(m.topic, m.data) for m in messages_of(event)]
                self._publish(key, event.position or 0, said)
        if len(events) < _BATCH:
            self._publish(key, end, [])
            self._read[key] = end
        else:
            self._read[key] = events[-1].position or end
        return len(events)

    @staticmethod
    def _new(after: int, end: int) -> list[Event]:
        rows = Event.objects.filter(name__in=heard_of(), position__gt=after, position__lte=end)
        return list(rows.order_by("position")[:_BATCH])
