"""Settings read from the environment, each with an error that names it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

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


def database(folder: Path) -> dict[str, Any]:
    """Give DATABASE_URL as Django wants it; without one, SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'communs.sqlite3'}"
    return database_at(url, name="DATABASE_URL")


def database_at(url: str, *, name: str) -> dict[str, Any]:
    """Give the database at an address, as Django wants it; `name` is the variable's."""
    scheme = url.partition(":")[0]
    if scheme not in _ENGINES:
        message = (
            f"{name}: “{scheme[:40]}” is not served; write"
            " postgres://user:password@host:port/name or sqlite:///path."
        )
        raise ImproperlyConfigured(message)
    try:
        config = dict(dj_database_url.parse(url, engine=_ENGINES[scheme]))
        if scheme != "sqlite":
            _ = urlsplit(url).port
    except ValueError as error:
        message = f"{name} cannot be read: {error}."
        raise ImproperlyConfigured(message) from error
    if not config["NAME"]:
        message = f"{name} names no database: postgres://user@host/NAME."
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


_KINDS = ("openid", "proconnect", "franceconnect")
_PROVIDER = {"key", "label", "kind", "issuer", "client_id", "client_secret"}
_MORE = {"communities", "trusted"}
_SLUG = re.compile(r"[a-z0-9-]{2,40}")


def identity_providers() -> list[dict[str, Any]]:
    """Give COMMUNS_OIDC: a JSON list of the OpenID Connect providers that people sign in with."""
    text = os.environ.get("COMMUNS_OIDC") or "[]"
    try:
        found = json.loads(text)
    except ValueError as error:
        message = f"COMMUNS_OIDC is not JSON: {error}."
        raise ImproperlyConfigured(message) from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        message = 'COMMUNS_OIDC: write a list of objects: [{"key": "…", …}].'
        raise ImproperlyConfigured(message)
    keys = [one.get("key") for one in found]
    problems = [problem for one in found for problem in _faults(one)]
    problems += [f"key {key} stands twice" for key in {k for k in keys if keys.count(k) > 1}]
    if problems:
        message = f"COMMUNS_OIDC: {'; '.join(problems)}."
        raise ImproperlyConfigured(message)
    return found


def _faults(one: dict[str, Any]) -> Iterator[str]:
    key = one.get("key")
    name = key if isinstance(key, str) else "a provider"
    if missing := sorted(_PROVIDER - set(one)):
        yield f"{name} lacks {', '.join(missing)}"
    if unknown := sorted(set(one) - _PROVIDER - _MORE):
        yield f"{name} has {', '.join(unknown)}, which nothing reads"
    if not all(isinstance(one.get(field, ""), str) for field in _PROVIDER):
        yield f"{name} has a value that is not text"
        return
    if key is not None and (not _SLUG.fullmatch(key) or key == "inscription"):
        yield f"key “{key}” must be small letters, digits and hyphens, and not “inscription”"
    if one.get("kind", _KINDS[0]) not in _KINDS:
        yield f"{name}: kind is one of {', '.join(_KINDS)}"
    if not _is_safe(one.get("issuer", "https://")):
        yield f"{name}: issuer begins with https://"
    yield from _faults_of_the_rest(name, one)


def _faults_of_the_rest(name: str, one: dict[str, Any]) -> Iterator[str]:
    slugs = one.get("communities", [])
    if not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
        yield f"{name}: communities is a list of slugs"
    if not isinstance(one.get("trusted", False), bool):
        yield f"{name}: trusted is true or false"


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" or (parts.scheme == "http" and loopback)


def issuers(providers: list[dict[str, Any]]) -> list[str]:
    """Give the origins of identity providers, to which a form may lead."""
    return sorted({origin for one in providers for origin in origins(one["issuer"])})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages leave by; without a host they are files of the data folder."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    ssl: bool = False
    tls: bool = False

    @property
    def backend(self) -> str:
        """The name of Django’s sender for it."""
        return f"django.core.mail.backends.{'smtp' if self.host else 'filebased'}.EmailBackend"


_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server() -> MailServer:
    """Give COMMUNS_MAIL_URL: smtp://, smtp+tls:// or smtps://user:password@host:port."""
    url = os.environ.get("COMMUNS_MAIL_URL") or ""
    if not url:
        return MailServer()
    parts = urlsplit(url)
    try:
        port = parts.port or _MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        message = "COMMUNS_MAIL_URL: write smtp://, smtp+tls:// or smtps://user:password@host:port."
        raise ImproperlyConfigured(message) from error
    if not parts.hostname:
        message = "COMMUNS_MAIL_URL names no server: smtp://host."
        raise ImproperlyConfigured(message)
    return MailServer(
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        ssl=parts.scheme == "smtps",
        tls=parts.scheme == "smtp+tls",
    )


def proxies() -> int:
    """Give COMMUNS_PROXIES: how many proxies stand before Communs and add to X-Forwarded-For."""
    text = os.environ.get("COMMUNS_PROXIES") or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 1:
        message = f"COMMUNS_PROXIES: “{text[:40]}” is not a number of proxies (0 to 9)."
        raise ImproperlyConfigured(message)
    return int(text)


def count(variable: str, *, default: int) -> int:
    """Give a whole number above 0."""
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        message = f"{variable}: “{text[:40]}” is not a whole number above 0."
        raise ImproperlyConfigured(message)
    return int(text)


_KEY = re.compile(r"[0-9a-f]{64}")


def trusted_keys() -> dict[str, str]:
    """Give COMMUNS_TRUSTED_KEYS: names of other installations by their public keys."""
    found = {}
    for entry in names("COMMUNS_TRUSTED_KEYS", []):
        name, _equals, key = (part.strip() for part in entry.rpartition("="))
        if not (name and _KEY.fullmatch(key)):
            message = (
                f"COMMUNS_TRUSTED_KEYS: “{entry[:80]}” is not NAME=KEY (64 hexadecimal digits)."
            )
            raise ImproperlyConfigured(message)
        found[key] = name
    return found


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
        # A new connection reads the whole schema: 9 ms of CPU, before the first row. It is made
        # again each minute all the same: no statement left unread may keep what it sees for long.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
            ),
        },
    }


def _postgresql_options() -> dict[str, object]:
    return {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
