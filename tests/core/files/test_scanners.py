"""The antivirus over its own protocol, well and unwell."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django import Settings

from communs.core.communities.models import Community
from communs.core.files import actions, queries, upkeep
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.files.scanners import Clamd, ScannerUnavailable, Verdict
from tests.core.files.conftest import AT
from tests.core.files.corpus import EICAR

LARGEST = 1_000_000


def received(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = line.recv(count - len(data))
        if not piece:
            return data
        data += piece
    return data


def clamd(line: socket.socket) -> None:
    """Answer as ClamAV's daemon does."""
    command = b""
    while not command.endswith(b"\0"):
        command += line.recv(1)
    if command == b"zPING\0":
        line.sendall(b"PONG\0")
        return
    assert command == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(received(line, 4), "big"):
        if len(content) + length > LARGEST:
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            return
        content += received(line, length)
    found = EICAR.encode() in content
    line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def silent(line: socket.socket) -> None:
    line.settimeout(2)
    while line.recv(65_536):
        pass


def talks_otherwise(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@contextmanager
def serving(answer: Callable[[socket.socket], None], unix: Path | None = None) -> Iterator[str]:
    family = socket.AF_UNIX if unix else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind(str(unix) if unix else ("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    line, _address = server.accept()
                except OSError:
                    return
                with line:
                    try:
                        answer(line)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"unix://{unix}" if unix else f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


@pytest.mark.parametrize("unix", [False, True])
def test_it_says_what_is_clean_and_what_is_not(unix: bool, tmp_path: Path) -> None:
    with serving(clamd, tmp_path / "clamd" if unix else None) as address:
        scanner = Clamd(address)
        scanner.ping()
        assert scanner.scan([b"bonjour", b"", b"x" * 200_000]) == Verdict(clean=True)
        infected = [EICAR[:30].encode(), EICAR[30:].encode()]
        assert scanner.scan(infected) == Verdict(clean=False, name="Eicar-Test-Signature")


def test_what_is_too_large_for_it_is_not_called_clean() -> None:
    with serving(clamd) as address:
        verdict = Clamd(address).scan([bytes(300_000)] * 9)
    assert verdict == Verdict(clean=False, name="size limit exceeded")


@pytest.mark.parametrize("answer", [silent, talks_otherwise, lambda line: line.close()])
def test_what_does_not_answer_as_it_should_is_unavailable(
    answer: Callable[[socket.socket], None],
) -> None:
    with serving(answer) as address:
        scanner = Clamd(address, seconds=0.2)
        with pytest.raises(ScannerUnavailable):
            scanner.ping()
        with pytest.raises(ScannerUnavailable):
            scanner.scan([b"x"])


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/at/all"])
def test_what_is_down_is_unavailable_and_named(address: str) -> None:
    with pytest.raises(ScannerUnavailable) as problem:
        Clamd(address).ping()
    assert str(problem.value).startswith(address)


@pytest.mark.django_db
class TestWithAnAntivirus:
    def keep(self, content: str, name: str) -> StoredFile:
        upload = ContentFile(content.encode(), name)
        return actions.keep(upload=upload, purpose="test.kept", subject="x:1", at=AT, by=None)

    def test_a_file_waits_then_is_served_or_set_aside(
        self, here: Community, settings: Settings
    ) -> None:
        with serving(clamd) as address:
            settings.COMMUNS_CLAMD = address
            good, bad = self.keep("bonjour", "a.txt"), self.keep(EICAR, "b.txt")
            assert {good.state, bad.state} == {State.PENDING}
            assert upkeep.scan_pending(at=AT) == upkeep.Scanned(clean=1, found=1)
            assert queries.scanner_health() == ("ok", "The antivirus answers.")
        rows = StoredFile.objects.values_list("name", "state", "verdict").order_by("name")
        assert list(rows) == [
            ("a.txt", "clean", ""),
            ("b.txt", "quarantined", "Eicar-Test-Signature"),
        ]

    def test_while_it_is_down_files_wait(
        self, here: Community, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.COMMUNS_CLAMD = "tcp://127.0.0.1:1"
        self.keep("bonjour", "a.txt")
        told = upkeep.scan_pending(at=AT)
        assert (told.clean, told.found, "127.0.0.1:1" in told.problem) == (0, 0, True)
        assert StoredFile.objects.get().state == State.PENDING
        assert queries.scanner_health()[0] == "error"

    def test_a_content_that_is_gone_holds_up_no_other(
        self, here: Community, settings: Settings, folder: Path
    ) -> None:
        with serving(clamd) as address:
            settings.COMMUNS_CLAMD = address
            lost = self.keep("un", "a.txt")
            self.keep("deux", "b.txt")
            (folder / lost.path).unlink()
            assert upkeep.scan_pending(at=AT) == upkeep.Scanned(clean=1)
