"""What several tests of delivery bays stand on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.delivery.machines import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    machine = Shop(tmp_path)
    thread = threading.Thread(target=machine.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield machine
    machine.shutdown()
    machine.server_close()
    thread.join()
