"""Load the reference of the metropolis: communes, territories, memberships, outlines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from communs.core.communities import actions
from communs.core.communities.engine.tables import BadFile
from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.search.rebuilding import rebuild
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=actions.DATA)

    def handle(self, *, folder: Path, **_options: Any) -> None:
        try:
            loaded = actions.load_metropolis(folder=folder)
        except BadFile as error:
            raise CommandError(_(error.template) % error.values) from error
        if loaded:
            with within(Community.objects.get(kind=Kind.METROPOLIS)):
                rebuild()
        self.stdout.write(
            _("Reference loaded.") if loaded else _("The reference is already there.")
        )
