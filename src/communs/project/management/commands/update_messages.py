"""Bring the French catalogues up to date with the code, and list what lacks a translation."""

from __future__ import annotations

from typing import Any

from communs.project import messages
from communs.project.plain import PlainCommand


class Command(PlainCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        for domain in messages.domains():
            for sentence in messages.update(domain, "fr"):
                self.stdout.write(f"{domain.name}: {sentence}")
