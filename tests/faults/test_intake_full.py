"""A full disk: what is not kept is not acknowledged, and once there is room all is kept once."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.publish import multiple

from tests.core.sensing import mosquitto
from tests.faults.actor import SENSORS
from tests.faults.test_faults import ON_POSTGRESQL, Begin, begin
from tests.faults.test_intake import TOPIC, newest, wait_for

__all__ = ["begin"]
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(ON_POSTGRESQL, reason="the server's own disk is its own business"),
]
BATCH = 500  # readings in a body
PATIENCE = 60.0


@dataclass
class Disk:
    """A small disk that is filled and emptied at will."""

    folder: Path

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave no room; whatever is there already stays."""
        with self._filler.open("ab", buffering=0) as target:
            for size in (65_536, 4_096, 1):
                try:
                    while True:
                        target.write(b"x" * size)
                except OSError:
                    pass

    def free(self) -> int:
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize

    def empty(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("this account may not mount a small disk")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def readings(first: int, count: int) -> list[dict[str, Any]]:
    """What sensors say one after the other, numbered; each changes at each turn."""
    now = round(time.time() * 1000)
    return [
        {
            "device": f"s{number % SENSORS}",
            "sequence": number,
            "time": now,
            "presence": number // SENSORS % 2 == 0,
        }
        for number in range(first, first + count)
    ]


def publish(port: int, messages: list[dict[str, Any]]) -> None:
    """Hand messages to the broker, which has them when this returns."""
    told = [(TOPIC, json.dumps(one), 1, False) for one in messages]
    multiple(told, hostname="127.0.0.1", port=port)


def test_a_broker_s_messages_wait_for_room(begin: Begin, disk: Disk, tmp_path: Path) -> None:
    stage, before, during = begin(folder=disk.folder), 200, 6_000
    stage.done("prepare")
    stage.done("sense")
    with mosquitto.running(tmp_path / "broker") as port:
        listener = stage.order("listen", port)
        time.sleep(2)  # it has subscribed: from now on its broker keeps what it does not hear
        publish(port, readings(0, before))
        assert wait_for(stage, before)["kept"] == list(range(before))
        disk.fill()
        publish(port, readings(before, during))
        time.sleep(5)  # several tries
        full = stage.found("sensed")
        os.kill(listener, 0)  # the same process goes on
        disk.empty()
        began = time.monotonic()
        found = wait_for(stage, before + during)
        waited = time.monotonic() - began
        os.kill(listener, 0)
        time.sleep(1)  # nothing more comes: all of it was acknowledged
        assert stage.found("sensed") == found
        stage.kill(listener)
        again = stage.order("listen", port)
        time.sleep(2)
        assert stage.found("sensed") == found
        stage.kill(again)
    print(
        f"\nfull disk, MQTT: {len(full['kept']) - before} of {during} kept while it was full,"
        f" all {waited:.1f} s after there was room, lost 0, twice 0"
    )
    assert before <= len(full["kept"]) < before + during
    assert found["kept"] == list(range(before + during))
    assert found["ends"] == {"kept": before + during}
    assert found["newest"] == newest(before + during)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def send(port: int, secret: str, body: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Send a body to the source; give the status, some headers and what is told."""
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    line.request("POST", "/antony/api/capteurs/rue", body, headers)
    answer = line.getresponse()
    told = json.loads(answer.read())
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, told


def first_answer(port: int, secret: str, body: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Send a body until somebody listens."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return send(port, secret, body)
        except (OSError, HTTPException):
            assert time.monotonic() < until
            time.sleep(0.2)


@pytest.mark.parametrize("way", ["serve_pages", "serve_live"])
def test_who_sends_by_http_is_asked_to_come_again(begin: Begin, disk: Disk, way: str) -> None:
    stage, port = begin(folder=disk.folder), free_port()
    stage.done("prepare")
    secret = stage.found("network")
    server = stage.order(way, port)
    one = {"kept": BATCH, "doubled": 0, "late": 0, "refused": {}}
    status, _headers, told = first_answer(port, secret, json.dumps(readings(0, BATCH)))
    assert (status, told) == (200, one)
    disk.fill()
    said, status, headers = BATCH, 200, {}
    while status == 200:  # what the files have room for is kept as ever
        body = json.dumps(readings(said, BATCH))
        status, headers, told = send(port, secret, body)
        said += BATCH
    assert (status, headers["retry-after"], told["status"]) == (503, "5", 503)
    assert headers["content-type"] == "application/problem+json"
    assert send(port, secret, body)[0] == 503
    disk.empty()
    assert send(port, secret, body)[::2] == (200, one)
    again = send(port, secret, body)[2]
    assert (again["kept"], again["doubled"], again["refused"]) == (0, BATCH, {})
    os.kill(server, 0)
    stage.kill(server)
    found = stage.found("networked")
    print(f"\nfull disk, {way}: {said} readings acknowledged, 2 times 503, lost 0, twice 0")
    assert found["kept"] == list(range(said))
    assert (found["ends"]["kept"], found["ends"]["doubled"]) == (said, BATCH)
    assert found["newest"] == newest(said)
