"""Recorded voices: their frames or chunks are walked, and what is not sound is left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from communs.core.files.engine.kinds import is_layer_iii
from communs.core.files.engine.verdict import MEGA, Found, Unfit

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_LARGEST = 64 * MEGA  # an hour of speech, and a quarter of what a look may hold
_ENOUGH_FRAMES = 3
_LEFT_OVER = 2048  # bytes of a frame cut short, or of a player's notes
_TAG_HEAD, _FRAME_HEAD, _PAGE_HEAD = 10, 4, 27
_NO_RATE = 3
_VERSION_1 = 3
_FEWEST_PAGES = 2
_DEEPEST = 8


def look(source: BinaryIO, target: BinaryIO, kind: str) -> Found:
    """Write a recording without pictures, titles or places; raises Unfit if it is no sound."""
    if source.seek(0, 2) > _LARGEST:
        raise Unfit("too_heavy")
    source.seek(0)
    target.write(_READERS[kind](source.read()))
    return Found(kind, rewritten=True)


def _mp3(data: bytes) -> bytes:
    """Keep the frames alone: tags, with their pictures, stand before and after them."""
    place = _after_tag(data)
    kept = []
    while (length := _frame_length(data, place)) and place + length <= len(data):
        kept.append(data[place : place + length])
        place += length
    rest = data[place:]
    is_end = len(rest) < _LEFT_OVER or rest.startswith((b"TAG", b"APETAGEX", b"LYRICS", b"ID3"))
    if len(kept) < _ENOUGH_FRAMES or not is_end:
        raise Unfit("damaged")
    return b"".join(kept)


def _after_tag(data: bytes) -> int:
    if data[:3] != b"ID3":
        return 0
    sizes = data[6:10]
    if len(data) < _TAG_HEAD or any(byte & 0x80 for byte in sizes):
        raise Unfit("damaged")
    size = sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3]
    place = 10 + size + (10 if data[5] & 0x10 else 0)
    while place < len(data) and data[place] == 0:  # padding
        place += 1
    return place


def _frame_length(data: bytes, place: int) -> int:
    """Give the bytes of the frame of layer III that begins here; 0 when none does."""
    head = data[place : place + 4]
    if len(head) < _FRAME_HEAD or not is_layer_iii(head):
        return 0
    version, bits, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or bits in {0, 15} or rate == _NO_RATE:
        return 0
    table, factor = (_MPEG1, 144_000) if version == _VERSION_1 else (_MPEG2, 72_000)
    return factor * table[bits] // _RATES[version][rate] + (head[2] >> 1 & 1)


def _wav(data: bytes) -> bytes:
    """Keep what a player needs: the format and the samples."""
    if int.from_bytes(data[4:8], "little") + 8 > len(data) + 1:
        raise Unfit("cut")
    kept, place = b"", 12
    names = []
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if place + 8 + size > len(data):
            raise Unfit("cut")
        if name in {b"fmt ", b"fact", b"data"}:
            kept += data[place : place + 8 + size] + b"\0" * (size & 1)
            names.append(name)
        place += 8 + size + (size & 1)
    if names.count(b"fmt ") != 1 or names.count(b"data") != 1:
        raise Unfit("damaged")
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


def _ogg(data: bytes) -> bytes:
    """Walk the pages: each says its length; the first names a codec of sound."""
    place, pages, codec = 0, 0, b""
    while place < len(data):
        head = data[place : place + 27]
        if len(head) < _PAGE_HEAD or head[:5] != b"OggS\0":
            raise Unfit("damaged")
        lengths = data[place + 27 : place + 27 + head[26]]
        body = place + 27 + head[26]
        codec = codec or data[body : body + 8]
        place, pages = body + sum(lengths), pages + 1
    is_voice = codec.startswith((b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC"))
    if place > len(data) or pages < _FEWEST_PAGES or not is_voice:
        raise Unfit("cut" if is_voice else "damaged")
    return data


def _m4a(data: bytes) -> bytes:
    """Blank the boxes of titles and places in a recording of an iPhone; no track of images."""
    kept = bytearray(data)
    handlers: list[bytes] = []
    names = _boxes(kept, 0, len(kept), handlers, 0)
    if not {b"ftyp", b"moov", b"mdat"} <= set(names):
        raise Unfit("damaged")
    if b"soun" not in handlers or b"vide" in handlers:
        raise Unfit("unknown")
    return bytes(kept)


def _boxes(data: bytearray, place: int, end: int, handlers: list[bytes], depth: int) -> list[bytes]:
    names = []
    while place < end:
        size, name = (
            int.from_bytes(data[place : place + 4], "big"),
            bytes(data[place + 4 : place + 8]),
        )
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        size = size or end - place
        if size < head or place + size > end or depth > _DEEPEST:
            raise Unfit("cut")
        names.append(name)
        _box(data, name, (place, place + head, place + size), handlers, depth)
        place += size
    return names


def _box(
    data: bytearray, name: bytes, span: tuple[int, int, int], handlers: list[bytes], depth: int
) -> None:
    start, body, end = span
    if name in {b"moov", b"trak", b"mdia"}:
        _boxes(data, body, end, handlers, depth + 1)
    elif name == b"hdlr":
        handlers.append(bytes(data[body + 8 : body + 12]))
    elif name in {b"udta", b"meta", b"uuid"}:
        data[start + 4 : start + 8] = b"free"
        data[body:end] = bytes(end - body)


def _weba(data: bytes) -> bytes:
    """What Chrome and Firefox record: a WebM that says so, with a codec of sound and no other."""
    head = data[: 64 * 1024]
    codecs = set(re.findall(rb"\x86[\x81-\x9f]([AVS]_[A-Z0-9/_]+)", head))
    if b"webm" not in head[:64] or not codecs or any(c[:1] != b"A" for c in codecs):
        raise Unfit("unknown")
    return data


_READERS: dict[str, Callable[[bytes], bytes]] = {
    "mp3": _mp3, "wav": _wav, "ogg": _ogg, "m4a": _m4a, "weba": _weba
}  # fmt: skip
