"""Good files of every kind, made here: small, whole, nobody's."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": f"{OOXML}wordprocessingml.document.main+xml",
    "xlsx": f"{OOXML}spreadsheetml.sheet.main+xml",
    "pptx": f"{OOXML}presentationml.presentation.main+xml",
}
ODF = "application/vnd.oasis.opendocument."
GPS, ORIENTATION = 0x8825, 0x0112


def image(
    kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    gradient = Image.linear_gradient("L").resize(size)
    gradient.convert(mode).save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that says where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Appareil de Camille"
    exif.get_ifd(GPS).update({1: "N", 2: (IFDRational(48), IFDRational(45), IFDRational(0))})
    return image("JPEG", exif=exif)


def animation(frames: int = 3) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("P", (16, 16), n % 256) for n in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def pdf(extra: str = "", objects: bytes = b"", version: str = "1.7") -> bytes:
    """A PDF of one empty page; `extra` goes in its catalogue, `objects` after it."""
    parts = [
        f"%PDF-{version}\n".encode(),
        f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R {extra} >>\nendobj\n".encode(),
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n",
        objects,
    ]
    body = b"".join(parts)
    return body + f"trailer\n<< /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode()


def stream(content: bytes, dictionary: str) -> bytes:
    """An object of a PDF that holds a stream."""
    head = f"9 0 obj\n<< {dictionary} /Length {len(content)} >>\nstream\n".encode()
    return head + content + b"\nendstream\nendobj\n"


def folded(
    content: bytes, dictionary: str = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
) -> bytes:
    return stream(zlib.compress(content, 9), dictionary)


def zipped(entries: Mapping[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return out.getvalue()


def office(
    kind: str = "docx", more: Mapping[str, bytes | str] | None = None, types: str = ""
) -> bytes:
    """A document of Microsoft's formats."""
    folder = {"docx": "word/document", "xlsx": "xl/workbook", "pptx": "ppt/presentation"}[kind]
    declared = f'<Override PartName="/{folder}.xml" ContentType="{MAIN[kind]}"/>{types}'
    entries = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="urn:t">{declared}</Types>',
        "_rels/.rels": relations("officeDocument", f"{folder}.xml"),
        f"{folder}.xml": '<?xml version="1.0"?><w:d xmlns:w="urn:w"><w:t>Bonjour</w:t></w:d>',
    }
    return zipped(entries | dict(more or {}))


def relations(kind: str, target: str, mode: str = "") -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    return (
        '<?xml version="1.0"?><Relationships xmlns="urn:r"><Relationship Id="r1"'
        f' Type="http://schemas.openxmlformats.org/{kind}" Target="{target}"{outside}/>'
        "</Relationships>"
    )


def open_document(
    kind: str = "text",
    more: Mapping[str, bytes | str] | None = None,
    body: str = "",
    entry: str = "",
) -> bytes:
    """A document of the OpenDocument formats."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = {
        "mimetype": f"{ODF}{kind}",
        "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{entry}</m:manifest>',
    }
    return zipped(entries | dict(more or {}), stored=("mimetype",))


def mp3(frames: int = 5, before: bytes = b"", after: bytes = b"") -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s, 44 100 Hz: 417 bytes
    return before + frame * frames + after


def id3(content: bytes) -> bytes:
    n = len(content)
    sizes = bytes([n >> 21 & 127, n >> 14 & 127, n >> 7 & 127, n & 127])
    return b"ID3\x04\x00\x00" + sizes + content


def wav(more: bytes = b"") -> bytes:
    body = b"WAVE" + b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    body += more + b"data" + struct.pack("<I", 80) + bytes(80)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def ogg(codec: bytes = b"OpusHead\x01\x01") -> bytes:
    def page(number: int, content: bytes) -> bytes:
        head = b"OggS\0\x02" + bytes(8) + b"abcd" + struct.pack("<II", number, 0)
        return head + b"\x01" + bytes([len(content)]) + content

    return page(0, codec) + page(1, b"OpusTags" + bytes(20)) + page(2, bytes(90))


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def m4a(handler: bytes = b"soun", more: bytes = b"") -> bytes:
    media = box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12)))
    moov = box(b"moov", box(b"trak", media) + box(b"udta", b"+48.7536+002.2975/") + more)
    return box(b"ftyp", b"M4A \0\0\0\0M4A ") + moov + box(b"mdat", bytes(100))


def weba(codec: bytes = b"A_OPUS") -> bytes:
    head = b"\x1aE\xdf\xa3\x9f\x42\x82\x84webm"
    return head + b"\x18S\x80g" + b"\x86" + bytes([0x80 | len(codec)]) + codec + bytes(50)


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
PLACE = json.dumps({"type": "Point", "coordinates": [2.3, 48.75]})


def good() -> dict[str, tuple[str, bytes]]:
    """One whole file of each kind: the name it comes with, and its bytes."""
    return {
        "jpg": ("photo.JPG", image("JPEG")),
        "png": ("plan.png", image("PNG")),
        "webp": ("affiche.webp", image("WEBP")),
        "gif": ("dessin.gif", image("GIF", mode="P")),
        "pdf": ("arrêté.pdf", pdf()),
        "odt": ("lettre.odt", open_document()),
        "ods": ("budget.ods", open_document("spreadsheet")),
        "odp": ("réunion.odp", open_document("presentation")),
        "docx": ("lettre.docx", office()),
        "xlsx": ("budget.xlsx", office("xlsx")),
        "pptx": ("réunion.pptx", office("pptx")),
        "zip": ("pièces.zip", zipped({"a.txt": "a", "b/c.txt": "c"})),
        "txt": ("note.txt", "Une note d’été.\n".encode()),
        "csv": ("liste.csv", "nom;prix\nété;3\n".encode()),
        "json": ("données.json", b'{"a": [1, 2]}'),
        "geojson": ("lieu.geojson", PLACE.encode()),
        "ics": ("agenda.ics", CALENDAR.encode()),
        "mp3": ("voix.mp3", mp3()),
        "ogg": ("voix.ogg", ogg()),
        "wav": ("voix.wav", wav()),
        "m4a": ("voix.m4a", m4a()),
        "weba": ("voix.webm", weba()),
    }
