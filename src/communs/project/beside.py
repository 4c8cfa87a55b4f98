"""The processes that run beside the pages: started with them, started again, stopped with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}  # SIGHUP is the terminal being closed
_FIRST_PAUSE = 1.0  # seconds before a process that ended is started again
_LONGEST_PAUSE = 60.0
_LAST_WORDS = 15.0  # seconds left to a process to end what it does


@contextmanager
def beside(*commands: Sequence[str]) -> Iterator[None]:
    """Run these commands of Communs while the block does; one that dies is started again."""
    over = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(words, over)) for words in commands]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        over.set()
        for keeper in keepers:
            keeper.join()


def _keep(words: Sequence[str], over: threading.Event) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # orders to stop are for the server to hear
    pause = _FIRST_PAUSE
    while not over.is_set():
        child = subprocess.Popen(  # noqa: S603 -- our own command, by our own Python
            [sys.executable, "-m", "communs.project.cli", *words, "--with", str(os.getpid())]
        )
        while child.poll() is None and not over.wait(0.2):
            pass
        if over.is_set():
            _end(child)
        else:
            over.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_LAST_WORDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
