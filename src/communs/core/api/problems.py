"""Errors for programs, as problem documents (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from ninja import Schema


class FieldProblem(Schema):
    """What is wrong with one value."""

    field: str
    detail: str


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    field: str | None = None
    errors: list[FieldProblem] | None = None


MEDIA_TYPE = "application/problem+json"


def problem(code: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """Give a problem document of this HTTP status."""
    body = {"type": "about:blank", "title": title, "status": code} | more
    if detail:
        body["detail"] = detail
    content = json.dumps(body, ensure_ascii=False)
    return HttpResponse(content, content_type=MEDIA_TYPE, status=code)
