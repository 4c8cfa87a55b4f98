"""Errors for programs, as problem documents (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"


def problem(code: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """Give a problem document of this HTTP status."""
    body = {"type": "about:blank", "title": title, "status": code} | more
    if detail:
        body["detail"] = detail
    content = json.dumps(body, ensure_ascii=False)
    return HttpResponse(content, content_type=MEDIA_TYPE, status=code)
