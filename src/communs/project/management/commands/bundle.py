"""Shares, checks, installs and takes back the configuration of a service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.bundles import actions, queries, showing, signing
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.engine.reading import LARGEST
from communs.core.bundles.enums import Licence
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.registry import queries as registry
from communs.core.registry.service import Service
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    """One word says what is done; `check` needs no database."""

    help = "Shares, checks, previews, installs or rolls back the configuration of a service."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True)
        words.add_parser("key", help="print the public key of this installation")
        pack = words.add_parser("pack", help="write how a service is set in a community")
        pack.add_argument("service")
        pack.add_argument("file", type=Path)
        pack.add_argument("--licence", required=True, choices=Licence.values)
        pack.add_argument("--notes", default="")
        pack.add_argument("--publish", action="store_true", help="show it in the catalogue")
        check = words.add_parser("check", help="read a file in whole, without a database")
        preview = words.add_parser("preview", help="tell what a file would change")
        install = words.add_parser("install", help="install a file")
        for parsed in (check, preview, install):
            parsed.add_argument("file", type=Path)
        install.add_argument("--accept-unknown", action="store_true", help="trust its signature")
        install.add_argument("--switch-on", action="store_true", help="switch the service on")
        install.add_argument("--take-all", action="store_true", help="lose own changes in conflict")
        back = words.add_parser("roll-back", help="take back what is in force")
        back.add_argument("service")
        for parsed in (pack, preview, install, back):
            parsed.add_argument("--community", default="", metavar="SLUG", help="or the metropolis")

    def handle(self, *, word: str, community: str = "", **options: Any) -> None:
        try:
            if word == "key":
                self.stdout.write(signing.public_key())
            elif word == "check":
                self._check(_opened(options["file"]))
            else:
                with within(_community(community)):
                    getattr(self, f"_{word.replace('-', '_')}")(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _check(self, document: Document) -> None:
        facts = {
            "title": document.shape.title,
            "version": document.shape.version,
            "digest": document.shape.digest,
        }
        self.stdout.write(_("%(title)s, version %(version)d: whole, and about nobody.") % facts)
        self.stdout.write(showing.signer_words(document.signer))
        self.stdout.write(_("SHA-256: %(digest)s") % facts)

    def _pack(self, options: dict[str, Any]) -> None:
        bundle = actions.pack(
            service=_service(options["service"]),
            licence=options["licence"],
            notes=options["notes"],
            at=timezone.now(),
            by=None,
        )
        if options["publish"]:
            actions.publish(bundle=bundle, by=None)
        _write(options["file"], bundle.document)
        facts = {"file": options["file"], "version": bundle.version}
        self.stdout.write(_("Version %(version)d written: %(file)s") % facts)

    def _preview(self, options: dict[str, Any]) -> None:
        document = _opened(options["file"])
        self.stdout.write(showing.signer_words(document.signer))
        plan = queries.plan_of(document, on=timezone.localdate())
        for line in showing.lines(plan):
            self.stdout.write(f"{line.sentence} ({line.state})")
        if not plan.changes:
            self.stdout.write(_("Nothing would change."))

    def _install(self, options: dict[str, Any]) -> None:
        document, now = _opened(options["file"]), timezone.now()
        plan = queries.plan_of(document, on=timezone.localdate())
        every = [change.ref for change in plan.changes] if options["take_all"] else []
        row = actions.install(
            document=document,
            take=every,
            accept_unknown=options["accept_unknown"],
            switch_on=options["switch_on"],
            at=now,
            by=None,
        )
        self.stdout.write(_("Installed: %(title)s") % {"title": row})

    def _roll_back(self, options: dict[str, Any]) -> None:
        held = queries.in_force(_service(options["service"]))
        if held is None:
            raise CommandError(_("No configuration is in force for this service."))
        actions.roll_back(installation=held, at=timezone.now(), by=None)
        self.stdout.write(_("Rolled back: %(title)s") % {"title": held})


def _opened(file: Path) -> Document:
    try:
        with file.open("rb") as stream:
            return opened(stream.read(LARGEST + 1))
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s.")
        raise CommandError(words % {"file": file, "reason": error.strerror}) from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        words = _("%(file)s cannot be written: %(reason)s.")
        raise CommandError(words % {"file": file, "reason": error.strerror}) from error


def _community(slug: str) -> Community:
    chosen = (
        Community.objects.filter(slug=slug) if slug else Community.objects.filter(kind="metropolis")
    )
    found = chosen.first()
    if found is None:
        raise CommandError(_("No community has the address %(slug)s.") % {"slug": slug})
    return found


def _service(key: str) -> Service:
    found = registry.by_key(key)
    if found is None:
        raise CommandError(_("No service is called %(name)s.") % {"name": key})
    return found
