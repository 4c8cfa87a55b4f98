"""What public places say now, for who asks again, and for who would rather listen.

The list has a tag, so that asking again costs little while nothing changes; `last` is a place in
the journal from which a listener hears all that came after the list.
"""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from communs.core.journal.models import Chain
from communs.core.kit.formats import json_file
from communs.core.registry.request import Request
from communs.core.registry.service import noop
from communs.core.sensing.enums import Doubt, Property
from communs.core.sensing.standards.port import Published
from communs.core.sensing.standards.states import states_of

TOPIC = "{}.states"


class StateOut(Schema):
    """What a place says now; a value that is not believed is null, and `doubt` says why."""

    place: str = Field(description=noop("Key of the place, the same in every standard"))
    property: Property
    value: float | None = Field(description=noop("Presence: 1 taken, 0 free"))
    doubt: Doubt
    since: dt.datetime | None = Field(description=noop("When it began to say so"))
    until: dt.datetime | None = Field(description=noop("Without news, not believed from then on"))


class StatesOut(Schema):
    """Every public place of a service."""

    last: int = Field(description="Listen with `last` to hear all that came after this list")
    count: int
    states: list[StateOut]


def router_for(published: Published, key: str) -> Router:
    """Give the list of a service’s states, and the way to listen to their changes."""
    router = Router()

    def states(request: HttpRequest) -> HttpResponse:
        """List what public places say now, with a tag to ask again by."""
        return _tagged(request, published)

    def listen(request: HttpRequest) -> HttpResponse:
        """Lead to the stream of changes (server-sent events)."""
        return _stream(cast(Request, request), key)

    name = f"{key}_states"
    router.add_api_operation(
        "/etats", ["GET"], states, response=StatesOut, url_name=name, operation_id=name
    )
    router.add_api_operation(
        "/etats/flux", ["GET"], listen, include_in_schema=False, url_name=f"{name}_stream"
    )
    return router


def _tagged(request: HttpRequest, published: Published) -> HttpResponse:
    chain = Chain.objects.order_by("-position").first()  # before the states: nothing falls between
    told = states_of(published, timezone.now())
    tag = f'W/"{blake2b(repr(told).encode(), digest_size=12).hexdigest()}"'
    answer: HttpResponse
    if tag in {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}:
        answer = HttpResponseNotModified()
    else:
        body: dict[str, Any] = {"last": chain.position if chain is not None else 0}
        answer = json_file(body | {"count": len(told), "states": told})
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _stream(request: Request, key: str) -> HttpResponse:
    """Send a listener to the live process, which keeps connections open; without it, 404."""
    place = settings.COMMUNS_LIVE
    if not place:
        raise Http404(key)
    host = request.get_host().rpartition(":")[0] or request.get_host()
    start = f"{request.scheme}://{host}{place}/live/" if place.startswith(":") else place
    last = request.headers.get("Last-Event-ID") or request.GET.get("last", "")
    more = f"&last={last}" if last.isascii() and last.isdigit() else ""
    answer = HttpResponse(status=307)
    answer.headers["Location"] = f"{start}{request.community.slug}?topics={TOPIC.format(key)}{more}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
