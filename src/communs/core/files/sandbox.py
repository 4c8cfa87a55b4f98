"""Asks the bounded process what a file is: a bomb, or a fault of a decoder, ends there."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

import communs

WAIT_SECONDS = 10.0
AT_ONCE = 2  # looks at the same time in a process of the server; others wait

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from communs.core.files.engine.worker import main; main()"
)
_HOUSE = str(Path(communs.__file__).resolve().parent.parent)


class _Worker:
    """The process that forks for each look; started when first needed, and again if it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._owner = 0

    def ask(self, asked: dict[str, Any], source: BinaryIO, target: BinaryIO) -> dict[str, Any]:
        """Give what the look found; a look that ends without a word was stopped by its bounds."""
        with self._turns:
            reading, writing = os.pipe()
            try:
                self._send(json.dumps(asked).encode(), [source.fileno(), target.fileno(), writing])
            finally:
                os.close(writing)
            with open(reading, "rb", buffering=0) as answer:  # noqa: PTH123 -- a descriptor
                return _read(answer)

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        with self._lock:
            for last_try in (False, True):
                line = self._connected()
                try:
                    socket.send_fds(line, [message], descriptors)
                except OSError:
                    self.stop()
                    if last_try:
                        raise
                else:
                    return

    def _connected(self) -> socket.socket:
        if self._line is None or self._owner != os.getpid():
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and code
                    [sys.executable, "-I", "-c", _START, _HOUSE],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={"PATH": os.environ.get("PATH", ""), "MALLOC_ARENA_MAX": "1"},
                )
            self._line, self._owner = ours, os.getpid()
        return self._line

    def stop(self) -> None:
        """End the process; the next look starts another."""
        line, process = self._line, self._process
        self._line = self._process = None
        if line is None or self._owner != os.getpid():
            return
        line.close()
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            process.kill()
            process.wait()

    @property
    def pid(self) -> int | None:
        """The process that forks, to be watched by tests and benchmarks."""
        return self._process.pid if self._process else None


def _read(answer: Any) -> dict[str, Any]:
    told = b""
    while select.select([answer], [], [], WAIT_SECONDS)[0]:
        piece = answer.read(65_536)
        if not piece:
            break
        told += piece
    return json.loads(told) if told else {"unfit": "too_heavy"}


worker = _Worker()
atexit.register(worker.stop)
