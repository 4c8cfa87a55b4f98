"""Puts a backup back: all of it, or one community."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.project.backups import archive
from communs.project.backups.one import restore_community
from communs.project.backups.restoring import restore
from communs.project.plain import PlainCommand
from communs.project.prepare import plain_errors


class Command(PlainCommand):
    """Read the archive in whole, refuse it or put it back, and check the journal."""

    help = "Puts a backup back, after reading it in whole; stop Communs before."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", default="", metavar="FOLDER|URL", help="another installation")
        parser.add_argument("--community", default="", metavar="SLUG", help="only this one")
        parser.add_argument("--replace", action="store_true", help="lose what is there")
        parser.add_argument("--check", action="store_true", help="only read the archive")

    def handle(
        self, *, file: Path, into: str, community: str, replace: bool, check: bool, **_options: Any
    ) -> None:
        if into:
            sys.exit(_elsewhere(into))
        secret = settings.COMMUNS_BACKUP_PASSPHRASE
        with plain_errors():
            try:
                if check:
                    manifest = archive.check(file, passphrase=secret)
                    said = _("The backup is whole: version %(version)s, made %(made_at)s.")
                    self.stdout.write(said % manifest)
                elif community:
                    call_command("migrate", interactive=False, verbosity=0)
                    restore_community(
                        file, community, passphrase=secret, replace=replace, say=self.stdout.write
                    )
                else:
                    restore(file, passphrase=secret, replace=replace, say=self.stdout.write)
            except Refused as error:
                raise CommandError(str(error)) from error


def _elsewhere(into: str) -> int:
    """Do the same again as the other installation would, with its own settings."""
    words = list(sys.argv[1:])
    at = next(i for i, word in enumerate(words) if word == "--into" or word.startswith("--into="))
    del words[at : at + (2 if words[at] == "--into" else 1)]
    named = "DATABASE_URL" if "://" in into else "COMMUNS_DATA"
    rest = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "COMMUNS_DATA"}}
    if named == "DATABASE_URL":
        rest["COMMUNS_DATA"] = str(settings.COMMUNS_DATA)
    words = [sys.executable, "-m", "communs.project.cli", *words]
    return subprocess.run(words, env=rest | {named: into}, check=False).returncode  # noqa: S603
