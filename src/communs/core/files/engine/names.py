"""Names of files, made harmless and kept readable."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # characters, extension included
_LONGEST_BYTES = 240
_REMOVED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SPACE = {"Zs", "Zl", "Zp"}
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "-"))
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_ACTIVE = {
    "exe", "com", "bat", "cmd", "scr", "pif", "lnk", "js", "jse", "vbs", "vbe", "wsf", "hta", "msi",
    "ps1", "jar", "php", "phtml", "asp", "aspx", "jsp", "sh", "py", "pl", "cgi", "html", "htm",
    "xhtml", "svg", "shtml", "mht", "url", "desktop", "dll", "app", "reg",
}  # fmt: skip


def clean_name(given: str, kind: str, others: tuple[str, ...] = (), *, unnamed: str) -> str:
    """Give a name without folders, controls or direction marks, whose extension is the kind's."""
    last = re.split(r"[/\\]", given.replace("\0", ""))[-1]
    stem = _without_extensions(_printable(last), {kind, *others})
    stem = _shortened(stem.strip(" .-_") or unnamed, kind)
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}.{kind}"


def extension(given: str) -> str:
    """Give the extension that a name claims, in small letters, or nothing."""
    found = re.search(r"\.([A-Za-z0-9]{1,8})[\s.]*\Z", _printable(given))
    return found[1].lower() if found else ""


def _printable(text: str) -> str:
    kept = []
    for mark in unicodedata.normalize("NFC", text[:1000]):
        category = unicodedata.category(mark)
        if category in _SPACE:
            kept.append(" ")
        elif category not in _REMOVED:
            kept.append(mark)
    return re.sub(r" {2,}", " ", "".join(kept).translate(_FORBIDDEN)).strip()


def _without_extensions(name: str, own: set[str]) -> str:
    stem, dot, tail = name.rstrip(" .").rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", tail):
        return name
    if not stem.strip(" ."):  # a name such as « .htaccess » is no extension
        return "" if tail.lower() in own else tail
    while True:
        shorter, dot, tail = stem.rpartition(".")
        if not dot or tail.strip().lower() not in _ACTIVE | own:
            return stem
        stem = shorter


def _shortened(stem: str, kind: str) -> str:
    stem = stem[: LONGEST - len(kind) - 1]
    while len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return stem.rstrip(" .")
