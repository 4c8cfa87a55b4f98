"""Settings read from the environment, each with an error that names it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env()

_ENGINES = {
    "postgres": "communs.core.communities.postgresql",
    "postgresql": "communs.core.communities.postgresql",
    "sqlite": "communs.core.communities.sqlite",
}
_PORTS = range(1, 65536)


def data_folder(default: Path) -> Path:
    """Give COMMUNS_DATA: the folder of the embedded database, files and the secret key."""
    folder = Path(os.environ.get("COMMUNS_DATA") or default).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"COMMUNS_DATA: the folder {folder} cannot be made ({error.strerror})."
        raise ImproperlyConfigured(message) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        message = f"COMMUNS_DATA: the folder {folder} cannot be written."
        raise ImproperlyConfigured(message)
    return folder


def port() -> int:
    """Give COMMUNS_PORT, 8000 unless said."""
    text = os.environ.get("COMMUNS_PORT") or "8000"
    if not text.isascii() or not text.isdigit() or int(text[:6]) not in _PORTS:
        message = f"COMMUNS_PORT: “{text[:40]}” is not a port number (1 to 65535)."
        raise ImproperlyConfigured(message)
    return int(text)


def database(folder: Path) -> dict[str, object]:
    """Give DATABASE_URL as Django wants it; without one, SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'communs.sqlite3'}"
    scheme = url.partition(":")[0]
    if scheme not in _ENGINES:
        message = (
            f"DATABASE_URL: “{scheme[:40]}” is not served; write"
            " postgres://user:password@host:port/name or sqlite:///path."
        )
        raise ImproperlyConfigured(message)
    try:
        config = dict(dj_database_url.parse(url, engine=_ENGINES[scheme]))
        if scheme != "sqlite":
            _ = urlsplit(url).port
    except ValueError as error:
        message = f"DATABASE_URL cannot be read: {error}."
        raise ImproperlyConfigured(message) from error
    if not config["NAME"]:
        message = "DATABASE_URL names no database: postgres://user@host/NAME."
        raise ImproperlyConfigured(message)
    return config | (_sqlite_options() if scheme == "sqlite" else _postgresql_options())


def secret_key(folder: Path) -> str:
    """Give COMMUNS_SECRET_KEY, or one made once and kept in the data folder."""
    given = os.environ.get("COMMUNS_SECRET_KEY")
    if given:
        return given
    file = folder / "secret-key"
    if not file.exists():
        descriptor, fresh = tempfile.mkstemp(dir=folder)
        with os.fdopen(descriptor, "w") as new:
            new.write(os.urandom(48).hex())
        with contextlib.suppress(FileExistsError):  # another process was first: its key stays
            os.link(fresh, file)
        Path(fresh).unlink()
    return file.read_text()


def tiles() -> str:
    """Give COMMUNS_TILES: where the moving map finds a base layer, nothing unless said."""
    url = os.environ.get("COMMUNS_TILES", "")
    whole = url.endswith(".pmtiles") or all(part in url for part in ("{z}", "{x}", "{y}"))
    if url and not (url.startswith(("/", "https://")) and whole):
        message = (
            "COMMUNS_TILES: write https://…/{z}/{x}/{y}.png or an address that ends in .pmtiles."
        )
        raise ImproperlyConfigured(message)
    return url


def address(variable: str) -> str:
    """Give the address of another server, nothing unless said."""
    url = os.environ.get(variable, "")
    if url and not (url.startswith(("https://", "http://")) and urlsplit(url).netloc):
        message = f"{variable}: “{url[:80]}” is not an address; write https://…."
        raise ImproperlyConfigured(message)
    return url


def origins(url: str) -> list[str]:
    """Give what the content security policy must let through for this address."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def names(variable: str, default: list[str]) -> list[str]:
    """Give a comma-separated list of names."""
    return env.list(variable, default=default)


def switch(variable: str, *, default: bool) -> bool:
    """Give a yes or no."""
    try:
        return env.bool(variable, default=default)
    except EnvError as error:
        message = f"{variable}: write true or false."
        raise ImproperlyConfigured(message) from error


def _sqlite_options() -> dict[str, object]:
    return {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
            ),
        },
    }


def _postgresql_options() -> dict[str, object]:
    return {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
