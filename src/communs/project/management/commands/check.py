"""Tells on one screen how the installation is, and what to do about it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import check
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.communities.scope import within
from communs.core.journal import verification
from communs.core.journal.jobs import with_events
from communs.project.findings import ERROR, OK, WARNING, Found, findings, worst
from communs.project.prepare import terminal_language

_MARKS = {OK: "✓", WARNING: "!", ERROR: "✗"}


class Command(check.Command):
    """Django's check (with its options), and without any of them the installation's own."""

    help = "Tells how this installation is; with Django's options, only what Django checks."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument("--journal", action="store_true", help="read every journal in whole")

    def handle(self, *labels: Any, **options: Any) -> None:
        own = ("tags", "list_tags", "deploy", "databases")
        if labels or any(options[name] for name in own):
            super().handle(*labels, **options)
            return
        self.check(fail_level=40)
        with terminal_language():
            found = findings(at=timezone.now())
            if options["journal"] and worst(found[:2]) != ERROR:
                found += _journals()
            self._tell(found, as_json=options["json"])
        fatal = {ERROR, WARNING} if options["fail_level"] == "WARNING" else {ERROR}
        if worst(found) in fatal:
            sys.exit(1)

    def _tell(self, found: list[Found], *, as_json: bool) -> None:
        if as_json:
            told = {"status": worst(found), "findings": [asdict(one) for one in found]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
            return
        width = max(len(one.about) for one in found)
        for one in found:
            self.stdout.write(f"{_MARKS[one.level]} {one.about:<{width}}  {one.sentence}")


def _journals() -> list[Found]:
    told = []
    for place in with_events():
        with within(place):
            checked = verification.check()
        facts = {"place": place.slug, "events": checked.events, "seals": checked.seals}
        sentence = _("%(place)s: whole, %(events)d events, %(seals)d seals") % facts
        if checked.wrong:
            sentence = f"{place.slug}: {checked.wrong[0]}"
        told.append(Found(_("Journal"), ERROR if checked.wrong else OK, sentence))
    return told
