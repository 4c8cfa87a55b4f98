"""Django's migrate, with the walls between communities taken down before and put up after."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from communs.core.communities import walls
from communs.core.communities.scope import as_owner


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner():
            walls.take_down(connection)
            try:
                super().handle(*args, **options)
            finally:
                walls.build(connection)
