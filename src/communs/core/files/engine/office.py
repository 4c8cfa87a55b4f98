"""Documents of office programs: text, sheets and slides without macros or ties to elsewhere."""

from __future__ import annotations

import re
import tempfile

from communs.core.files.engine import markup
from communs.core.files.engine.verdict import Limits, Unfit
from communs.core.files.engine.zips import ARCHIVES, Archive

_SMALL = 2 * 1024 * 1024
_OOXML = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    f"{_OOXML}wordprocessingml.document.main+xml": "docx",
    f"{_OOXML}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OOXML}presentationml.presentation.main+xml": "pptx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_ACTIVE = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|oleobject|(^|/)basic/|(^|/)scripts/|\.bin\Z"
    r"|\.(exe|dll|js|vbs|hta|html?|svg|swf|jar|class|bat|cmd|ps1|lnk)\Z",
    re.IGNORECASE,
)
_HARMLESS_BIN = re.compile(r"(^|/)(printersettings/|customproperty)[^/]*\.bin\Z", re.IGNORECASE)
_EMBEDDED = re.compile(r"(^|/)embeddings/[^/]+\.(docx|xlsx|pptx)\Z", re.IGNORECASE)
_REMOTE = re.compile(r"\s*([a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)
_LINKS = {"a", "template"}  # elements whose address is followed by a click only, or never


def look(archive: Archive, limits: Limits) -> str:
    """Give the kind of an office document; raises Unfit for macros, objects, remote parts."""
    names = archive.names
    for name in names:
        _check_name(name)
    if "[Content_Types].xml" in names:
        kind = _microsoft(archive)
    elif names[:1] == ["mimetype"]:
        kind = _open_document(archive)
    else:
        raise Unfit("unknown")
    _read_all(archive, limits)
    return kind


def is_document(archive: Archive) -> bool:
    """Tell whether an archive says that it is an office document."""
    return "[Content_Types].xml" in archive.names or archive.names[:1] == ["mimetype"]


def _check_name(name: str) -> None:
    if _ACTIVE.search(name) and not _HARMLESS_BIN.search(name):
        raise Unfit("macros")
    if name.lower().endswith(ARCHIVES):
        raise Unfit("nested_archive")


def _microsoft(archive: Archive) -> str:
    kinds: list[str] = []

    def on_start(_name: str, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if "macroenabled" in declared.lower() or "vbaproject" in declared.lower():
            raise Unfit("macros")
        if declared in _MAIN:
            kinds.append(_MAIN[declared])

    markup.parse([archive.read("[Content_Types].xml", _SMALL)], on_start)
    for name in archive.names:
        if name.lower().endswith(".rels"):
            markup.parse([archive.read(name, _SMALL)], _check_relationship)
    if len(kinds) != 1:
        raise Unfit("unknown")
    return kinds[0]


def _check_relationship(_name: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").rsplit("/", 1)[-1].lower()
    outside = attributes.get("TargetMode", "").lower() == "external"
    if outside and kind != "hyperlink":
        raise Unfit("remote")
    if kind in {"vbaproject", "oleobject", "control", "attachedtemplate"}:
        raise Unfit("remote" if kind == "attachedtemplate" else "macros")


def _open_document(archive: Archive) -> str:
    kind = _ODF.get(archive.read("mimetype", 200).strip())
    if kind is None or "content.xml" not in archive.names:
        raise Unfit("unknown")
    if "META-INF/manifest.xml" in archive.names:
        markup.parse([archive.read("META-INF/manifest.xml", _SMALL)], _check_manifest)
    return kind


def _check_manifest(name: str, _attributes: dict[str, str]) -> None:
    if name.rsplit(markup.SEPARATOR, 1)[-1] == "encryption-data":
        raise Unfit("encrypted")


def _check_element(name: str, attributes: dict[str, str]) -> None:
    """In an OpenDocument, pictures and objects must be inside; a link may lead elsewhere."""
    short = name.rsplit(markup.SEPARATOR, 1)[-1]
    if short in {"event-listener", "script"} and "script" in name.split(markup.SEPARATOR, 1)[0]:
        raise Unfit("macros")
    for key, value in attributes.items():
        if key.endswith("xlink href") and short not in _LINKS and _REMOTE.match(value):
            raise Unfit("remote")


def _read_all(archive: Archive, limits: Limits) -> None:
    """Read every part once: none may swell, and XML must be plain."""
    written_by_us = {"[Content_Types].xml", "META-INF/manifest.xml"}
    for name in archive.names:
        if name.endswith("/") or name in written_by_us or name.lower().endswith(".rels"):
            continue
        if _EMBEDDED.search(name):
            _look_inside(archive, name, limits)
        elif name.lower().endswith(".xml"):
            checked = name.endswith(("content.xml", "styles.xml")) and "mimetype" in archive.names
            markup.parse(archive.chunks(name), _check_element if checked else None)
        else:
            _check_part(archive, name)


def _check_part(archive: Archive, name: str) -> None:
    for first, chunk in enumerate(archive.chunks(name)):
        if not first and chunk.startswith((b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")):
            raise Unfit("nested_archive")


def _look_inside(archive: Archive, name: str, limits: Limits) -> None:
    """A chart carries its sheet; the sheet may carry nothing more."""
    if limits.depth < 1:
        raise Unfit("nested_archive")
    with tempfile.TemporaryFile() as inner:
        for chunk in archive.chunks(name):
            inner.write(chunk)
        inside = Limits(depth=limits.depth - 1, unpacked=limits.unpacked)
        look(Archive(inner, inside, archive.budget), inside)
