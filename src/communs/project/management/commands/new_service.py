"""Write a new service: a small but whole slice that passes every check of the house."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from communs.project.plain import PlainCommand
from communs.project.scaffold import asked, writing

NEXT = """\
Written: src/communs/services/{name}/ and tests/services/{name}/.

Next:
  1. Try it, with a demonstration of its own:
       COMMUNS_DATA=build/try-{name} ./launch run
     then open /antony/{slug}/ and sign in there as antony@demo.example.
  2. Test it:
       ./launch test tests/conformance tests/services/{name}
  3. Read docs/a-service.md, then give Entry the name of what it is.
"""


class Command(PlainCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="package, tables, events: gardens")
        parser.add_argument("--slug", required=True, help="address, in French: jardins")
        parser.add_argument("--title", required=True, help="in English: Gardens")
        parser.add_argument("--title-fr", required=True, help="in French: Jardins")
        parser.add_argument("--summary", help="one sentence, in English")
        parser.add_argument("--summary-fr", help="the same, in French")
        parser.add_argument(
            "--rows", nargs="+", default=[], help="rows of the 2018 communiqué it answers to: 14"
        )

    def handle(self, **options: Any) -> None:
        names = ("name", "slug", "title", "title_fr", "summary", "summary_fr", "rows")
        service = asked.check(**{name: options[name] for name in names})
        writing.write(service)
        self.stdout.write(NEXT.format(name=service.name, slug=service.slug))
