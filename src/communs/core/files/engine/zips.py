"""Zip archives: measured before and while they are read, so that none can swell or escape."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from communs.core.files.engine.verdict import MEGA, Limits, Unfit

_HEADER = 30
_END = 22
_CHUNK = 256 * 1024
_ALWAYS_FINE = 16 * MEGA
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".jar", ".cab")
_NESTED = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MZ", b"\x7fELF")
_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")


class Archive:
    """An archive whose entries were checked; what is read counts against its limits."""

    def __init__(self, source: BinaryIO, limits: Limits, budget: list[int] | None = None) -> None:
        self._limits = limits
        self._left = budget if budget is not None else [limits.unpacked]
        size = _whole(source)
        try:
            self._zip = zipfile.ZipFile(source)
            self.entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise Unfit("damaged") from error
        if not self.entries:
            raise Unfit("empty")
        if len(self.entries) > limits.entries:
            raise Unfit("too_many_entries")
        for entry in self.entries:
            _check(entry)
        _check_sizes(self.entries, size, limits)
        _check_places(self.entries, size)

    @property
    def names(self) -> list[str]:
        """The names of the entries, as the archive gives them."""
        return [entry.filename for entry in self.entries]

    @property
    def budget(self) -> list[int]:
        """Bytes that may still be unpacked, shared with the archives inside this one."""
        return self._left

    def read(self, name: str, most: int) -> bytes:
        """Give a small entry whole; raises Unfit when it is larger than `most` bytes."""
        found = b""
        for chunk in self.chunks(name):
            found += chunk
            if len(found) > most:
                raise Unfit("bomb")
        return found

    def chunks(self, name: str) -> Iterator[bytes]:
        """Give an entry piece by piece, counted as it comes: what headers claim is not believed."""
        try:
            with self._zip.open(name) as entry:
                while chunk := entry.read(_CHUNK):
                    self._left[0] -= len(chunk)
                    if self._left[0] < 0:
                        raise Unfit("bomb")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
            raise Unfit("damaged") from error


def look(source: BinaryIO, limits: Limits) -> None:
    """Read every entry of a plain archive; an archive inside it is refused."""
    archive = Archive(source, limits)
    for entry in archive.entries:
        name = entry.filename.lower()
        if name.endswith(ARCHIVES):
            raise Unfit("nested_archive")
        for place, chunk in enumerate(archive.chunks(entry.filename)):
            # Documents are zips themselves; another zip, or a program, hides under its name.
            hidden = chunk.startswith(_NESTED) and not name.endswith(_DOCUMENTS)
            if not place and hidden:
                raise Unfit("nested_archive")


def _whole(source: BinaryIO) -> int:
    """Give the size of an archive that fills its file: nothing stands before or after it."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _END))
    tail = source.read(_END)
    source.seek(0)
    if not tail.startswith(b"PK\x05\x06") or tail[-2:] != b"\x00\x00":
        raise Unfit("damaged")
    if size > _END and source.read(4) != b"PK\x03\x04":
        raise Unfit("damaged")
    source.seek(0)
    return size


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.split("/")
    if "\\" in name or "\0" in name or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise Unfit("escaping_names")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unfit("escaping_names")
    if entry.flag_bits & _ENCRYPTED:
        raise Unfit("encrypted")
    if entry.compress_type not in _METHODS:
        raise Unfit("damaged")


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    claimed = sum(entry.file_size for entry in entries)
    swollen = claimed > _ALWAYS_FINE and claimed > limits.ratio * max(size, 1)
    if claimed > limits.unpacked or swollen:
        raise Unfit("bomb")


def _check_places(entries: list[zipfile.ZipInfo], size: int) -> None:
    """No two entries may share bytes: bombs that need no nesting do."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise Unfit("bomb")
        end = entry.header_offset + _HEADER + len(entry.orig_filename) + entry.compress_size
    if end > size or len(set(e.filename for e in entries)) != len(entries):  # noqa: C401
        raise Unfit("damaged")
