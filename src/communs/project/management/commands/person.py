"""Gives a copy of what is kept about somebody, or erases them: for who asks at the counter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.core.privacy import actions, export
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    """The same as on the person's own pages; the identity is checked by who runs it."""

    help = "Copies or erases what is kept about a person, by their e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        copy = verbs.add_parser("copy", help="write an archive of all that is kept")
        copy.add_argument("email")
        copy.add_argument("file", type=Path)
        erase = verbs.add_parser("erase", help="erase the account and all that hangs on it")
        erase.add_argument("email")
        erase.add_argument("--yes", action="store_true", help="do not ask again")

    def handle(self, *, verb: str, email: str, **options: Any) -> None:
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            raise CommandError(_("No account has the address %s.") % email)
        with within(Community.objects.get(kind=Kind.METROPOLIS)):
            if verb == "copy":
                self._copy(person, options["file"])
            else:
                self._erase(person, sure=options["yes"])

    def _copy(self, person: Person, file: Path) -> None:
        with export.archive(person, at=timezone.now()) as content, file.open("xb") as target:
            file.chmod(0o600)
            target.write(content.read())
        actions.note_export(person=person, by=None)
        self.stdout.write(_("Written: %s") % file)

    def _erase(self, person: Person, *, sure: bool) -> None:
        question = _("Erase %s for good? Write the address again:") % person.email
        if not sure and input(f"{question} ").strip().lower() != person.email:
            raise CommandError(_("Nothing was erased."))
        try:
            gone = actions.erase(person=person, at=timezone.now(), by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("Erased, with %(num)d entries.") % {"num": sum(gone.values())})
