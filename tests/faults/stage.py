"""A process of actors over a database of its own, read line by line."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
_START = "from tests.faults import actor; actor.main()"


class Stage:
    """Gives orders to actors, kills them, and keeps what they acknowledged."""

    def __init__(self, folder: Path, *, before: Sequence[str] = (), **env: str) -> None:
        self.acked: list[int] = []
        self.refused: list[int] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", _START],
            cwd=ROOT,
            env=_environment(folder) | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def order(self, *words: object) -> int:
        """Give an order; give the key of the process that does it."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return int(self._wait("pid"))

    def done(self, *words: object) -> None:
        """Give an order and wait for its process to end."""
        key = self.order(*words)
        limit = time.monotonic() + PATIENCE
        while _lives(key):
            assert time.monotonic() < limit, f"{words} does not end"
            time.sleep(0.02)
        self.hear()

    def kill(self, key: int) -> None:
        """End a process at once, and hear its last words."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(key, signal.SIGKILL)
        while _lives(key):
            time.sleep(0.005)
        self.hear()

    def hear(self) -> None:
        """Keep what was said so far."""
        time.sleep(0.02)
        with contextlib.suppress(queue.Empty):
            while True:
                self._keep(self._lines.get_nowait())

    def found(self, order: str = "drain") -> dict[str, Any]:
        """Have everything left done, and give what there is."""
        self.order(order)
        return json.loads(self._wait("found", patience=10 * PATIENCE))

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self) -> None:
        with contextlib.suppress(ValueError):
            for line in self.process.stdout:
                self._lines.put(line.rstrip("\n"))

    def _wait(self, word: str, patience: float = PATIENCE) -> str:
        limit = time.monotonic() + patience
        while True:
            line = self._lines.get(timeout=max(0.1, limit - time.monotonic()))
            if line.startswith(f"{word} "):
                return line[len(word) + 1 :]
            self._keep(line)

    def _keep(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "ack":
            self.acked.append(int(rest))
        elif word == "refused":
            self.refused.append(int(rest.split()[0]))
        assert word != "failed", line


def check(stage: Stage) -> dict[str, Any]:
    """Demand that nothing acknowledged is lost, nothing twice, nothing half; give what there is."""
    found = stage.found()
    events = found["events"]
    troubles = {
        "lost": sorted(set(stage.acked) - set(events)),
        "twice": sorted({one for one in events if events.count(one) > 1}),
        "half-written": sorted(set(found["rows"]) ^ set(events)),
        "not delivered once each": sorted(set(found["heard"]) ^ set(events)),
        "not done": sorted(set(events) - set(found["done"])),
        **{name: found[name] for name in ("left", "undelivered", "wrong")},
    }
    real = {name: what for name, what in troubles.items() if what}
    assert real == {}, real
    return found


def _lives(key: int) -> bool:
    try:
        os.kill(key, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{key}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def _environment(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNS_")}
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        # The tests' own cluster commits without waiting for its log: here acknowledged is kept.
        own["DATABASE_URL"] = f"{url}?options={quote('-c synchronous_commit=on')}"
    return own | {"COMMUNS_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
