"""Backs Communs up while it works: the whole installation, or one community."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.kit.errors import Refused
from communs.project.backups import erasures, keeping, taking
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors


class Command(PlainCommand):
    """Write one archive, read it back, then let go of the oldest ones if asked."""

    help = "Backs up database, files and secret key into one archive, while Communs works."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="a file or a folder")
        parser.add_argument("--community", default="", metavar="SLUG", help="only this one")
        parser.add_argument("--keep", type=int, metavar="N", help="remove all but the N newest")

    def handle(
        self, *, target: Path | None, community: str, keep: int | None, **_options: Any
    ) -> None:
        if keep is not None and (keep < 1 or community):
            raise CommandError(_("--keep takes a number from 1, and whole backups only."))
        now, secret = timezone.now(), settings.COMMUNS_BACKUP_PASSPHRASE
        name = keeping.name_at(now.astimezone(UTC), slug=community, sealed=bool(secret))
        path = _file(target or Path(settings.COMMUNS_BACKUPS or "."), name)
        with plain_errors():
            try:
                if community:
                    chosen = _community(community)
                    taking.back_up_community(chosen, target=path, passphrase=secret, at=now)
                else:
                    taking.back_up(target=path, passphrase=secret, at=now)
                    keeping.note(path, at=now)
                    erasures.write_beside(path.parent)
            except Refused as error:
                raise CommandError(str(error)) from error
        size = number_format(round(path.stat().st_size / 1_000_000, 1), 1)
        facts = {"path": path, "size": size}
        self.stdout.write(_("Backed up, read back: %(path)s (%(size)s MB)") % facts)
        for gone in keeping.keep_newest(path.parent, keep) if keep else ():
            self.stdout.write(_("Removed: %s") % gone)


def _file(target: Path, name: str) -> Path:
    if target.is_dir():
        return target / name
    if not target.parent.is_dir():
        raise CommandError(_("There is no folder %s.") % target.parent)
    return target


def _community(slug: str) -> Community:
    found = Community.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(_("No community has the address %(slug)s.") % {"slug": slug})
    return found
