"""Logs: one line a fact, JSON or text; addresses, networks and query strings never reach them."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any

import structlog

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_NETWORK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:]*:[\w.:]*)")
_QUERY = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")

Entry = MutableMapping[str, Any]


def without_people(_logger: Any, _method: str, entry: Entry) -> Entry:
    """Mask what may name somebody in every value of a line, exceptions included."""
    return {key: _masked(value) for key, value in entry.items()}


def settings(form: str) -> dict[str, Any]:
    """Give Django's LOGGING for `json`, `lines`, or (nothing said) warnings in lines."""
    first = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=FACTS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        without_people,
        _written if form == "json" else structlog.dev.ConsoleRenderer(colors=False),
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": last,
        "foreign_pre_chain": first,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"facts": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "facts"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # Anybody may send any host name: it is answered with 400, and is no news.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            **({} if not form else _TOLD),
        },
    }


# What a line may say of a request, besides its message.
FACTS = ["method", "route", "status", "ms", "queries", "db_ms", "community"]
_TOLD = {
    "communs.requests": {"level": "INFO"},
    "communs.core.jobs": {"level": "INFO"},
    "communs.core.journal": {"level": "INFO"},
    "django.request": {"level": "ERROR"},  # refusals are told by their own line, without a path
}
_written = structlog.processors.JSONRenderer(ensure_ascii=False)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        text = _QUERY.sub("?…", _EMAIL.sub("<address>", value))
        return _NETWORK.sub(_network, text)
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one) for one in value]
    return value if isinstance(value, (int, float, bool, type(None))) else _masked(str(value))


def _network(found: re.Match[str]) -> str:
    try:
        ip_address(found[0].rstrip(".:"))
    except ValueError:
        return found[0]
    return "<network>"
