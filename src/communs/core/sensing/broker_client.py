"""paho's client, with fewer words to the system: bytes read many at once, receipts sent together.

paho asks the system three times for each message it reads and once for each it acknowledges; at
some thousands of messages a second that is most of what listening costs.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.packettypes import PacketTypes

_AT_ONCE = 65_536
_RECEIPT = struct.Struct("!BBH")  # the kind, two bytes to come, the message's number


class BrokerClient(Client):
    """A client that reads ahead, and acknowledges many messages in one packet of bytes."""

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

    def pending(self) -> int:
        """Give how many bytes can be had without asking the system, deciphered ones included."""
        left = max(0, len(self._held) - self._given)
        return left or getattr(self._socket, "pending", lambda: 0)()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
