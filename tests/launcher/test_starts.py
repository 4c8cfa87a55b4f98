"""`./launch run` for real: a first start, a second, and what may go wrong around them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.starting import (
    NBSP,
    READY,
    Start,
    copy_checkout,
    environment,
    free_port,
    launch,
)

pytestmark = pytest.mark.launcher

Starter = Callable[..., Start]


def status(url: str) -> int:
    """Give the HTTP status of an address, or 0 if nobody answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def titles(lines: list[str]) -> list[str]:
    """Give the lines without their seconds."""
    return [line.partition("…")[0] for line in lines]


@pytest.fixture(scope="session")
def installed(checkout: Path) -> Path:
    """The copy, opened once from scratch; how it went is asserted here."""
    port = free_port()
    first = Start([str(checkout / "launch"), "run"], cwd=checkout, port=port)
    try:
        address = first.until_ready()
        assert address == f"http://127.0.0.1:{port}/"
        assert status(address + "sante") == 200
        assert status(address) == 200
        assert titles(first.lines) == [
            "1/2 Environnement Python",
            "2/2 Bibliothèques",
            "Base de données",
            "Fichiers statiques",
            "Données de démonstration",
            f"{READY}{address} (Ctrl+C pour arrêter)",
        ]
        assert first.stop(signal.SIGINT, whole_group=True) == 0
        assert first.process.stdout.read() == ""
    finally:
        if first.process.poll() is None:
            os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
        first.process.stdout.close()
    return checkout


def test_a_second_start_sets_nothing_up_and_is_quick(installed: Path, start: Starter):
    second = start(str(installed / "launch"), "run", cwd=installed)
    address = second.until_ready()
    assert titles(second.lines) == [
        "Base de données",
        "Fichiers statiques",
        "Données de démonstration",
        f"{READY}{address} (Ctrl+C pour arrêter)",
    ]
    assert second.seconds < 20  # 2 to 3 s on a quiet machine
    assert second.stop(signal.SIGTERM) == 0
    assert status(address + "sante") == 0


def test_it_starts_from_any_folder_and_without_its_run_bit(
    installed: Path, start: Starter, tmp_path: Path
):
    elsewhere = start(sys.executable, str(installed / "launch"), "run", "--empty", cwd=tmp_path)
    assert status(elsewhere.until_ready() + "sante") == 200
    assert list(tmp_path.iterdir()) == []
    assert elsewhere.stop(signal.SIGINT) == 0


def test_a_taken_port_is_said_and_the_next_free_one_opened(installed: Path, start: Starter):
    with socket.create_server(("127.0.0.1", 0)) as taker:
        taken = taker.getsockname()[1]
        run = start(str(installed / "launch"), "run", cwd=installed, port=taken)
        address = run.until_ready()
        got = int(address.rstrip("/").rpartition(":")[2])
        assert taken < got < taken + 20
        said = f"Le port {taken} est pris{NBSP}: j’ouvre le {got}."
        assert run.lines[-2:] == [said, f"{READY}{address} (Ctrl+C pour arrêter)"]
        assert run.stop(signal.SIGINT, whole_group=True) == 0


def test_a_killed_command_leaves_no_server_behind(installed: Path, start: Starter):
    run = start(str(installed / "launch"), "run", cwd=installed)
    address = run.until_ready()
    assert run.stop(signal.SIGKILL) == -signal.SIGKILL
    limit = time.monotonic() + 60
    while status(address + "sante") and time.monotonic() < limit:
        time.sleep(0.1)
    assert status(address + "sante") == 0


def test_a_set_up_killed_half_way_is_made_anew_by_the_next_one(tmp_path: Path):
    copy = copy_checkout(tmp_path / "copy")
    killed = subprocess.Popen(
        [sys.executable, str(copy / "launch"), "communs", "--help"],
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    limit = time.monotonic() + 60
    while not list(copy.glob(".venv/lib/python3*/site-packages/*")) and time.monotonic() < limit:
        time.sleep(0.005)
    killed.kill()
    assert killed.wait() == -signal.SIGKILL
    assert not (copy / ".venv/communs-set-up.json").exists()
    code, *lines = launch(copy, "communs", "prepare", "--help")
    assert code == "0"
    said = "Une autre préparation est en cours"
    steps = ["1/2 Environnement Python", "2/2 Bibliothèques"]
    assert [title for title in titles(lines[:3]) if not title.startswith(said)][:2] == steps
    assert not (copy / ".venv/communs-set-up.unfinished").exists()


def test_two_set_ups_at_once_take_turns(tmp_path: Path):
    copy = copy_checkout(tmp_path / "copy")
    command = [sys.executable, str(copy / "launch"), "communs", "prepare", "--help"]
    both = [
        subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    waiting = f"Une autre préparation est en cours{NBSP}; j’attends sa fin…"
    assert sorted(text.count(waiting) for text in said) == [0, 1]
    assert sorted(text.count("2/2 Bibliothèques") for text in said) == [0, 1]
