"""The kinds of files that are known, and how each is recognised by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from communs.core.files.engine.verdict import Unfit

HEAD = 4096
_SHORT = 2  # a beginning of two bytes may be that of a sentence
_FRAME_MASK, _FRAME = 0xFFE6, 0xFFE2


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its key is the extension that its files are given."""

    key: str
    media_type: str
    family: str
    label: str
    inline: bool = False
    others: tuple[str, ...] = ()


_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."

KINDS = {
    kind.key: kind
    for kind in (
        Kind("jpg", "image/jpeg", "image", "JPEG", inline=True, others=("jpeg", "jpe", "jfif")),
        Kind("png", "image/png", "image", "PNG", inline=True),
        Kind("webp", "image/webp", "image", "WebP", inline=True),
        Kind("gif", "image/gif", "image", "GIF"),
        Kind("pdf", "application/pdf", "pdf", "PDF"),
        Kind("odt", f"{_ODF}text", "office", "ODT"),
        Kind("ods", f"{_ODF}spreadsheet", "office", "ODS"),
        Kind("odp", f"{_ODF}presentation", "office", "ODP"),
        Kind("docx", f"{_OOXML}wordprocessingml.document", "office", "DOCX"),
        Kind("xlsx", f"{_OOXML}spreadsheetml.sheet", "office", "XLSX"),
        Kind("pptx", f"{_OOXML}presentationml.presentation", "office", "PPTX"),
        Kind("zip", "application/zip", "zip", "ZIP"),
        Kind("txt", "text/plain", "text", "TXT", others=("text", "md", "log")),
        Kind("csv", "text/csv", "text", "CSV", others=("tsv",)),
        Kind("json", "application/json", "text", "JSON"),
        Kind("geojson", "application/geo+json", "text", "GeoJSON"),
        Kind("ics", "text/calendar", "text", "ICS"),
        Kind("mp3", "audio/mpeg", "sound", "MP3", inline=True),
        Kind("ogg", "audio/ogg", "sound", "OGG", inline=True, others=("oga", "opus")),
        Kind("wav", "audio/wav", "sound", "WAV", inline=True),
        Kind("m4a", "audio/mp4", "sound", "M4A", inline=True, others=("mp4",)),
        Kind("weba", "audio/webm", "sound", "WebM", inline=True, others=("webm",)),
    )
}

IMAGES = ("jpg", "png", "webp", "gif")
SOUNDS = ("mp3", "ogg", "wav", "m4a", "weba")
OFFICE = ("odt", "ods", "odp", "docx", "xlsx", "pptx")
TEXTS = ("txt", "csv", "json", "geojson", "ics")

_STARTS = (
    (b"\xff\xd8\xff", "image:jpg"),
    (b"\x89PNG\r\n\x1a\n", "image:png"),
    (b"GIF87a", "image:gif"),
    (b"GIF89a", "image:gif"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"OggS", "sound:ogg"),
    (b"ID3", "sound:mp3"),
    (b"\x1aE\xdf\xa3", "sound:weba"),
)
_KNOWN_BAD = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"7z\xbc\xaf'\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"(\xb5/\xfd", "archive"),
    (b"II*\x00", "other_image"),
    (b"MM\x00*", "other_image"),
    (b"\x00\x00\x01\x00", "other_image"),
    (b"BM", "other_image"),
)
_PHOTO_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


def sniff(source: BinaryIO) -> str:
    """Give `family` or `family:kind` from the first bytes; raises Unfit for what is never taken."""
    source.seek(0)
    head = source.read(HEAD)
    if not head:
        raise Unfit("empty")
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    return _container(head) or _frame(head) or _text(head)


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": "image:webp", b"WAVE": "sound:wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        if head[8:12] in _PHOTO_BRANDS:
            raise Unfit("heic")
        return "sound:m4a"
    return None


def _frame(head: bytes) -> str | None:
    """An MP3 without a tag begins with a frame."""
    return "sound:mp3" if is_layer_iii(head) else None


def is_layer_iii(head: bytes) -> bool:
    """Tell whether a frame of MPEG sound, layer III, begins here."""
    return int.from_bytes(head[:2], "big") & _FRAME_MASK == _FRAME


def _text(head: bytes) -> str:
    for start, reason in _KNOWN_BAD:
        if head.startswith(start) and (len(start) > _SHORT or not _is_words(head)):
            raise Unfit(reason)
    if head.startswith(b"#!"):
        raise Unfit("program")
    return "text"


def _is_words(head: bytes) -> bool:
    """« MZ » or « BM » may begin a sentence; a program or a picture soon holds a NUL byte."""
    return b"\x00" not in head
