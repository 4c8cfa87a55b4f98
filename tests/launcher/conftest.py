"""A copy of the checkout in an awkward place, and starts of Communs from it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.launcher.starting import Start, copy_checkout, free_port


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy whose path has a space and an accent."""
    return copy_checkout(tmp_path_factory.mktemp("launcher") / "dossier d’été")


@pytest.fixture
def start() -> Iterator[Callable[..., Start]]:
    """Start Communs; what a failing test leaves running is ended."""
    starts: list[Start] = []

    def begin(*command: str, cwd: Path, port: int | None = None) -> Start:
        starts.append(Start([*command], cwd=cwd, port=port or free_port()))
        return starts[-1]

    yield begin
    for one in starts:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()
        one.process.stdout.close()
