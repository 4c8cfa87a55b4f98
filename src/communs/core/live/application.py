"""The live process: keeps pages' connections open, and tells them what is new.

A small ASGI application beside the pages, without Django's requests: it reads a signed ticket and
the journal, and takes in what sensors send one reading at a time.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http.request import validate_host
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from communs.core.live import tickets
from communs.core.live.feed import Feed
from communs.core.live.health import as_told
from communs.core.live.hub import Hub, Reader
from communs.core.live.intake import Intake
from communs.core.live.topics import is_public

HEARTBEAT = 20.0  # seconds of silence after which a comment keeps proxies from hanging up
COMES_BACK = 3000  # milliseconds before a page that lost its connection tries again
MOST_TOPICS = 20
FIRST_LOOK = 10.0  # seconds that a page waits for a process that has just begun
_WAIT = 0.1
_DIGITS = 19  # of a place in a chain, at most
FROM_ONE_ADDRESS = 300  # a town hall stands behind one address


class Stream(Response):
    """One open page's answer, which ends when the page or the hub does; small: there are many."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, reader: Reader, last: int | None, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]  # nobody knows it
        self.hub, self.reader, self.last = hub, reader, last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        self.hub.join(self.reader, last=self.last)
        leaving = asyncio.create_task(self._until_gone(receive))
        try:
            await send(_body(self._opening()))
            while (frame := await self.reader.queue.get()) is not None:
                await send(_body(frame))
            await send(_body(b"", more=False))
        finally:
            leaving.cancel()
            self.hub.leave(self.reader)

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass  # the request's own body, which is empty
        self.reader.end()

    def _opening(self) -> bytes:
        at = self.hub.position(self.reader.community) if self.last is None else self.last
        return f"retry: {COMES_BACK}\nid: {at}\n: listening\n\n".encode()


class Live:
    """The application, its hub and its feed."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.feed = Feed(self._publish, self._begin)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heart: asyncio.Future[None] | None = None
        self._thread = threading.Thread(target=self.feed.run, name="feed", daemon=True)
        self.intake = Intake()
        # A router alone: what Starlette puts around it costs more than to take in a reading.
        self.application = Router(
            [
                Route("/{commune}/api/capteurs/{slug}", self.intake, methods=["POST"]),
                Route("/live/{slug}", self.listen),
                Route("/live/", self.health),
            ]
        )

    def start(self) -> None:
        """Begin to read the journal, for readers of the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()
        self.intake.start()
        self._heart = asyncio.ensure_future(self._beat())

    def stop(self) -> None:
        """End the streams, and stop reading."""
        self.feed.stopping.set()
        self.intake.stop()
        if self._heart is not None:
            self._heart.cancel()
        self.hub.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            self.hub.beat()

    def _publish(self, community: UUID, position: int, messages: list[tuple[str, dict]]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.hub.publish, community, position, messages)

    def _begin(self, community: UUID, position: int) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.hub.begin, community, position)

    async def listen(self, request: Request) -> Response:
        """Stream what is new on the asked topics: public ones, and those of the ticket."""
        origin = request.headers.get("origin", "")
        if origin and not _is_ours(origin):
            return PlainTextResponse("This site may not listen here.", 403)
        answer = await self._answer(request)
        if origin:  # of a refusal too, which the page could not read otherwise
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Vary"] = "Origin"
        return answer

    async def _answer(self, request: Request) -> Response:
        if not await self._knows_communities():
            return PlainTextResponse("The journal was not read yet.", 503, {"Retry-After": "5"})
        community = self.feed.slugs.get(request.path_params["slug"])
        if community is None:
            return PlainTextResponse("There is no such community.", 404)
        asked = frozenset(request.query_params.get("topics", "").split(",")) - {""}
        if not asked or len(asked) > MOST_TOPICS:
            return PlainTextResponse("Ask for one topic, and for twenty at most.", 400)
        if not _may_hear(asked, community, request.query_params.get("ticket", "")):
            return PlainTextResponse("This ticket is not for these topics.", 403)
        return self._stream(Reader(community, asked, _address(request)), request)

    async def _knows_communities(self) -> bool:
        """Wait for the first look at the journal: pages may be there before it."""
        patience = FIRST_LOOK
        while not self.feed.slugs and patience > 0:
            await asyncio.sleep(_WAIT)
            patience -= _WAIT
        return bool(self.feed.slugs)

    def _stream(self, reader: Reader, request: Request) -> Response:
        if self.hub.open_from(reader.address) >= FROM_ONE_ADDRESS:
            return PlainTextResponse("Too many pages are open.", 429, {"Retry-After": "60"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        last = request.headers.get("last-event-id") or request.query_params.get("last", "")
        return Stream(self.hub, reader, int(last) if _is_number(last) else None, headers)

    async def health(self, _request: Request) -> Response:
        """Tell machines how many listen, and how long ago the journal answered."""
        told = as_told(self.hub, self.feed)
        return JSONResponse(told, 200 if told["well"] else 503)


def _body(content: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, "more_body": more}


def _may_hear(asked: frozenset[str], community: UUID, text: str) -> bool:
    closed = frozenset(topic for topic in asked if not is_public(topic))
    if not closed:
        return True
    ticket = tickets.read(text)
    return ticket is not None and ticket.community == community and closed <= ticket.topics


def _is_ours(origin: str) -> bool:
    return validate_host(urlsplit(origin).hostname or "", settings.ALLOWED_HOSTS)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < _DIGITS


def _address(request: Request) -> str:
    """Give the reader's network address, as the trusted proxies tell it."""
    trusted: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    if trusted and len(told) >= trusted:
        return told[-trusted]
    return request.client.host if request.client else ""
