"""Copies of the checkout, and runs of the launcher in them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NBSP = "\N{NO-BREAK SPACE}"
READY = f"Communs est prêt{NBSP}: "
UNWELL = "Communs est ouvert à "
FOREIGN = ("COMMUNS_", "DJANGO_", "PYTEST_", "PYTHON", "LC_", "DATABASE_URL", "LANGUAGE")


def environment(**extra: str) -> dict[str, str]:
    """Give this process's environment without what would steer Communs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return own | {"LANG": "C.UTF-8"} | extra


def copy_checkout(to: Path) -> Path:
    """Copy what git knows or would take, as a fresh clone of today's files would be."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        source = ROOT / name
        if source.is_file():
            target = to / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return to


def free_port() -> int:
    """Find a port nobody has now, nor the next one, where the live process listens."""
    while True:
        with socket.socket() as pages, socket.socket() as live:
            pages.bind(("127.0.0.1", 0))
            port: int = pages.getsockname()[1]
            try:
                live.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


class Start:
    """One `./launch run`, read line by line."""

    def __init__(self, command: list[str], *, cwd: Path, port: int) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(COMMUNS_PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def until_ready(self) -> str:
        """Read up to the sentence that gives the address, and give that address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith(READY):
                self.seconds = time.monotonic() - self.began
                return line.removeprefix(READY).split(" ")[0]
        pytest.fail("never ready:\n" + "\n".join(self.lines))

    def stop(self, number: signal.Signals, *, whole_group: bool = False) -> int:
        """Send a signal, to the whole group as a terminal does for Ctrl+C; give the exit code."""
        (os.killpg if whole_group else os.kill)(self.process.pid, number)
        return self.process.wait(timeout=30)


def launch(folder: Path, *words: str, python: str = sys.executable, **extra: str) -> list[str]:
    """Run the launcher to its end; give its exit code and the lines that it wrote."""
    done = subprocess.run(
        [python, str(folder / "launch"), *words],
        cwd="/",
        env=environment(**extra),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return [str(done.returncode), *(done.stdout + done.stderr).splitlines()]
