"""Commands that fail in one plain sentence."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from communs.project.prepare import terminal_language


class PlainCommand(BaseCommand):
    """A command that speaks the terminal's language, and whose refusals are shown as they are."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with terminal_language():
            try:
                return super().execute(*args, **options)
            except (CommandError, DatabaseError) as error:
                if not getattr(self, "_called_from_command_line", False) or options["traceback"]:
                    raise
                self.stderr.write(_sentence(error))
                sys.exit(getattr(error, "returncode", 1))


def _sentence(error: Exception) -> str:
    """Give the reason in one sentence; a database's own trouble keeps its traceback."""
    if isinstance(error, CommandError):
        return str(error)
    if "no such table" in str(error) or "does not exist" in str(error):
        return _("The tables are not there yet: run “communs migrate” first.")
    raise error
