"""Texts: kept in UTF-8, told apart as words, tables, data, calendars; pages of the web refused."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, BinaryIO

from communs.core.files.engine.verdict import Found, Limits, Unfit

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ACTIVE = re.compile(
    r"\s*(<!doctype|<html|<head|<body|<script|<svg|<\?xml|<\?php|<\?=|<%|<!--|<iframe|<math|<!entity"
    r"|<x:|mime-version:)",
    re.IGNORECASE,
)
_PHP = re.compile(r"<\?php|<script[\s>]", re.IGNORECASE)
_GEOMETRIES = {
    "Feature", "FeatureCollection", "Point", "MultiPoint", "LineString", "MultiLineString",
    "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip


def look(source: BinaryIO, target: BinaryIO, claimed: str, limits: Limits) -> Found:
    """Write a text in UTF-8; its name decides only between words and a table."""
    source.seek(0)
    raw = source.read(limits.text + 1)
    if len(raw) > limits.text:
        raise Unfit("too_heavy")
    words = _decoded(raw)
    if _CONTROLS.search(words):
        raise Unfit("unknown")
    if _ACTIVE.match(words) or _PHP.search(words[:65_536]):
        raise Unfit("web_page")
    kind = _kind(words, claimed)
    plain = words.encode()
    target.write(plain)
    return Found(kind, rewritten=True)


def _decoded(raw: bytes) -> str:
    """Read UTF-8, UTF-16 when it says so, or the old French of spreadsheets."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in raw:
        raise Unfit("unknown")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit("unknown")


def _kind(words: str, claimed: str) -> str:
    start = words.lstrip()[:20]
    if start.upper().startswith("BEGIN:VCALENDAR"):
        if "END:VCALENDAR" not in words.upper():
            raise Unfit("cut")
        return "ics"
    if claimed in {"json", "geojson"}:
        return _data(words)
    return "csv" if claimed in {"csv", "tsv"} else "txt"


def _data(words: str) -> str:
    try:
        read: Any = json.loads(words, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unfit("damaged") from error
    is_map = isinstance(read, dict) and read.get("type") in _GEOMETRIES
    return "geojson" if is_map else "json"


def _refuse(_constant: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")
