"""Takes in what sensors say on the installation's MQTT broker."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.kit.memory import settle
from communs.core.sensing.engine.brokers import Broker
from communs.core.sensing.listening import Listener
from communs.project.beside import STOPS
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors


class Command(PlainCommand):
    """Listen until told to stop; what was read is kept and acknowledged first."""

    help = "Takes in what sensors say on the broker of COMMUNS_MQTT, until Ctrl+C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--with", dest="parent", type=int, help="end with this process")

    def handle(self, *, parent: int | None, **_options: Any) -> None:
        if not settings.COMMUNS_MQTT:
            raise CommandError(_("COMMUNS_MQTT says no broker: nothing to listen to."))
        stopping = threading.Event()
        for order in STOPS:
            signal.signal(order, lambda *_: stopping.set())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)  # the server beside is deaf to them
        listener = Listener(Broker.read(settings.COMMUNS_MQTT), clock=timezone.now)
        settle()
        with plain_errors():
            listener.run(
                lambda: not stopping.is_set() and (parent is None or os.getppid() == parent)
            )
