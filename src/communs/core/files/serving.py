"""The answer that carries a file: never run, never guessed at, in part if a player asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from communs.core.files.queries import contents

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PARTIAL, _UNSATISFIABLE = 206, 416
_LOCKED = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Served:
    """A content as it is served; `tag` changes with its bytes."""

    path: str
    tag: str
    size: int
    name: str
    media_type: str
    inline: bool
    public: bool


def answer(request: HttpRequest, served: Served) -> HttpResponseBase:
    """Give the content, a part of it, or « not changed »; HEAD gives the headers alone."""
    etag = quote_etag(served.tag)
    given = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in given or f"W/{etag}" in given or given == ["*"]:
        return _dressed(HttpResponse(status=304), request, served)
    start, end, status = _part(request, served, etag)
    if status == _UNSATISFIABLE:
        response: HttpResponseBase = HttpResponse(status=status)
        response.headers["Content-Range"] = f"bytes */{served.size}"
        return _dressed(response, request, served)
    response = _body(request, served, start, end, status)
    response.headers["Content-Length"] = str(end - start)
    if status == _PARTIAL:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    return _dressed(response, request, served)


def _body(
    request: HttpRequest, served: Served, start: int, end: int, status: int
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=served.media_type)
    pieces: Iterator[bytes] = contents().chunks(served.path, start, end)
    return StreamingHttpResponse(pieces, status=status, content_type=served.media_type)


def _part(request: HttpRequest, served: Served, etag: str) -> tuple[int, int, int]:
    """Give from where, up to where (not counted), and the status; several ranges are not served."""
    whole = (0, served.size, 200)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    condition = request.headers.get("If-Range")
    if asked is None or not (asked[1] or asked[2]) or (condition and condition != etag):
        return whole
    if not asked[1]:
        start, end = max(0, served.size - int(asked[2])), served.size
    else:
        start = int(asked[1])
        end = min(served.size, int(asked[2]) + 1) if asked[2] else served.size
        if asked[2] and int(asked[2]) < start:
            return whole
    return (start, end, _PARTIAL) if start < end else (0, 0, _UNSATISFIABLE)


def _dressed(response: HttpResponseBase, request: HttpRequest, served: Served) -> HttpResponseBase:
    # Compressing on the way would break lengths and ranges, and most files are compressed already.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    disposition = content_disposition_header(not served.inline, served.name)
    headers = {
        "ETag": quote_etag(served.tag),
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=3600" if served.public else "private, no-cache",
        "Content-Disposition": disposition or "attachment",
        "Content-Security-Policy": _LOCKED,
        "Cross-Origin-Resource-Policy": "same-site",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "all" if served.public else "noindex",
    }
    for name, value in headers.items():
        response.headers[name] = value
    return response
