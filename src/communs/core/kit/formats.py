"""Open data as files: CSV, JSON, GeoJSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

_SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_R = TypeVar("_R", bound=HttpResponseBase)
CSV = "text/csv; charset=utf-8"
_IN_MEMORY, _AT_ONCE = 1 << 20, 1 << 16  # bytes


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Give a CSV file: UTF-8, commas, decimal points, empty for unknown (RFC 4180)."""
    return _named(HttpResponse("".join(csv_lines(header, rows)), content_type=CSV), name)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give such a file line by line."""
    writer = csv.writer(_Echo())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


class Spool:
    """A long file, written once and kept beside memory, then given away piece by piece.

    It is whole before its first byte leaves: what is found wrong while it is written can still be
    answered otherwise, and what was checked is what is sent.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- see `_pieces`
        self._file.writelines(piece.encode() for piece in pieces)

    def answer(self, media_type: str, name: str = "") -> StreamingHttpResponse:
        """Give the file, streamed, with the name under which it is saved."""
        self._file.seek(0)
        response = StreamingHttpResponse(_pieces(self._file), content_type=media_type)
        return _named(response, name) if name else _open(response)

    def close(self) -> None:
        """Forget a file that is not to be sent."""
        self._file.close()


def json_file(data: Any, media_type: str = "application/json") -> HttpResponse:
    """Give a JSON document; amounts are decimal strings, unknown is null."""
    content = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    return open_file(content, media_type)


def open_file(content: str, media_type: str) -> HttpResponse:
    """Give a text that pages of other sites may read too."""
    return _open(HttpResponse(content, content_type=media_type))


def feature_collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a GeoJSON collection (RFC 7946)."""
    return {"type": "FeatureCollection", "features": list(features)}


def feature(geometry: Any, properties: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Give a GeoJSON feature; a geometry may be unknown."""
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": dict(properties)}


def _cell(value: Any) -> Any:
    """Write a cell as JSON would; no spreadsheet takes a text for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.startswith(_SPREADSHEET_FORMULA):
        return f"'{value}"
    return value


class _Echo:
    """A file for `csv` that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_AT_ONCE):
            yield piece


def _named(response: _R, name: str) -> _R:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _open(response)


def _open(response: _R) -> _R:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
