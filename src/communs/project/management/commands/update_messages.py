"""Bring the French catalogues up to date with the code, and list what lacks a translation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from communs.project import messages


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        for domain in messages.domains():
            for sentence in messages.update(domain, "fr"):
                self.stdout.write(f"{domain.name}: {sentence}")
