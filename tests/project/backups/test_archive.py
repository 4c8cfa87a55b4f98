"""The archive: whole, or refused in a sentence; under a passphrase, or not."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core.kit.errors import Refused
from communs.project.backups import archive, sealed
from communs.project.backups.sealed import SealedReader, SealingWriter

SECRET = "correct horse battery staple"
LARGE = Random(1).randbytes(1_500_000)  # more than one sealed piece
MEMBERS = {"database": LARGE, "files/a": b"one", "files/b": b""}


@pytest.fixture(params=["", SECRET], ids=["plain", "sealed"])
def passphrase(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def whole(tmp_path: Path, passphrase: str) -> Path:
    path = tmp_path / "backup.tar.gz"
    with archive.writing(path, passphrase=passphrase) as written:
        for name, content in MEMBERS.items():
            written.add(name, len(content), [content[:100], content[100:]])
        written.end({"kind": "installation", "version": "0.1.0"})
    return path


def test_what_is_written_is_read_back_and_nothing_else_is_left(
    whole: Path, passphrase: str
) -> None:
    manifest = archive.check(whole, passphrase=passphrase)
    found = {
        name: content.read()
        for name, _size, content in archive.members(whole, passphrase=passphrase)
    }
    del found[archive.MANIFEST]
    assert found == MEMBERS
    assert (manifest["kind"], manifest["format"]) == ("installation", archive.FORMAT)
    assert {name: told["size"] for name, told in manifest["members"].items()} == {
        name: len(content) for name, content in MEMBERS.items()
    }
    assert [path.name for path in whole.parent.iterdir()] == ["backup.tar.gz"]
    assert whole.stat().st_mode & 0o777 == 0o600


def test_no_changed_byte_goes_unnoticed(whole: Path, passphrase: str) -> None:
    told = whole.read_bytes()
    before = archive.check(whole, passphrase=passphrase)
    refused = 0
    for place in [*range(0, len(told), len(told) // 24), len(told) - 1]:
        whole.write_bytes(told[:place] + bytes([told[place] ^ 0x10]) + told[place + 1 :])
        try:
            assert archive.check(whole, passphrase=passphrase) == before  # a date in gzip's head
        except Refused:
            refused += 1
    assert refused >= 24


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_backup_cut_short_is_refused(whole: Path, passphrase: str, share: float) -> None:
    told = whole.read_bytes()
    whole.write_bytes(told[: int(len(told) * share)])
    with pytest.raises(Refused):
        archive.check(whole, passphrase=passphrase)


def test_a_member_too_many_or_without_its_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar.gz"
    with pytest.raises(Refused) as refused, archive.writing(path) as written:
        written.add("database", 3, [b"one"])
    assert refused.value.sentence
    with pytest.raises(Refused), archive.writing(path) as written:
        _end_too_early(written)
    assert list(tmp_path.iterdir()) == []


def test_a_member_shorter_than_told_leaves_no_backup(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="unexpected end of data"),
        archive.writing(tmp_path / "backup.tar.gz") as written,
    ):
        written.add("database", 10, [b"short"])
    assert list(tmp_path.iterdir()) == []


def test_another_passphrase_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup.tar.gz"
    with archive.writing(path, passphrase=SECRET) as written:
        written.add("database", 6, [b"secret"])
        written.end({})
    assert b"secret" not in path.read_bytes()
    for other in ("", "another"):
        with pytest.raises(Refused):
            archive.check(path, passphrase=other)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    for name in ("note.txt", "nothing"):
        with pytest.raises(Refused):
            archive.check(tmp_path / name)


@given(pieces=st.lists(st.binary(max_size=900), max_size=5), cut=st.integers(1, 17))
def test_sealed_pieces_come_back_in_order_or_not_at_all(pieces: list[bytes], cut: int) -> None:
    with (
        mock.patch.object(sealed, "_PIECE", 256),
        mock.patch.object(sealed, "Scrypt", _QuickKey),
    ):
        target = io.BytesIO()
        writer = SealingWriter(target, SECRET)
        for piece in pieces:
            writer.write(piece)
        writer.close()
        told = target.getvalue()
        assert SealedReader(io.BytesIO(told), SECRET).readall() == b"".join(pieces)
        with pytest.raises(Refused):
            SealedReader(io.BytesIO(told[:-cut]), SECRET).readall()


def _end_too_early(written: archive.Writer) -> None:
    written.end({})
    written.add("more", 3, [b"one"])


class _QuickKey:
    """The slow key is made once by the tests above."""

    def __init__(self, **_options: object) -> None: ...

    def derive(self, words: bytes) -> bytes:
        return words.ljust(32, b"\0")[:32]
