"""Django's flush, as the owner of the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from communs.core.communities.scope import as_owner


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with as_owner():
            super().handle(**options)
