"""Show the code with which the wizard sets up a new installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from communs.core.web import installation
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    help = __doc__

    def handle(self, **_options: Any) -> None:
        if not installation.is_open():
            raise CommandError(_("This installation is set up already: it has no code any more."))
        self.stdout.write(installation.set_up_code())
