"""Who listens to what: messages of each topic, kept a while, handed to bounded queues.

It lives in one event loop; other threads hand over through the loop.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

KEPT = 200  # messages a community, for who comes back
HERE = b": here\n\n"
QUEUE = 64  # messages that a slow reader may be behind before it is dropped


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it is written to readers: at a place of its community's chain."""

    position: int
    topic: str
    frame: bytes


@dataclass(eq=False, slots=True)
class Reader:
    """One open page."""

    community: UUID
    topics: frozenset[str]
    address: str
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def give(self, frame: bytes) -> bool:
        """Hand it a message; False if it is too far behind."""
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            return False
        return True

    def end(self) -> None:
        """End its stream; what it was not given yet it will ask for when it comes back."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class _Place:
    """One community: its readers by topic, its last messages, how far its chain was read."""

    def __init__(self) -> None:
        self.readers: dict[str, set[Reader]] = {}
        self.ring: deque[Told] = deque(maxlen=KEPT)
        self.position = 0
        self.since = 0  # every message after this position is still in the ring

    def keep(self, told: Told) -> None:
        if len(self.ring) == self.ring.maxlen:
            self.since = self.ring[0].position
        self.ring.append(told)


class Hub:
    """All readers of this process."""

    def __init__(self) -> None:
        self._places: dict[UUID, _Place] = {}
        self._by_address: dict[str, int] = {}
        self.readers = self.dropped = 0

    def _at(self, community: UUID) -> _Place:
        return self._places.setdefault(community, _Place())

    def begin(self, community: UUID, position: int) -> None:
        """Say how far a community's chain was when this process began to read it."""
        place = self._at(community)
        place.position = place.since = position

    def publish(self, community: UUID, position: int, messages: Iterable[tuple[str, dict]]) -> None:
        """Hand the messages of an event to who listens; who is too far behind is dropped."""
        place = self._at(community)
        place.position = max(place.position, position)
        for topic, data in messages:
            told = Told(position, topic, frame(topic, data, position))
            place.keep(told)
            for reader in list(place.readers.get(topic, ())):
                if not reader.give(told.frame):
                    self.dropped += 1
                    self._cut(reader)

    def join(self, reader: Reader, *, last: int | None) -> None:
        """Let a page listen, catching up since `last`; who was away too long looks again."""
        place = self._at(reader.community)
        for topic in reader.topics:
            place.readers.setdefault(topic, set()).add(reader)
        self.readers += 1
        self._by_address[reader.address] = self._by_address.get(reader.address, 0) + 1
        for missed in _missed(place, reader, last):
            if not reader.give(missed):
                self._cut(reader)
                return

    def leave(self, reader: Reader) -> None:
        """Forget a page."""
        place = self._at(reader.community)
        for topic in reader.topics:
            listening = place.readers.get(topic, set())
            listening.discard(reader)
            if not listening:
                place.readers.pop(topic, None)
        self.readers -= 1
        left = self._by_address.get(reader.address, 1) - 1
        if left:
            self._by_address[reader.address] = left
        else:
            self._by_address.pop(reader.address, None)

    def open_from(self, address: str) -> int:
        """Count the pages open from one network address."""
        return self._by_address.get(address, 0)

    def position(self, community: UUID) -> int:
        """Give how far a community's chain was read."""
        return self._at(community).position

    def beat(self) -> None:
        """Say to everybody that we are here, so that no proxy between hangs up."""
        everybody = {
            r for place in self._places.values() for rs in place.readers.values() for r in rs
        }
        for reader in everybody:
            if reader.queue.empty():
                reader.give(HERE)

    def close(self) -> None:
        """End every stream: pages come back by themselves."""
        for place in self._places.values():
            for readers in list(place.readers.values()):
                for reader in list(readers):
                    self._cut(reader)

    def _cut(self, reader: Reader) -> None:
        """Have its stream end: the page comes back with its last position, and catches up."""
        for readers in self._at(reader.community).readers.values():
            readers.discard(reader)
        reader.end()


def _missed(place: _Place, reader: Reader, last: int | None) -> list[bytes]:
    if last is None or last == place.position:
        return []
    if last < place.since or last > place.position:
        return [frame("reset", {}, place.position)]
    return [t.frame for t in place.ring if t.position > last and t.topic in reader.topics]


def frame(topic: str, data: dict, position: int) -> bytes:
    """Write a message as a server-sent event; all are of one kind, so that pages hear all."""
    text = json.dumps({"topic": topic, **data}, ensure_ascii=False, separators=(",", ":"))
    return f"id: {position}\ndata: {text}\n\n".encode()
