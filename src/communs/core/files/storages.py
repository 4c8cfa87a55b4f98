"""Where contents lie: a disk or an object store, both written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

CHUNK = 256 * 1024
INCOMING = "incoming"  # folder, in a community's own, of what is being written


class Contents(Protocol):
    """What files ask of a storage, beyond Django's own."""

    def save(self, name: str, content: Any) -> str: ...
    def delete(self, name: str) -> None: ...
    def exists(self, name: str) -> bool: ...
    def size(self, name: str) -> int: ...
    def listdir(self, path: str) -> tuple[list[str], list[str]]: ...
    def get_modified_time(self, name: str) -> Any: ...
    def chunks(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Give the bytes from `start` up to `end`, not counted; FileNotFoundError before any."""


class DiskStorage(FileSystemStorage):
    """A folder. A file is on the disk, under its own name and whole, before `save` returns."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_overwrite=True, **options)

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        incoming = Path(self.path(f"{name.partition('/')[0]}/{INCOMING}"))
        for folder in (target.parent, incoming):
            _make(folder)
        fresh = incoming / uuid4().hex
        try:
            with fresh.open("xb") as written:
                for chunk in content.chunks(CHUNK):
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _settle(target.parent)
        return name

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Give folders and files; a folder that was never made has none."""
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []

    def chunks(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        pieces = _pieces(Path(self.path(name)), start, end)
        next(pieces)
        return pieces


def _pieces(path: Path, start: int, end: int | None) -> Iterator[bytes]:
    with path.open("rb") as source:
        source.seek(start)
        yield b""  # it is open: what is missing was told before, what is left unread gets closed
        left = None if end is None else end - start
        while chunk := source.read(CHUNK if left is None else min(CHUNK, left)):
            yield chunk
            if left is not None:
                left -= len(chunk)


def _make(folder: Path) -> None:
    """Make a folder that a power cut does not take away."""
    if folder.is_dir():
        return
    _make(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    _settle(folder.parent)


def _settle(folder: Path) -> None:
    """Have the disk keep what was made or renamed in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
