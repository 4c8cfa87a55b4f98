"""PostgreSQL told, before each query, which role and which community are in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from communs.core.communities.scope import as_owner, is_owner, scope

_ASKED_ALONE = 1_000_000  # times from which psycopg prepares a statement unasked


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL behind row-level security.

    The session is told only when something changed, so most queries cost nothing more. A
    rollback takes the setting back with it: it is told again.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._told: tuple[str, str] | None = None
        self._rolling_back = False
        self.execute_wrappers.append(self._tell_scope)

    @contextmanager
    def _nodb_cursor(self) -> Iterator[Any]:
        """Databases are made and dropped by their owner."""
        with as_owner(), super()._nodb_cursor() as cursor:
            yield cursor

    def get_connection_params(self) -> dict[str, Any]:
        """Let statements be prepared that ask for it; Django’s own never ask.

        Django forbids it for the sake of poolers by transaction, which cannot serve here anyway.
        """
        return super().get_connection_params() | {"prepare_threshold": _ASKED_ALONE}

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._told = None

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._rolling_back = True
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        finally:
            self._rolling_back = False
            self._told = None

    def _tell_scope(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if self._rolling_back:  # a failed transaction takes no other statement
            return execute(sql, params, many, context)
        wanted = ("none" if is_owner() else settings.COMMUNS_DATABASE_ROLE, scope().key)
        if wanted != self._told and self.connection is not None:
            # Told past Django’s cursor: a lost connection must still be an error of Django’s.
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('role', %s, false),"
                    " set_config('communs.community', %s, false)",
                    wanted,
                )
            self._told = wanted
        return execute(sql, params, many, context)
