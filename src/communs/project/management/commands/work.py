"""Works through the queue: jobs, timetable, delivery of events."""

from __future__ import annotations

import os
import signal
from typing import Any

from django.core.management import CommandParser
from django.utils import timezone

from communs.core.jobs.worker import Worker
from communs.core.kit.memory import settle
from communs.project.beside import STOPS
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors


class Command(PlainCommand):
    """Work until told to stop; what is being done is finished first."""

    help = "Works through the queue until Ctrl+C; as many may run as one likes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then end")
        parser.add_argument("--queue", action="append", help="only this queue (may be repeated)")
        parser.add_argument("--with", dest="parent", type=int, help="end with this process")

    def handle(
        self, *, once: bool, queue: list[str] | None, parent: int | None, **_options: Any
    ) -> None:
        worker = Worker(queues=frozenset(queue or ["default"]))
        for order in STOPS:
            signal.signal(order, lambda *_: worker.stopping.set())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)  # the server beside is deaf to them
        with plain_errors():
            if once:
                worker.clear(at=timezone.now())
            else:
                settle()
                worker.run(alive=lambda: parent is None or os.getppid() == parent)
