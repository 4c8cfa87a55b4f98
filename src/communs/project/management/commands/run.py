"""Prepares Communs, then opens it on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from django.db import connection, connections
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from communs.core.communities.models import Community
from communs.core.web import installation
from communs.project import server
from communs.project.beside import beside
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors, spoken
from communs.project.reaching import live_origins, own_address

_ONLY_HERE = {"127.0.0.1", "localhost", "::1"}
_PUBLIC_ACCOUNTS = _(
    "Careful: the demonstration has accounts whose password everybody knows, and other machines"
    " can reach it."
)


def share_metrics() -> None:
    """Have all processes count together; before any of them loads the library that counts."""
    folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _counts()))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()


def _counts() -> str:
    return str(settings.COMMUNS_DATA / "metrics")


def open_live(host: str, port: int) -> list[list[str]]:
    """Choose a port for the live process, tell the pages, and give its command.

    Where a proxy leads to it (COMMUNS_LIVE is a path), it listens on COMMUNS_LIVE_PORT.
    """
    command = ["live", "--host", host, "--port"]
    if settings.COMMUNS_LIVE.startswith("/"):
        return [[*command, str(settings.COMMUNS_LIVE_PORT)]]
    beside_pages = port + 1 if port < server.LAST_PORT else port - server.TRIES
    spot = server.take_port(host, int(os.environ.get("COMMUNS_LIVE_PORT") or beside_pages))
    spot.hold.close()
    settings.COMMUNS_LIVE = os.environ["COMMUNS_LIVE"] = f":{spot.port}"
    policy: Any = settings.CONTENT_SECURITY_POLICY
    policy["DIRECTIVES"]["connect-src"] += live_origins(
        settings.COMMUNS_LIVE, settings.ALLOWED_HOSTS
    )
    return [[*command, str(spot.port)]]


_SET_UP = _("To set this installation up: open %(path)s, with the code %(code)s")


class Command(PlainCommand):
    """Serve pages and API until Ctrl+C."""

    help = "Prepares Communs, then opens it on this machine until Ctrl+C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="load no demonstration data")
        parser.add_argument("--host", default="127.0.0.1", help="address to open (%(default)s)")
        parser.add_argument("--workers", type=int, default=1, help="processes, on PostgreSQL only")
        parser.add_argument(
            "--alone", action="store_true", help="neither worker nor live process beside the pages"
        )
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
        if workers > 1:
            share_metrics()
        try:
            _prepare(empty=empty, verbosity=verbosity)
        except KeyboardInterrupt:
            sys.exit(130)
        spot = server.take_port(host, settings.COMMUNS_PORT)
        if spot.port != settings.COMMUNS_PORT:
            self.stdout.write(server.moved_sentence(settings.COMMUNS_PORT, spot.port))
            _move_to(spot.port)
        if host not in _ONLY_HERE and Community.objects.filter(demonstration=True).exists():
            self.stdout.write(str(_PUBLIC_ACCOUNTS))
        if installation.is_open():
            path, code = installation.PATH, installation.set_up_code()
            self.stdout.write(spoken(_SET_UP) % {"path": path, "code": code})
        self.stdout.flush()
        # Loaded before the server splits: a fault in an address stops here, once, in the open.
        get_resolver().url_patterns  # noqa: B018
        connections.close_all()
        listening = [["ingest"]] if settings.COMMUNS_MQTT else []
        others = [] if alone else [["work"], *open_live(host, spot.port), *listening]
        with plain_errors(), beside(*others):
            server.serve(spot, workers=workers, log=log)


def _move_to(port: int) -> None:
    """Have links in letters and on paper lead to the port that was taken, here and beside."""
    os.environ["COMMUNS_PORT"] = str(port)
    settings.COMMUNS_PORT = port
    settings.COMMUNS_URL = own_address(port)


def _prepare(*, empty: bool, verbosity: int) -> None:
    """Prepare here, or the first time in a process of its own.

    Making the demonstration starts threads and processes, which would hear Ctrl+C in the server's
    stead.
    """
    with plain_errors():
        tables = connection.introspection.table_names()
        is_first = Community._meta.db_table not in tables or not Community.objects.exists()
    if empty or not is_first:
        call_command("prepare", empty=empty, verbosity=verbosity)
        return
    connections.close_all()
    command = [sys.executable, "-m", "communs.project.cli", "prepare", f"--verbosity={verbosity}"]
    if code := subprocess.call(command):  # noqa: S603 -- our own command, by our own Python
        sys.exit(code)
