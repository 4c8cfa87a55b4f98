"""Open data as files: CSV, JSON, GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

_SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Give a CSV file: UTF-8, commas, decimal points, empty for unknown (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _open(response)


def json_file(data: Any, media_type: str = "application/json") -> HttpResponse:
    """Give a JSON document; amounts are decimal strings, unknown is null."""
    content = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    return _open(HttpResponse(content, content_type=media_type))


def feature_collection(features: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a GeoJSON collection (RFC 7946)."""
    return {"type": "FeatureCollection", "features": list(features)}


def feature(geometry: Any, properties: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Give a GeoJSON feature; a geometry may be unknown."""
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": dict(properties)}


def _cell(value: Any) -> Any:
    """Write a cell so that no spreadsheet takes a text for a formula."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_SPREADSHEET_FORMULA):
        return f"'{value}"
    return value


def _open(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
