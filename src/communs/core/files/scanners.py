"""The antivirus: none unless set, else clamd over its own protocol."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_SECONDS = 30.0


class ScannerUnavailable(RuntimeError):
    """The antivirus cannot say: it is down, too slow, or speaks another language."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the antivirus says: nothing found, or the name of what was."""

    clean: bool
    name: str = ""


class Scanner(Protocol):
    """Whatever looks for malware in bytes."""

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Give the verdict; raises ScannerUnavailable when there is none."""

    def ping(self) -> None:
        """Raise ScannerUnavailable unless it answers."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, at `tcp://host:port` or `unix:///path`."""

    address: str
    seconds: float = _SECONDS

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        return _verdict(self._asked(b"zINSTREAM\0", chunks))

    def ping(self) -> None:
        answer = self._asked(b"zPING\0", ())
        if answer != "PONG":
            raise ScannerUnavailable(f"{self.address}: {answer[:80]!r}")

    def _asked(self, command: bytes, chunks: Iterable[bytes]) -> str:
        try:
            with self._connected() as line:
                line.sendall(command)
                _stream(line, chunks, whole=command.startswith(b"zINSTREAM"))
                return _answer(line)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ScannerUnavailable(f"{self.address}: {why}") from error

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self.seconds)
            try:
                line.connect(parts.path)
            except OSError:
                line.close()
                raise
            return line
        return socket.create_connection((parts.hostname, parts.port), timeout=self.seconds)


def configured() -> Scanner | None:
    """Give the antivirus that COMMUNS_CLAMD names, or None."""
    return Clamd(settings.COMMUNS_CLAMD) if settings.COMMUNS_CLAMD else None


def _stream(line: socket.socket, chunks: Iterable[bytes], *, whole: bool) -> None:
    """Send each piece after its length; a server that found enough may stop listening."""
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), _CHUNK):
                piece = chunk[start : start + _CHUNK]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
        if whole:
            line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    told = b""
    while b"\0" not in told and len(told) < _LONGEST_ANSWER:
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        told += piece
    return told.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Verdict:
    told = answer.removeprefix("stream: ")
    if told == "OK":
        return Verdict(clean=True)
    if told.endswith(" FOUND"):
        return Verdict(clean=False, name=told.removesuffix(" FOUND")[:200])
    if told.startswith("INSTREAM size limit exceeded"):
        return Verdict(clean=False, name="size limit exceeded")
    raise ScannerUnavailable(f"clamd: {told[:80]!r}")
