"""The archive: a tar of members, the last of which tells the size and digest of all the others.

Written beside under another name, read back, then renamed: a backup is there whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.project.backups.sealed import MAGIC, SealedReader, SealingWriter, is_sealed

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024

Manifest = dict[str, Any]


class Writer:
    """Adds members to an archive, and remembers their size and SHA-256."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """Add a member of exactly `size` bytes; another length is an OSError."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        source = _Summed(chunks)
        self._tar.addfile(member, source)
        self.members[name] = {"size": size, "sha256": source.sum.hexdigest()}

    def add_file(self, name: str, path: Path) -> None:
        """Add what a file of the disk holds."""
        with path.open("rb") as source:
            self.add(name, path.stat().st_size, iter(lambda: source.read(_CHUNK), b""))

    def end(self, facts: Manifest) -> None:
        """Add the manifest: these facts, and what each member must be."""
        told = {"format": FORMAT, **facts, "members": self.members}
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self.add(MANIFEST, len(text), [text])


class _Summed(io.RawIOBase):
    """Chunks as a file that tar reads, summed up on the way."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), b""
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (more := next(self._chunks, b"")):
            self._left += more
        found, self._left = self._left[:size], self._left[size:]
        self.sum.update(found)
        return found


@contextmanager
def writing(target: Path, *, passphrase: str = "") -> Iterator[Writer]:
    """Write an archive; it takes its name when it is whole and was read back."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            outer: Any = SealingWriter(file, passphrase) if passphrase else file
            with (
                gzip.GzipFile(fileobj=outer, mode="wb", compresslevel=1, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                yield Writer(tar)
            if outer is not file:
                outer.close()
            file.flush()
            os.fsync(file.fileno())
        check(part, passphrase=passphrase)
        part.replace(target)
        _settle(target.parent)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path, *, passphrase: str = "") -> Manifest:
    """Read all of an archive and give its manifest; raises Refused unless it is whole."""
    found: dict[str, dict[str, Any]] = {}
    manifest: Manifest | None = None
    for name, size, content in members(path, passphrase=passphrase):
        if name == MANIFEST:
            manifest = _parsed(content.read())
            continue
        found[name] = {"size": size, "sha256": _digest(content)}
    if manifest is None:
        raise Refused(_("The backup is cut short: its end is missing."))
    if manifest["format"] != FORMAT:
        raise Refused(_("The backup was made by a newer Communs: use that one."))
    told = manifest["members"]
    for name in sorted(found.keys() | told.keys()):
        if found.get(name) != told.get(name):
            raise Refused(_("The backup is damaged: %(name)s is not as written.") % {"name": name})
    return manifest


def members(path: Path, *, passphrase: str = "") -> Iterator[tuple[str, int, IO[bytes]]]:
    """Give each member's name, size and content in order; damage on the way raises Refused."""
    try:
        with (
            path.open("rb") as file,
            _opened(file, passphrase) as stream,
            gzip.GzipFile(fileobj=stream, mode="rb") as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            yield from _each(tar)
            while packed.read(_CHUNK):  # what follows the last member is summed up too
                pass
    except FileNotFoundError as error:
        raise Refused(_("There is no file %(path)s.") % {"path": path}) from error
    except _DAMAGE as error:
        raise Refused(_("The backup is damaged or cut short (%s).") % error) from error


_DAMAGE = (EOFError, zlib.error, tarfile.TarError, gzip.BadGzipFile)


class _Careful(io.RawIOBase):
    """A member whose damage, found while it is read, is told like any other."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            found = self._content.read(len(view))
        except _DAMAGE as error:
            raise Refused(_("The backup is damaged or cut short (%s).") % error) from error
        view[: len(found)] = found
        return len(found)


def _each(tar: tarfile.TarFile) -> Iterator[tuple[str, int, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        parts = Path(member.name).parts
        if content is None or ".." in parts or member.name.startswith("/"):
            raise Refused(
                _("The backup is damaged: %(name)s is not as written.") % {"name": member.name}
            )
        yield member.name, member.size, io.BufferedReader(_Careful(content), _CHUNK)


def _opened(file: BinaryIO, passphrase: str) -> BinaryIO:
    sealed = is_sealed(file.read(len(MAGIC)))
    file.seek(0)
    if sealed and not passphrase:
        raise Refused(_("This backup is under a passphrase: set COMMUNS_BACKUP_PASSPHRASE."))
    if not sealed:
        return file
    return io.BufferedReader(SealedReader(file, passphrase), _CHUNK)


def _parsed(text: bytes) -> Manifest:
    try:
        found = json.loads(text)
        return {"format": None, "members": {}} | found
    except (ValueError, TypeError) as error:
        raise Refused(_("The backup is damaged or cut short (%s).") % error) from error


def _digest(content: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        total.update(chunk)
    return total.hexdigest()


def _settle(folder: Path) -> None:
    """Have the disk keep the new name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
