"""paho's client, with fewer words to the system: bytes read many at once, receipts sent together.

paho asks the system three times for each message it reads and once for each it acknowledges; at
some thousands of messages a second that is most of what listening costs. It also makes six
objects of each message: those that were read ahead whole are read here instead (MQTT 3.1.1 and 5,
section 3.3), and whatever else comes, or looks odd, is left to paho.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.packettypes import PacketTypes

_AT_ONCE = 262_144
_PUBLISH = PacketTypes.PUBLISH << 4
_LONG = 0x80  # of a byte of a length: another one follows
_RECEIPT = struct.Struct("!BBH")  # the kind, two bytes to come, the message's number


class Message(NamedTuple):
    """A message that waits: where it came, what it says, how it is acknowledged."""

    topic: str
    body: bytes
    mid: int
    qos: int


class BrokerClient(Client):
    """A client that reads ahead, and acknowledges many messages in one packet of bytes."""

    def messages(self, most: int) -> list[Message]:
        """Give messages of quality 0 and 1 that were read ahead, up to the next odd packet."""
        socket = self.socket()
        if not isinstance(socket, ReadAhead) or self._in_packet["command"]:
            return []
        return socket.published(most, has_properties=self._protocol == MQTTv5)

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Send the receipts of messages of quality of service 1."""
        kind = PacketTypes.PUBACK << 4
        packet = b"".join(_RECEIPT.pack(kind, 2, number) for number in numbers)
        if packet:
            self._packet_queue(kind, packet, 0, 0)

    def is_behind(self) -> bool:
        """Tell whether something was read from the network that is not yet handled."""
        socket = self.socket()
        return isinstance(socket, ReadAhead) and socket.pending() > 0

    def _create_socket(self) -> Any:
        return ReadAhead(super()._create_socket())


class ReadAhead:
    """A socket that takes what the system has at once, and gives it in the pieces asked for."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._held, self._given = socket, b"", 0

    def recv(self, size: int) -> bytes:
        """Give up to `size` bytes; as a socket, it raises BlockingIOError when there are none."""
        if self._given >= len(self._held):
            self._held, self._given = self._socket.recv(max(size, _AT_ONCE)), 0
        begin, self._given = self._given, self._given + size
        return self._held[begin : self._given]

    def published(self, most: int, *, has_properties: bool) -> list[Message]:
        """Take whole messages from what is held; nothing of a packet that is not one is taken."""
        found: list[Message] = []
        held, at = self._held, self._given
        while len(found) < most and at < len(held) and held[at] & 0xF4 == _PUBLISH:
            length, begin = _length(held, at + 1)
            end = begin + length
            if not begin or end > len(held):
                break
            message = _message(held, at, begin, end, has_properties=has_properties)
            if message is None:
                break
            found.append(message)
            at = end
        self._given = at
        return found

    def pending(self) -> int:
        """Give how many bytes can be had without asking the system, deciphered ones included."""
        left = max(0, len(self._held) - self._given)
        return left or getattr(self._socket, "pending", lambda: 0)()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


def _length(held: bytes, at: int) -> tuple[int, int]:
    """Read a length of one to four bytes; give it and where it ends, or 0 where it is not whole."""
    value = shift = 0
    for place in range(at, min(at + 4, len(held))):
        byte = held[place]
        value |= (byte & ~_LONG) << shift
        if byte < _LONG:
            return value, place + 1
        shift += 7
    return 0, 0


def _message(held: bytes, at: int, begin: int, end: int, *, has_properties: bool) -> Message | None:
    """Read the message of a whole packet, or None for one that only paho may judge."""
    qos, topic_at = held[at] >> 1 & 3, begin + 2
    after = topic_at + int.from_bytes(held[begin:topic_at], "big")
    body_at = after + 2 * qos
    if has_properties:
        size, read = _length(held, body_at)
        body_at = read + size if read else end + 1
    mid = int.from_bytes(held[after : after + 2], "big") if qos else 0
    if after == topic_at or body_at > end or (qos and not mid):
        return None
    try:
        topic = held[topic_at:after].decode()
    except UnicodeDecodeError:
        return None
    return Message(topic, held[body_at:end], mid, qos)
