"""Read a communiqué that announces awards, check it against the reference, keep it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.project.plain import PlainCommand
from communs.services.fund import actions
from communs.services.fund.engine.communique import Unreadable


class Command(PlainCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--expected-total", default=None)

    def handle(self, *, file: str, expected_total: str | None, **_options: Any) -> None:
        metropolis = Community.objects.filter(kind=Kind.METROPOLIS).first()
        if metropolis is None:
            raise CommandError(_("Load the reference first: communs load-metropolis."))
        try:
            with within(metropolis):
                outcome = actions.read_and_import(
                    path=file, expected_total=_amount(expected_total), by=None
                )
        except Unreadable as error:
            raise CommandError(
                "\n".join(_(p.template) % p.values for p in error.problems)
            ) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        for finding in (*outcome.report.notes, *outcome.report.unverifiable):
            self.stdout.write(f"- {_(finding.template) % finding.values}")
        changes = outcome.changes
        self.stdout.write(
            _("%(created)s rows created, %(updated)s updated.")
            % {"created": changes.created, "updated": changes.updated}
        )


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise CommandError(_("--expected-total: write a number, for example 923571.")) from error
