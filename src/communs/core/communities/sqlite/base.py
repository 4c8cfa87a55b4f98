"""SQLite whose triggers can ask which community is in force."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from communs.core.communities.scope import is_owner, scope_key


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite with the functions `communs_scope()` and `communs_owner()`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.create_function("communs_scope", 0, scope_key)
        connection.create_function("communs_owner", 0, is_owner)
        return connection
