"""Settings of operation: backups, logs, metrics, the replica, whom to tell of a weakness."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from communs.project import env

LOGS = ("", "json", "lines")
_SHORTEST = 16  # characters of a token that nobody guesses


def backups() -> str:
    """Give COMMUNS_BACKUPS: the folder that receives a backup each night, nothing unless said."""
    folder = os.environ.get("COMMUNS_BACKUPS", "")
    if folder:
        with contextlib.suppress(OSError):
            Path(folder).mkdir(mode=0o700, exist_ok=True)
    if folder and not (Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        _wrong(f"COMMUNS_BACKUPS: {folder} is not a folder that can be written.")
    return folder


def logs() -> str:
    """Give COMMUNS_LOGS: `json` or `lines`, one a request; warnings alone unless said."""
    form = os.environ.get("COMMUNS_LOGS", "")
    if form not in LOGS:
        _wrong(f"COMMUNS_LOGS: “{form[:40]}” is neither json nor lines.")
    return form


def metrics_token() -> str:
    """Give COMMUNS_METRICS_TOKEN, by which another machine may read /metriques."""
    token = os.environ.get("COMMUNS_METRICS_TOKEN", "")
    if token and len(token) < _SHORTEST:
        _wrong("COMMUNS_METRICS_TOKEN: write at least 16 characters.")
    return token


def security_contact() -> str:
    """Give COMMUNS_SECURITY_CONTACT: an address of the web or mailto:, nothing unless said."""
    contact = os.environ.get("COMMUNS_SECURITY_CONTACT", "")
    if (contact and not contact.startswith(("mailto:", "https://", "tel:"))) or "\n" in contact:
        _wrong("COMMUNS_SECURITY_CONTACT: write mailto:… or https://….")
    return contact


def databases(main: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the database and, if COMMUNS_REPLICA_URL names one, its copy that is only read."""
    url = os.environ.get("COMMUNS_REPLICA_URL", "")
    if not url:
        return {"default": main}
    if not (url.startswith(("postgres://", "postgresql://")) and "postgresql" in main["ENGINE"]):
        _wrong("COMMUNS_REPLICA_URL: write postgres://…; DATABASE_URL must be PostgreSQL too.")
    copy = env.database_at(url, name="COMMUNS_REPLICA_URL")
    options = {**copy.get("OPTIONS", {}), "connect_timeout": 2}
    return {"default": main, "replica": copy | {"OPTIONS": options, "TEST": {"MIRROR": "default"}}}


def _wrong(sentence: str) -> None:
    raise ImproperlyConfigured(sentence)
