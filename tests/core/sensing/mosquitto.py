"""A real broker on loopback, started for a test; what cannot run is said loudly."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATIENCE = 10.0


def binary() -> str:
    """Give where mosquitto is; without it, the test is skipped with the way to have it."""
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip("MOSQUITTO IS NOT HERE: apt-get install mosquitto, to test MQTT for real")
    return found


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[int]:
    """Run a broker that keeps its sessions in a folder; gives its port."""
    port = port or _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
        f"persistence_location {folder}/\nautosave_interval 1\nmax_queued_messages 0\n"
        "max_inflight_messages 2000\nuser root\n"
    )
    broker = subprocess.Popen(
        [binary(), "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield port
    finally:
        broker.terminate()
        broker.wait(_PATIENCE)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = "mosquitto did not start"
    raise TimeoutError(message)
