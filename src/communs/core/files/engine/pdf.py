"""PDF: whole, nothing before or after it, and what it could do on its own is told."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from communs.core.files.engine.verdict import MEGA, Found, Unfit

_NAME = re.compile(rb"/((?:[A-Za-z0-9]|#[0-9A-Fa-f]{2}){4,40})")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PAIRS = re.compile(rb"\s*\d+\s+\d+\s")
_MARKS = {
    b"JavaScript": "script",
    b"Launch": "launch",
    b"EmbeddedFile": "embedded",
    b"EmbeddedFiles": "embedded",
    b"RichMedia": "embedded",
    b"SubmitForm": "remote",
    b"ImportData": "remote",
    b"Encrypt": "encrypted",
}
_DICTIONARY = 2048  # bytes before a stream in which its dictionary stands
_OBJECTS = 16 * MEGA  # most that one stream of objects may unfold to
_ALL_OBJECTS = 96 * MEGA
_TAIL = 1024


def look(source: BinaryIO) -> Found:
    """Give the marks of a PDF; raises Unfit when it is cut, prefixed, followed, or a bomb."""
    with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _check_ends(data)
        marks = set(_marks(data))
        left = _ALL_OBJECTS
        for found in _object_streams(data):
            left -= len(found)
            if left < 0:
                raise Unfit("bomb")
            marks |= set(_marks(found))
    return Found("pdf", marks=sorted(marks))


def _check_ends(data: mmap.mmap) -> None:
    if not re.match(rb"%PDF-[12]\.\d", data[:16]):
        raise Unfit("damaged")
    tail = data[-_TAIL:].rstrip(b" \t\r\n\0")
    if not tail.endswith(b"%%EOF") or b"startxref" not in tail:
        raise Unfit("cut")
    if data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000)) >= 0:
        raise Unfit("damaged")


def _marks(data: mmap.mmap | bytes) -> Iterator[str]:
    """Names may be written with escapes (`/J#61vaScript`), so all are read, even in streams."""
    for match in _NAME.finditer(data):
        name = match[1]
        if b"#" in name:
            name = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name)
        if name in _MARKS:
            yield _MARKS[name]


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    """Give each compressed stream that holds objects: it begins with pairs of numbers."""
    for match in _STREAM.finditer(data):
        start = match.end()
        unfolding = zlib.decompressobj()
        try:
            begun = unfolding.decompress(data[start : start + 512], 64)
        except zlib.error:
            begun = b""
        if _PAIRS.match(begun):
            yield begun + _unfolded(data, start)
        elif (
            b"/ObjStm"
            in _ESCAPE.sub(
                lambda found: bytes([int(found[1], 16)]), data[max(0, start - _DICTIONARY) : start]
            ).rpartition(b"obj")[2]
            and b"/Encrypt" not in data[-_TAIL * 64 :]
        ):
            raise Unfit("damaged")  # objects folded in a way that is not read are hidden


def _unfolded(data: mmap.mmap, start: int) -> bytes:
    unfolding = zlib.decompressobj()
    found = b""
    try:
        while not unfolding.eof and start < len(data):
            piece = unfolding.unconsumed_tail or data[start : start + 65_536]
            if not unfolding.unconsumed_tail:
                start += 65_536
            found += unfolding.decompress(piece, _OBJECTS - len(found) + 1)
            if len(found) > _OBJECTS:
                raise Unfit("bomb")
    except zlib.error:
        return found
    return found
