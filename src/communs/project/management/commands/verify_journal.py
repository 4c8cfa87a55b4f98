"""Checks that no event of the journal was changed, removed or added after the fact."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal import verification
from communs.core.journal.jobs import with_events
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    """Check each community's chain and seals; end with 1 where something is wrong."""

    help = "Checks the journal: chain, seals, time stamps. `--export` writes it out instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("community", nargs="?", help="only this one")
        parser.add_argument("--export", type=Path, metavar="FILE", help="write the journal here")

    def handle(self, *, community: str | None, export: Path | None, **_options: Any) -> None:
        places = list(with_events())
        if community:
            places = [place for place in places if place.slug == community]
            if not places:
                raise CommandError(_("There is no journal of “%s”.") % community)
        if export:
            self._write(places, export)
        elif not all(self._check(place) for place in places):
            sys.exit(1)

    def _check(self, place: Community) -> bool:
        chosen = settings.COMMUNS_TSA_CERTIFICATES
        with within(place):
            found = verification.check(certificates=Path(chosen) if chosen else None)
        for sentence in found.wrong:
            self.stderr.write(f"{place.slug}: {sentence}")
        if not found.wrong:
            events = ngettext("%(num)d event", "%(num)d events", found.events)
            seals = ngettext("%(num)d seal", "%(num)d seals", found.seals)
            facts = {
                "place": place.slug,
                "events": events % {"num": found.events},
                "seals": seals % {"num": found.seals},
            }
            self.stdout.write(_("%(place)s: whole, %(events)s, %(seals)s") % facts)
        return not found.wrong

    def _write(self, places: list[Community], target: Path) -> None:
        if len(places) != 1:
            raise CommandError(_("Say whose journal to write: --export takes one community."))
        with within(places[0]), target.open("wb") as file:
            file.writelines(verification.export())
