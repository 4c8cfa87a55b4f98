"""Prepares Communs, then opens it on this machine."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from django.db import connection, connections
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.project import server
from communs.project.beside import beside
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors, spoken

_ONLY_HERE = {"127.0.0.1", "localhost", "::1"}
_PUBLIC_ACCOUNTS = _(
    "Careful: the demonstration has accounts whose password everybody knows, and other machines"
    " can reach it."
)


class Command(PlainCommand):
    """Serve pages and API until Ctrl+C."""

    help = "Prepares Communs, then opens it on this machine until Ctrl+C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="load no demonstration data")
        parser.add_argument("--host", default="127.0.0.1", help="address to open (%(default)s)")
        parser.add_argument("--workers", type=int, default=1, help="processes, on PostgreSQL only")
        parser.add_argument("--alone", action="store_true", help="no worker beside the pages")
        parser.add_argument("--log", action="store_true", help="write a line for each request")

    def handle(
        self,
        *,
        empty: bool,
        host: str,
        workers: int,
        alone: bool,
        log: bool,
        verbosity: int,
        **_options: Any,
    ) -> None:
        if workers > 1 and connection.vendor == "sqlite":
            message = _("--workers needs PostgreSQL: set DATABASE_URL, or leave it at 1.")
            raise CommandError(spoken(message))
        try:
            call_command("prepare", empty=empty, verbosity=verbosity)
        except KeyboardInterrupt:
            sys.exit(130)
        spot = server.take_port(host, settings.COMMUNS_PORT)
        if spot.port != settings.COMMUNS_PORT:
            self.stdout.write(server.moved_sentence(settings.COMMUNS_PORT, spot.port))
        if host not in _ONLY_HERE and Community.objects.filter(demonstration=True).exists():
            self.stdout.write(str(_PUBLIC_ACCOUNTS))
        self.stdout.flush()
        # Loaded before the server splits: a fault in an address stops here, once, in the open.
        get_resolver().url_patterns  # noqa: B018
        connections.close_all()
        with plain_errors(), beside(*([] if alone else [["work"]])):
            server.serve(spot, workers=workers, log=log)
