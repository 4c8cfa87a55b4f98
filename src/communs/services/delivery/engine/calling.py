"""Calling somebody else's address: by HTTPS alone, and never a machine of a private network.

Signed as Standard Webhooks 1.0 has it. Every address that a name leads to is looked at, and the
one that was looked at is the one that is called: a name that changes its mind changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

UNREADABLE, INSECURE, PORT, PRIVATE = "unreadable", "insecure", "port", "private"
UNKNOWN, UNREACHABLE, UNTRUSTED, SLOW = "unknown", "unreachable", "untrusted", "slow"
MOVED, GONE, REFUSED = "moved", "gone", "refused"

_PREFIX = "whsec_"
_SECRET_BYTES = 32
_HTTPS = 443
_OK, _ELSEWHERE, _BAD, _GONE = 200, 300, 400, 410
_NAT64 = ip_network("64:ff9b::/96")  # an IPv4 address, maybe a private one, behind a gateway
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: its status if there was one, and "" or what went wrong."""

    status: int | None
    reason: str


class _Unfit(Exception):
    """An address that is not called; the reason is its word."""


def new_secret() -> str:
    """Draw a secret, as Standard Webhooks writes it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, key: str, stamp: int, body: bytes) -> str:
    """Sign a call: its number, the second at which it is made, and its body."""
    known = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{key}.{stamp}.".encode() + body
    digest = hmac.new(known, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def unfit(url: str) -> str:
    """Tell why an address may not be called, as far as it says itself; "" if it may."""
    try:
        host = _parts(url, frozenset({_HTTPS})).hostname or ""
        is_literal = host.replace(".", "").isdigit() or ":" in host
        return PRIVATE if is_literal and not public(host) else ""
    except _Unfit as reason:
        return str(reason)


def host_of(url: str) -> str:
    """Give the name of the machine of an address that may be called."""
    return urlsplit(url).hostname or ""


def public(address: str) -> bool:
    """Tell whether an IP address is one of the public network, and leads to no other."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not found.is_multicast
    if found.ipv4_mapped is not None or found.sixtofour is not None or found.teredo is not None:
        return False
    return found.is_global and not found.is_multicast and found not in _NAT64


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_kind, address in found))


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes calls; what it trusts can be replaced, so that a test has an address of its own."""

    resolve: Callable[[str, int], list[str]] = _resolved
    allows: Callable[[str], bool] = public
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    ports: frozenset[int] = frozenset({_HTTPS})
    patience: float = 10.0  # seconds for one step
    longest: float = 20.0  # seconds for all of it

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body and give what came of it; nothing of the answer is read but its status."""
        try:
            return _judged(self._send(url, body, headers))
        except _Unfit as reason:
            return Answer(None, str(reason))
        except socket.gaierror:
            return Answer(None, UNKNOWN)
        except ssl.SSLError:
            return Answer(None, UNTRUSTED)
        except TimeoutError:
            return Answer(None, SLOW)
        except (OSError, http.client.HTTPException):
            return Answer(None, UNREACHABLE)

    def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = _parts(url, self.ports)
        host, port = parts.hostname or "", parts.port or _HTTPS
        found = self.resolve(host, port)
        if not found or not all(map(self.allows, found)):
            raise _Unfit(PRIVATE)
        line = _Line(host, port, found[0], self.context(), self.patience)
        ending = threading.Timer(self.longest, line.cut)
        ending.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("POST", path, body, dict(headers))
            return line.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise TimeoutError if line.was_cut else error from error
        finally:
            ending.cancel()
            line.close()


class _Line(http.client.HTTPSConnection):
    """A connection to the very address that was looked at, under the name that was given."""

    def __init__(
        self, host: str, port: int, address: str, context: ssl.SSLContext, patience: float
    ) -> None:
        super().__init__(host, port, timeout=patience, context=context)
        self.was_cut = False
        self._address, self._trust, self._patience = address, context, patience

    def connect(self) -> None:
        """Reach the address, and have it prove its name."""
        raw = socket.create_connection((self._address, self.port), self._patience)
        try:
            self.sock = self._trust.wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise

    def cut(self) -> None:
        """End a call that goes on and on."""
        self.was_cut = True
        held = self.sock
        if held is not None:
            try:
                socket.socket.shutdown(held, socket.SHUT_RDWR)
            except OSError:
                return


def _parts(url: str, ports: frozenset[int]) -> SplitResult:
    """Read an address, or say why it is none that is called."""
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("ascii")
        url.encode("ascii")
    except (ValueError, UnicodeError):
        raise _Unfit(UNREADABLE) from None
    if parts.scheme != "https":
        raise _Unfit(INSECURE)
    unclear = parts.username or parts.password or parts.fragment or not url.isprintable()
    if unclear or " " in url or not parts.hostname or len(parts.hostname) > _LONGEST_NAME:
        raise _Unfit(UNREADABLE)
    if (port or _HTTPS) not in ports:
        raise _Unfit(PORT)
    return parts


def _judged(status: int) -> Answer:
    if _OK <= status < _ELSEWHERE:
        return Answer(status, "")
    if status == _GONE:
        return Answer(status, GONE)
    return Answer(status, MOVED if _ELSEWHERE <= status < _BAD else REFUSED)
