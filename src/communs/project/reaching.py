"""Settings of how people are reached: our own address, text messages, the live process."""

from __future__ import annotations

import os
import re

from django.core.exceptions import ImproperlyConfigured

from communs.core.sensing.engine.brokers import Broker
from communs.project import env

_PORT = re.compile(r":(\d{1,5})")


def own_address(port: int) -> str:
    """Give COMMUNS_URL, the address that letters lead to; this machine's unless said."""
    return env.address("COMMUNS_URL") or f"http://localhost:{port}"


def live() -> str:
    """Give COMMUNS_LIVE, where pages hear what is new; without it they ask from time to time.

    A path, which a proxy leads to `communs live`; or `:8001`, another port of the same host.
    """
    place = os.environ.get("COMMUNS_LIVE", "")
    if place and not (_PORT.fullmatch(place) or re.fullmatch(r"/[\w/-]*/", place)):
        message = (
            f"COMMUNS_LIVE: “{place[:40]}” is neither a path such as /live/ nor a port as :8001."
        )
        raise ImproperlyConfigured(message)
    return place


def live_port(port: int) -> int:
    """Give COMMUNS_LIVE_PORT, where `communs live` listens: the port after the pages'."""
    text = os.environ.get("COMMUNS_LIVE_PORT") or str(min(port + 1, 65535))
    if not text.isascii() or not text.isdigit() or int(text[:6]) not in range(1, 65536):
        message = f"COMMUNS_LIVE_PORT: “{text[:40]}” is not a port number (1 to 65535)."
        raise ImproperlyConfigured(message)
    return int(text)


def broker() -> str:
    """Give COMMUNS_MQTT, the broker on which sensors speak; nothing unless said."""
    address = os.environ.get("COMMUNS_MQTT", "")
    if address:
        try:
            Broker.read(address)
        except ValueError as error:
            message = f"COMMUNS_MQTT: {error}"
            raise ImproperlyConfigured(message) from error
    return address


def live_origins(place: str, hosts: list[str]) -> list[str]:
    """Give what the content policy lets pages connect to, when live is on another port."""
    found = _PORT.fullmatch(place)
    if not found:
        return []
    names = [f"*{host}" if host.startswith(".") else host for host in hosts]
    return [f"http://{name}{place}" for name in names if not name.startswith("[") and name != "*"]
