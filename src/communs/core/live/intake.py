"""Readings sent one at a time: those that wait are kept together, and each sender is told its own.

The same address, secret, answer and checks as the API's, whose process keeps each request by
itself; a proxy may lead either here. While one batch is written the next one gathers.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import Error, InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import timezone
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from communs.core.communities.queries import address
from communs.core.communities.scope import within
from communs.core.sensing import queries
from communs.core.sensing.actions import digest_of
from communs.core.sensing.engine.decoding import decoder
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.enums import Outcome
from communs.core.sensing.intake import Taken, take
from communs.core.sensing.models import Source

log = logging.getLogger(__name__)

MOST_WAITING = 5_000
MOST_AT_ONCE = 1_000
MOST_BYTES = 2_621_440  # as Django's own requests
MEDIA_TYPE = "application/problem+json"
LINGER = 0.01  # seconds that those just answered are waited for, who often speak again
_AWAY = (OperationalError, InterfaceError)
_BEARER = "Bearer "

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Sent:
    """A request that waits: to whom, with which secret, saying what."""

    commune: str
    slug: str
    secret: str
    body: bytes
    answer: asyncio.Future[Answer] = field(repr=False)


class Intake:
    """What waits, and the one hand that keeps it."""

    def __init__(self) -> None:
        self.waiting: list[Sent] = []
        self._some = asyncio.Event()
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to keep what comes, in the running loop."""
        self._keeping = asyncio.ensure_future(self._keep_on())

    def stop(self) -> None:
        """Keep no more: who still waits is told to come again."""
        if self._keeping is not None:
            self._keeping.cancel()
        for sent in self.waiting:
            _tell(sent, _again())
        self._hand.shutdown(wait=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request once what it says is kept."""
        headers = dict(scope["headers"])
        if len(self.waiting) >= MOST_WAITING:
            answer = _again()
        elif (body := await _body_of(headers, receive)) is None:
            answer = _problem(413, "Payload Too Large")
        else:
            loop, path = asyncio.get_running_loop(), scope["path_params"]
            secret = _secret_of(headers)
            sent = Sent(path["commune"], path["slug"], secret, body, loop.create_future())
            self.waiting.append(sent)
            self._some.set()
            answer = await sent.answer
        await _told(answer)(scope, receive, send)

    async def _keep_on(self) -> None:
        loop, answered = asyncio.get_running_loop(), 0
        while True:
            await self._some.wait()
            if len(self.waiting) < answered:
                await asyncio.sleep(LINGER)
            batch, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]
            answered = len(batch)
            if not self.waiting:
                self._some.clear()
            try:
                answers = await loop.run_in_executor(self._hand, keep, batch)
            except Exception:
                log.exception("readings could not be kept")
                answers = [_again()] * len(batch)
            for sent, answer in zip(batch, answers, strict=True):
                _tell(sent, answer)


def keep(batch: Sequence[Sent]) -> list[Answer]:
    """Keep what was sent, a transaction a source; give each one's answer, in order."""
    close_old_connections()
    by_source: dict[tuple[str, str], list[Sent]] = {}
    for sent in batch:
        by_source.setdefault((sent.commune, sent.slug), []).append(sent)
    answers: dict[int, Answer] = {}
    for (commune, slug), together in by_source.items():
        try:
            found = _of_source(commune, slug, together)
        except _AWAY as error:
            log.warning("the database does not take readings: %s", type(error).__name__)
            found = [_again()] * len(together)
        answers |= zip(map(id, together), found, strict=True)
    return [answers[id(sent)] for sent in batch]


def _of_source(commune: str, slug: str, sent: Sequence[Sent]) -> list[Answer]:
    where = address(host="", segment=commune)
    if where.community is None or not where.by_segment:
        return [_problem(404, "Not Found")] * len(sent)
    with within(where.community):
        source = queries.source_named(slug)
        known = [source is not None and source.on and _is_secret(source, one) for one in sent]
        let_in = [one for one, fine in zip(sent, known, strict=True) if fine]
        taken = iter(_taken(source, let_in) if source is not None and let_in else ())
        return [next(taken) if fine else _problem(401, "Unauthorized") for fine in known]


def _is_secret(source: Source, sent: Sent) -> bool:
    return hmac.compare_digest(source.digest, digest_of(sent.secret))


def _taken(source: Source, sent: Sequence[Sent]) -> list[Answer]:
    """Take everything together when all of it is new, else one after another in one commit."""
    at, decode = queries.milliseconds(timezone.now()), decoder(source.protocol)
    read = [decode(one.body, received=at, mapping=source.mapping) for one in sent]
    with transaction.atomic():
        if _are_new(source, [one for readings in read for one in readings], at):
            return [(200, Taken(Counter({Outcome.KEPT: len(told)})).told()) for told in read]
        return [_alone(source, readings, at) for readings in read]


def _are_new(source: Source, readings: Sequence[Reading | Malformed], at: int) -> bool:
    """Keep readings when each of them is fine and new; keep none of them otherwise."""
    try:
        with transaction.atomic():
            taken = take(source=source, readings=readings, at=at, by=None)
            is_new = set(+taken.counts) <= {Outcome.KEPT}
            transaction.set_rollback(not is_new)
    except _AWAY:
        raise
    except (Error, ValueError, ArithmeticError):
        return False  # one of them is at fault: `_alone` finds which
    return is_new


def _alone(source: Source, readings: Sequence[Reading | Malformed], at: int) -> Answer:
    try:
        return 200, take(source=source, readings=readings, at=at, by=None).told()
    except _AWAY:
        raise
    except (Error, ValueError, ArithmeticError):
        log.exception("a request of source %s could not be taken", source.slug)
        return _problem(500, "Internal Server Error")


def _secret_of(headers: dict[bytes, bytes]) -> str:
    told = headers.get(b"authorization", b"").decode("latin-1")
    return told.removeprefix(_BEARER) if told.startswith(_BEARER) else ""


async def _body_of(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """Read a body; None when it is too large, which is known before all of it is read.

    Nobody is there to answer when its sender goes before the end: what came is not kept.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        return None
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return None
    return body


def _problem(status: int, title: str) -> Answer:
    return status, {"type": "about:blank", "title": title, "status": status}


def _again() -> Answer:
    return _problem(503, "Service Unavailable")


def _tell(sent: Sent, answer: Answer) -> None:
    if not sent.answer.done():  # done when its sender has gone
        sent.answer.set_result(answer)


_MORE = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}


def _told(answer: Answer) -> JSONResponse:
    status, body = answer
    kind = "application/json" if status == 200 else MEDIA_TYPE  # noqa: PLR2004 -- what went well
    return JSONResponse(body, status, _MORE.get(status), kind)
