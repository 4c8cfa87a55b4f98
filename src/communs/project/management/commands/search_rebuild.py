"""Make the search index anew from what services hold, or tell where it differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.search.backends import backend
from communs.core.search.queries import findings
from communs.core.search.rebuilding import rebuild
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", default="", help="its slug; all of them without it")
        parser.add_argument("--check", action="store_true", help="only tell if it differs")

    def handle(self, *, community: str, check: bool, **_options: Any) -> None:
        places = list(_places(community))
        if check:
            self._check(places)
            return
        with transaction.atomic(), across("the whole index is made anew"):
            backend().repair()  # first: from an index that lost documents none can be taken away
        total = 0
        for place in places:
            with within(place):
                total += rebuild()
        self.stdout.write(_("%(num)s documents can be found.") % {"num": total})

    def _check(self, places: list[Community]) -> None:
        differing = []
        for place in places:
            with within(place):
                differing += [place.name] if findings() else []
        if differing:
            message = _("The search index differs from its source: %(names)s.")
            raise CommandError(message % {"names": ", ".join(differing)})
        self.stdout.write(_("The search index holds what services tell."))


def _places(slug: str) -> Any:
    found = Community.objects.filter(slug=slug) if slug else Community.objects.all()
    if not found:
        raise CommandError(_("No community has the address %(slug)s.") % {"slug": slug})
    return found
