"""Brings an installation to where it can open: translations, tables, static files, demo data."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

from django.core.management import CommandParser, call_command
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communs.project import prepare
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    """Do each step that is still to do; a second call finds nothing and is quick."""

    help = "Brings tables, translations, static files and demonstration data up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="load no demonstration data")

    def handle(self, *, empty: bool, verbosity: int, **_options: Any) -> None:
        with prepare.plain_errors():
            compiled = prepare.compile_translations(prepare.all_folders())
            for path in compiled.refused if verbosity else ():
                message = _("Translations are not compiled: %(path)s cannot be written.")
                self.stderr.write(prepare.spoken(message) % {"path": path})
            for title, work in _steps(empty=empty):
                self._do(title, work, quiet=not verbosity)

    def _do(self, title: Promise, work: Callable[[], object], *, quiet: bool) -> None:
        began = time.monotonic()
        if not quiet:
            self.stdout.write(prepare.spoken(title), ending="… ")
            self.stdout.flush()
        try:
            work()
        except BaseException:
            self.stdout.write("")  # the error starts on a line of its own
            raise
        if not quiet:
            with prepare.terminal_language():
                self.stdout.write(f"{number_format(round(time.monotonic() - began, 1), 1)} s")


def _steps(*, empty: bool) -> list[tuple[Promise, Callable[[], object]]]:
    steps: list[tuple[Promise, Callable[[], object]]] = [
        (_("Database"), partial(call_command, "migrate", interactive=False, verbosity=0)),
        (_("Static files"), prepare.collect_static),
        (_("Demonstration data"), partial(call_command, "load_demo", stdout=StringIO())),
    ]
    return steps[:-1] if empty else steps
