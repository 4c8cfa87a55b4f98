"""The process of looks: bounded, forked for each, started again when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import psutil
import pytest

import communs
from communs.core.files.engine import worker as bounded
from communs.core.files.engine.verdict import MEGA
from communs.core.files.sandbox import worker
from tests.core.files import samples

ASKED = {"claimed": "png", "kinds": ["png"], "pixels": 50_000_000, "side": 3840}


def ask(content: bytes, **more: object) -> dict[str, object]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(content)
        source.flush()
        return worker.ask(ASKED | more, source, target)


def test_one_process_serves_every_look() -> None:
    pids = set()
    for _ in range(3):
        assert ask(samples.image("PNG"))["kind"] == "png"
        pids.add(worker.pid)
    assert len(pids) == 1


def test_it_is_started_again_when_it_died() -> None:
    ask(samples.image("PNG"))
    died = worker.pid
    os.kill(died, signal.SIGKILL)
    psutil.Process(died).wait(5)
    assert ask(samples.image("PNG"))["kind"] == "png"
    assert worker.pid != died


def test_looks_at_the_same_time_do_not_mix() -> None:
    found: dict[int, object] = {}

    def look(width: int) -> None:
        found[width] = ask(samples.image("PNG", (width, 10)))["width"]

    threads = [threading.Thread(target=look, args=(10 + n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {10 + n: 10 + n for n in range(12)}


def test_looks_leave_no_process_and_no_descriptor_behind() -> None:
    ask(samples.image("PNG"))
    ours, theirs = psutil.Process(), psutil.Process(worker.pid)
    before = (ours.num_fds(), theirs.num_fds())
    for _ in range(10):
        ask(samples.image("PNG"))
        ask(b"")
    assert (ours.num_fds(), theirs.num_fds()) == before
    assert [child.status() for child in theirs.children()] == []


@pytest.mark.parametrize(
    ("seconds", "deed", "ended_by"),
    [
        ((1, 30), "while True: pass", {signal.SIGXCPU, signal.SIGKILL}),
        ((8, 1), "import time; time.sleep(60)", {signal.SIGALRM}),
        ((8, 9), "bytearray(600 * 1024 * 1024)", {0}),
        ((8, 9), "open('/dev/null'); [open('/dev/null') for _ in range(99)]", {0}),
    ],
)
def test_the_kernel_enforces_the_bounds(
    seconds: tuple[int, int], deed: str, ended_by: set[int]
) -> None:
    """With fewer seconds of processor or of clock, so that the test is short."""
    source = f"""
        from communs.core.files.engine import worker
        worker.CPU_SECONDS, worker.WALL_SECONDS = {seconds}
        worker.bound()
        try:
            {deed}
        except (MemoryError, OSError):
            print("stopped")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        env={"PYTHONPATH": str(Path(communs.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert -done.returncode in ended_by
    assert (done.stdout == "stopped\n") == (ended_by == {0})


def test_the_bounds_are_those_that_are_promised() -> None:
    assert bounded.MEMORY <= 512 * MEGA
    assert bounded.CPU_SECONDS < bounded.WALL_SECONDS < 10


def test_a_look_that_is_stopped_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its child killed by the kernel says nothing: the file is called too heavy."""
    ask(samples.image("PNG"))
    forking = psutil.Process(worker.pid)
    told: list[object] = []
    noise = samples.image("PNG", (5000, 5000))
    thread = threading.Thread(target=lambda: told.append(ask(noise)))
    thread.start()
    while not (children := forking.children()):
        assert thread.is_alive()
    children[0].kill()
    thread.join()
    assert told == [{"unfit": "too_heavy"}]
