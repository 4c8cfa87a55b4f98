"""Whatever breaks, what was acknowledged stays, once and whole.

`COMMUNS_FAULTS=200` sets how many times processes are killed; a dozen unless said.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.faults.stage import ROOT, Stage, check
from tests.snapshots import copied

pytestmark = pytest.mark.faults
ROUNDS = int(os.environ.get("COMMUNS_FAULTS", "12"))
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
Begin = Callable[..., Stage]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Open stages over one database, made new."""
    stages: list[Stage] = []

    def opened(*, before: tuple[str, ...] = (), folder: Path = tmp_path, **env: str) -> Stage:
        if not ON_POSTGRESQL and not list(folder.iterdir()):
            copied("faults", _make_tables, folder)
        stages.append(Stage(folder, before=before, **env))
        return stages[-1]

    if ON_POSTGRESQL:
        _new_database()
    yield opened
    for stage in stages:
        stage.close()


def _make_tables(folder: Path) -> None:
    words = [sys.executable, "-m", "communs.project.cli", "migrate", "-v", "0"]
    variables = os.environ | {"COMMUNS_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(words, cwd=ROOT, env=variables, check=True)


def _new_database() -> None:
    """Copy a database whose tables were made once: making them takes longer than most tests."""
    with psycopg.connect(_superuser_url("postgres"), autocommit=True) as cluster:
        if not cluster.execute("SELECT 1 FROM pg_database WHERE datname = 'made'").fetchone():
            with tempfile.TemporaryDirectory() as folder:
                _make_tables(Path(folder))
            cluster.execute("ALTER DATABASE communs RENAME TO made")
        cluster.execute("DROP DATABASE IF EXISTS communs WITH (FORCE)")
        cluster.execute("CREATE DATABASE communs TEMPLATE made OWNER communs_owner")


def _superuser_url(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return f"postgresql://postgres@{parts.hostname}:{parts.port}/{name}"


def test_killed_actors_and_workers_lose_nothing(begin: Begin) -> None:
    stage = begin()
    stage.done("prepare")
    chance = random.Random(ROUNDS)
    worker = stage.order("work")
    for turn in range(ROUNDS):
        actor = stage.order("act", turn * 1000, 1000)
        time.sleep(chance.uniform(0.03, 0.25))
        if turn % 2:
            stage.kill(worker)
            worker = stage.order("work")
        stage.kill(actor)
    stage.kill(worker)
    found = check(stage)
    print(f"\n{ROUNDS} actors and {ROUNDS // 2} workers killed, {len(stage.acked)} acknowledged")
    assert len(stage.acked) >= ROUNDS
    assert len(found["events"]) - len(stage.acked) <= ROUNDS


@pytest.mark.skipif(ON_POSTGRESQL, reason="the server's own disk is its own business")
@pytest.mark.parametrize("first", [1, 2, 3, 5, 8, 13])
def test_a_disk_that_fails_is_told_and_loses_nothing(begin: Begin, first: int) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    begin().done("prepare")
    broken = begin(
        before=(
            *("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"),
            *("-e", f"inject=fsync,fdatasync:error=EIO:when={first}+3"),
        )
    )
    broken.done("act", 0, 20)
    assert broken.refused, "no fault was met"
    whole = begin()
    whole.acked = broken.acked
    check(whole)


@pytest.mark.skipif(ON_POSTGRESQL, reason="the server's own disk is its own business")
def test_a_full_disk_refuses_and_works_again_once_there_is_room(
    begin: Begin, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    try:
        stage = begin(folder=folder)
        stage.done("prepare")
        filler = folder / "filler"
        _fill(filler)
        stage.done("act", 0, 60)
        assert stage.refused, "the disk was not full"
        filler.unlink()
        kept = len(stage.acked)
        stage.done("act", 1000, 40)
        assert len(stage.acked) == kept + 40
        check(stage)
        stage.close()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(file: Path) -> None:
    with file.open("wb") as target:
        try:
            while True:
                target.write(b"x" * 65_536)
                target.flush()
        except OSError:
            pass


@pytest.mark.skipif(not ON_POSTGRESQL, reason="it is PostgreSQL that is killed")
def test_a_killed_postgresql_loses_nothing_that_it_acknowledged(begin: Begin) -> None:
    stage = begin()
    stage.done("prepare")
    worker = stage.order("work")
    actor = stage.order("act", 0, 100_000)
    for _turn in range(3):
        time.sleep(1.0)
        _crash_and_restart()
    time.sleep(1.0)
    stage.kill(actor)
    stage.kill(worker)
    check(stage)
    print(f"\n3 crashes, {len(stage.acked)} acknowledged, {len(stage.refused)} refused")
    assert stage.refused
    assert len(stage.acked) > 100


def _crash_and_restart() -> None:
    with psycopg.connect(_superuser_url("postgres")) as database:
        (data,) = database.execute("SHOW data_directory").fetchone()
        (version,) = database.execute("SHOW server_version").fetchone()
    control = Path(f"/usr/lib/postgresql/{version.split('.')[0]}/bin/pg_ctl")
    options = Path(data, "postmaster.opts").read_text().split(maxsplit=3)[3].replace('"', "")
    as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    stop = [*as_owner, str(control), "-D", data, "-m", "immediate", "-w", "stop"]
    subprocess.run(stop, check=True, capture_output=True, cwd="/")
    start = [*as_owner, str(control), "-D", data, "-w", "-l", f"{data}/../server.log"]
    # Not captured: the server that stays would hold the pipe open for ever.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*start, "-o", options, "start"], check=True, cwd="/", **quiet)


@pytest.mark.parametrize(
    "clock", ["-3653d", "+3653d", "@2026-03-29 01:59:57", "@2026-10-25 02:59:57"]
)
def test_a_clock_that_jumps_loses_and_repeats_nothing(begin: Begin, clock: str) -> None:
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed")
    stage = begin()
    stage.done("prepare")
    stage.done("act", 0, 5)
    elsewhere = begin(before=("faketime", "-f", clock), TZ="Europe/Paris")
    worker = elsewhere.order("work")
    elsewhere.done("act", 100, 5)
    time.sleep(6 if clock.startswith("@") else 1)
    elsewhere.kill(worker)
    elsewhere.close()
    stage.done("act", 200, 5)
    stage.acked += elsewhere.acked
    assert len(stage.acked) == 15
    check(stage)
