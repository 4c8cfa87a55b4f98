"""The search, for programs: what the page finds, in the same order."""

from __future__ import annotations

from hashlib import blake2b
from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from communs.core.communities.addresses import url_of
from communs.core.kit.formats import json_file
from communs.core.registry.request import Request
from communs.core.search import queries
from communs.core.search.engine.extracts import extract
from communs.core.search.models import Document
from communs.core.search.queries import Found, Question
from communs.core.search.readers import Reader, reader_everywhere, reader_here

router = Router()

PAGE_SIZE = 20
Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Filter = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")]
LAST_PAGE = queries.MOST_RANKED // PAGE_SIZE


class Asked(Schema):
    """What is asked, and which page of what answers."""

    q: Words = Field(description="Words to find")
    service: Filter = Field("", description="Only what this service shows")
    kind: Filter = Field("", description="Only this kind, as in the answer")
    everywhere: bool = Field(
        default=False, description="Also what all other communities have published"
    )
    page: int = Field(1, ge=1, le=LAST_PAGE, description="Page of twenty results")


ASKED = Query(...)


class FoundOut(Schema):
    """Something found."""

    title: str = Field(description="Title of what was found")
    kind: str = Field(description="What it is, in English")
    service: str = Field(description="Service that shows it")
    community: str = Field(description="Community that it belongs to, as in addresses")
    language: str = Field(description="Language of its text")
    extract: str = Field(description="Piece of its text that holds the words asked")
    address: str = Field(description="Its page, from the root of the site")


class CorrectionOut(Schema):
    """A word that nothing held, and the known word it was taken for."""

    typed: str
    taken: str


class SearchOut(Schema):
    """What answers; `count` stops at 500 and then `more` is true; the 100 best are listed."""

    count: int
    more: bool
    page: int
    services: dict[str, int]
    kinds: dict[str, int]
    corrections: list[CorrectionOut]
    results: list[FoundOut]


@router.get("/search", response=SearchOut, url_name="search")
def search(request: HttpRequest, asked: Asked = ASKED) -> HttpResponse:
    """Find what this reader may read here; `everywhere` adds what all communes have published."""
    question = Question(asked.q, asked.service, asked.kind)
    found = queries.find(question, _reader(cast(Any, request), wide=asked.everywhere))
    return _tagged(request, json_file(_body(found, asked.page)))


def _reader(request: Request, *, wide: bool) -> Reader:
    if wide or request.community.is_metropolis:
        return reader_everywhere(request.user, on=timezone.localdate())
    return reader_here(request.user, request.running)


def _body(found: Found, page: int) -> dict[str, Any]:
    first = (page - 1) * PAGE_SIZE
    return {
        "count": found.count,
        "more": found.more,
        "page": page,
        "services": found.services,
        "kinds": found.kinds,
        "corrections": [{"typed": typed, "taken": taken} for typed, taken in found.corrections],
        "results": [_row(row, found) for row in found.documents[first : first + PAGE_SIZE]],
    }


def _row(row: Document, found: Found) -> dict[str, Any]:
    return {
        "title": row.title,
        "kind": row.kind,
        "service": row.service,
        "community": row.community.slug,
        "language": row.language,
        "extract": "".join(p.text for p in extract(row.text, found.asked, row.language)),
        "address": url_of(row.place or row.community, row.route, *row.args),
    }


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Name the content, and answer 304 to who has it; what depends on the reader is not shared."""
    tag = f'"{blake2b(response.content, digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
