"""Reads sensors' messages from a broker: each is acknowledged once what it says is kept.

One thread: messages that wait are read, sorted by source, taken a batch a source, then
acknowledged. Killed in between, the broker gives them again, and what was kept is not kept twice.
"""

from __future__ import annotations

import logging
import select
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import DataError, Error, IntegrityError, close_old_connections, connection
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from communs.core.communities.scope import within
from communs.core.sensing.broker_client import BrokerClient, Message
from communs.core.sensing.engine.brokers import Broker
from communs.core.sensing.engine.decoding import decode_all
from communs.core.sensing.intake import note_fault, take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import milliseconds
from communs.core.sensing.topics import Topics, whole

log = logging.getLogger(__name__)

MOST = 2_000  # messages that wait for one commit, and that the broker sends before it waits
_IDLE = 0.2  # seconds without a message before looking at the rest
_LINGER = 0.02  # seconds that a message may wait for others to share its commit
_REREAD = 5.0  # seconds between two looks at which sources there are
_WEEK = 7 * 86_400  # seconds for which the broker keeps what comes while nobody listens
_LONGEST_PAUSE = 30.0
# What a message may be blamed for; any other error of the database is the database's own.
_AT_FAULT = (DataError, IntegrityError, ValueError, ArithmeticError)


class Listener:
    """A connection to a broker, and what was read and is not yet kept."""

    def __init__(self, broker: Broker, *, clock: Callable[[], datetime]) -> None:
        self.broker, self.clock = broker, clock
        self._is_new = broker.version == MQTTProtocolVersion.MQTTv5
        self.topics, self.waiting = Topics(), list[Message]()
        self.kept = self.refused = 0
        self._reread_at = 0.0
        self._client = self._made()

    def run(self, alive: Callable[[], bool]) -> None:
        """Listen until told to stop; a broker or a database that is away is waited for."""
        pause = 1.0
        while alive():
            try:
                self._connect()
                pause = 1.0
                while alive() and self._turn():
                    pass
            except OSError as error:
                log.warning("the broker does not answer: %s", type(error).__name__)
            except Error as error:
                log.warning("the database does not take readings: %s", type(error).__name__)
                connection.close()
            self.waiting.clear()  # not acknowledged: the broker gives them again
            if alive():
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        self._leave()

    def _leave(self) -> None:
        """Read what is on its way, then go.

        A connection closed on unread words is cut short, its last acknowledgements with it.
        """
        socket = self._client.socket()
        for _time in range(MOST):
            if socket is None or not _is_readable(socket, _IDLE):
                break
            self._client.loop_read()
            socket = self._client.socket()
        if socket is not None:
            self._client.disconnect()

    def _made(self) -> BrokerClient:
        client = BrokerClient(
            CallbackAPIVersion.VERSION2,
            client_id=self.broker.client,
            protocol=MQTTProtocolVersion(self.broker.version),
            manual_ack=True,
            clean_session=None if self._is_new else False,
        )
        if self.broker.user:
            client.username_pw_set(self.broker.user, self.broker.password)
        if self.broker.secure:
            client.tls_set_context(ssl.create_default_context())
        client.on_message = self._hear
        client.on_connect = self._connected
        return client

    def _connect(self) -> None:
        options: dict[str, Any] = {}
        if self._is_new:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = _WEEK
            properties.ReceiveMaximum = MOST
            options = {"clean_start": False, "properties": properties}
        self._client.connect(self.broker.host, self.broker.port, **options)

    def _connected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure:
            log.warning("the broker refuses us: %s", reason)
            return
        self.topics.filters.clear()
        self._follow()

    def _follow(self) -> None:
        """Subscribe to the topics of sources that are new, and leave those that are gone."""
        new, gone = self.topics.read()
        if new:
            self._client.subscribe(whole(new))
        if gone:
            self._client.unsubscribe(sorted(gone))
        self._reread_at = time.monotonic() + _REREAD

    def _hear(self, _client: Any, _data: Any, message: MQTTMessage) -> None:
        self.waiting.append(
            Message(message.topic, bytes(message.payload), message.mid, message.qos)
        )

    def _turn(self) -> bool:
        """Read what there is, keep it, acknowledge it; False when the connection is lost."""
        if (
            self._client.socket() is None
            or self._client.loop(_IDLE) != MQTTErrorCode.MQTT_ERR_SUCCESS
        ):
            return False
        if self.waiting and not self._gather():
            return False
        if self.waiting:
            self._keep_all()
        elif time.monotonic() > self._reread_at and self._client.is_connected():
            close_old_connections()
            self._follow()
        return True

    def _gather(self) -> bool:
        """Read until nothing more comes for a moment, or enough waits."""
        until = time.monotonic() + _LINGER
        while len(self.waiting) < MOST:
            self.waiting += self._client.messages(MOST - len(self.waiting))
            if not self._client.is_behind():
                socket = self._client.socket()
                if socket is None:
                    return False
                if not _is_readable(socket, max(0.0, until - time.monotonic())):
                    break
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
        return True

    def _keep_all(self) -> None:
        """Keep what waits, a transaction a source, then acknowledge all of it.

        A database that is full, locked, damaged or gone raises: all of it comes again.
        """
        batch, self.waiting = self.waiting, []
        now = milliseconds(self.clock())
        by_source: dict[Source, list[Message]] = {}
        for message in batch:
            source = self.topics.source_of(message.topic)
            if source is not None:
                by_source.setdefault(source, []).append(message)
        for source, messages in by_source.items():
            self._keep(source, messages, now)
        self._client.acknowledge(message.mid for message in batch if message.qos)

    def _keep(self, source: Source, messages: list[Message], now: int) -> None:
        try:
            with within(source.community):
                self._take(source, messages, now)
        except _AT_FAULT:
            if len(messages) == 1:
                log.exception("a message of source %s could not be taken", source.slug)
                self.refused += 1
                with within(source.community):
                    note_fault(source, messages[0].topic, now)
                return
            for message in messages:  # the one that is at fault does not hold up the others
                self._keep(source, [message], now)

    def _take(self, source: Source, messages: list[Message], now: int) -> None:
        found = Source.objects.select_related("community").filter(pk=source.pk).first()
        if found is None:
            return  # it has gone since topics were read
        source = found
        bodies = [message.body for message in messages]
        readings = decode_all(source.protocol, bodies, received=now, mapping=source.mapping)
        taken = take(source=source, readings=readings, at=now, by=None)
        self.refused += taken.refused
        self.kept += len(readings) - taken.refused


def _is_readable(socket: Any, seconds: float) -> bool:
    return socket.pending() > 0 or bool(select.select([socket], [], [], seconds)[0])
