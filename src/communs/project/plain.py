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
        try:
            with terminal_language():
                return super().execute(*args, **options)
        except DatabaseError as error:
            if "no such table" not in str(error) and "does not exist" not in str(error):
                raise
            message = _("The tables are not there yet: run “communs migrate” first.")
            self.stderr.write(message)
            sys.exit(1)
        except CommandError as error:
            if not getattr(self, "_called_from_command_line", False) or options.get("traceback"):
                raise
            self.stderr.write(str(error))
            sys.exit(error.returncode)
