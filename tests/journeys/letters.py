"""What the server of a journey has sent by e-mail."""

from __future__ import annotations

import email
import re
import time
from email import policy
from pathlib import Path

import pytest

from tests.journeys.server import Server


def letters(folder: Path, to: str) -> list[str]:
    """Give the texts of the messages sent to an address, oldest first."""
    found = []
    for file in sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime_ns):
        for one in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            message = email.message_from_bytes(one, policy=policy.default)
            if to in str(message["To"]):
                found.append(message.get_body().get_content())  # type: ignore[union-attr]
    return found


def wait_for_letter(server: Server, to: str, sign: str) -> str:
    """Give the latest letter to an address that holds a sign, as soon as the worker has sent it."""
    for _try in range(100):
        told = [text for text in letters(server.mail, to) if re.search(sign, text)]
        if told:
            return told[-1]
        time.sleep(0.2)
    pytest.fail(f"no letter with {sign}")
