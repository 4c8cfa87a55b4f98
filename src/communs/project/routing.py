"""Reads of visitors go to a copy of the database, while it keeps up; all else to the database.

Only what nobody signed in asks (GET, no session) reads the copy, and not for ten seconds after the
same browser sent something. A copy that lags, or does not answer, is left alone for a while.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

REPLICA = "replica"
_JUST_WROTE = "communs-wrote"
_OWN_WRITES = 10  # seconds during which a browser that wrote reads the database itself
_LONGEST_LAG = 5.0  # seconds
_LOOK = 2.0  # seconds between two looks at a copy that is well
_REST = 10.0  # seconds before another look at one that is not
_NEVER = ("/sante", "/metriques")

_reading: ContextVar[bool] = ContextVar("reading_replica", default=False)


class Router:
    """Sends reads to the copy inside a request that may, and outside any transaction."""

    def db_for_read(self, _model: Any, **_hints: Any) -> str | None:
        free = _reading.get() and not connections["default"].in_atomic_block
        return REPLICA if free else None

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        return True  # the same rows in both

    def allow_migrate(self, db: str, _label: str, **_hints: Any) -> bool | None:
        return False if db == REPLICA else None


class Watch:
    """Knows whether the copy may be read; looks again every other second."""

    def __init__(self) -> None:
        self._well, self._next = False, 0.0

    def is_well(self) -> bool:
        """Tell whether the copy is connected to its source and less than five seconds behind."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _REST  # others do not wait for this look
            self._well = _keeps_up()
            self._next = now + (_LOOK if self._well else _REST)
        return self._well

    def failed(self) -> None:
        """Leave the copy alone for a while."""
        self._well, self._next = False, time.monotonic() + _REST
        connections[REPLICA].close()


watch = Watch()


class ReadsFromReplica:
    """The last of the middleware: what precedes it reads the database itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _reading.set(_may_lag(request) and watch.is_well())
        try:
            response = self.get_response(request)
        finally:
            _reading.reset(token)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            response.set_cookie(
                _JUST_WROTE,
                "1",
                max_age=_OWN_WRITES,
                secure=settings.SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        """Ask the database itself where the copy failed: the visitor sees nothing of it."""
        if not _reading.get() or not isinstance(exception, (DatabaseError, InterfaceError)):
            return None
        log.warning("the replica failed (%s): the database is read", type(exception).__name__)
        watch.failed()
        _reading.set(False)
        match = request.resolver_match
        return match.func(request, *match.args, **match.kwargs) if match else None


def _may_lag(request: HttpRequest) -> bool:
    known = {settings.SESSION_COOKIE_NAME, _JUST_WROTE} & set(request.COOKIES)
    return request.method in {"GET", "HEAD"} and not known and request.path_info not in _NEVER


def _keeps_up() -> bool:
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_STATE)
            standby, connected, lag = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        connections[REPLICA].close()
        return False
    return bool(standby and connected and float(lag or 0) < _LONGEST_LAG)


# What was received and is applied is no lag, however old: nothing happened since.
_STATE = """
SELECT pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_wal_receiver),
       CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""
