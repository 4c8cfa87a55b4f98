"""Keeps the connections of open pages, and tells them what is new."""

from __future__ import annotations

import os
import signal
from typing import Any

from django.conf import settings
from django.core.management import CommandParser

from communs.core.kit.memory import settle
from communs.core.live.serving import serve
from communs.project.beside import STOPS
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors


class Command(PlainCommand):
    """Listen to the journal, and to open pages, until told to stop."""

    help = "Tells open pages what is new, until Ctrl+C; one process is enough for thousands."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to open (%(default)s)")
        parser.add_argument("--port", type=int, help="port to open; COMMUNS_LIVE_PORT without it")
        parser.add_argument("--with", dest="parent", type=int, help="end with this process")

    def handle(self, *, host: str, port: int | None, parent: int | None, **_options: Any) -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)  # the server beside is deaf to them
        settle()
        with plain_errors():
            serve(
                host,
                port or settings.COMMUNS_LIVE_PORT,
                alive=lambda: parent is None or os.getppid() == parent,
                stops=STOPS,
            )
