"""An MQTT broker's address, as settings write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_VERSIONS = {"5": 5, "3": 4, "3.1.1": 4}  # as people say them: as the protocol numbers them


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker, and how this installation presents itself to it."""

    host: str
    port: int
    secure: bool = False
    user: str = ""
    password: str = ""
    version: int = 5
    client: str = "communs"

    @classmethod
    def read(cls, address: str) -> Self:
        """Read `mqtt[s]://user:password@host:port?version=5&client=communs`.

        A ValueError says what is wrong.
        """
        parts = urlsplit(address)
        if parts.scheme not in _PORTS or not parts.hostname:
            message = "Write the broker as mqtt://host or mqtts://user:password@host:port."
            raise ValueError(message)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        version = _VERSIONS.get(asked.get("version", "5"))
        if version is None:
            message = "The broker’s version is 5 or 3.1.1."
            raise ValueError(message)
        return cls(
            parts.hostname,
            parts.port or _PORTS[parts.scheme],
            secure=parts.scheme == "mqtts",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            version=version,
            client=asked.get("client", "communs"),
        )
