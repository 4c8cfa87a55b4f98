"""The process in which files are looked at: it forks once a file, and the child is bounded.

It holds no secret, no database and no connection but one; what a file breaks dies with the child.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
from dataclasses import asdict
from typing import Any

from communs.core.files.engine import codes
from communs.core.files.engine.look import look
from communs.core.files.engine.verdict import MEGA, Unfit

MEMORY = 512 * MEGA  # address space of a child, in bytes
CPU_SECONDS = 8
WALL_SECONDS = 9
_LARGEST_WRITE = 512 * MEGA
_REQUEST = 65_536


def main() -> None:
    """Serve looks asked over the socket on descriptor 0 until the other end closes."""
    line = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when looks end
    while True:
        message, descriptors, _flags, _address = socket.recv_fds(line, _REQUEST, 3)
        if not message:
            return
        if os.fork() == 0:
            line.close()
            _child(json.loads(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def bound() -> None:
    """Set what the kernel enforces on this process whatever its code does."""
    for name, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, _LARGEST_WRITE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(name, (most, most))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_SECONDS)


def _child(asked: dict[str, Any], source: int, target: int, answer: int) -> None:
    """Look, answer, and end without going through the parent's exits."""
    try:
        bound()
        told = json.dumps(_told(asked, source, target)).encode()
        os.write(answer, told)
    finally:
        os._exit(0)


def _told(asked: dict[str, Any], source: int, target: int) -> dict[str, Any]:
    try:
        with open(source, "rb") as given, open(target, "wb") as kept:
            found = (
                codes.read(given, asked) if "first" in asked else asdict(look(given, kept, asked))
            )
    except Unfit as unfit:
        found = {"unfit": unfit.reason}
    except MemoryError:
        found = {"unfit": "too_heavy"}
    except Exception as error:  # noqa: BLE001 -- a decoder may raise anything; the file is refused
        found = {"unfit": "damaged", "because": f"{type(error).__name__}: {error}"[:200]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found | {"peak": peak}


if __name__ == "__main__":
    main()
