"""The live process lets in whom it should, streams what is new, and says how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from communs.core.live import application, page, tickets, topics
from communs.core.live.application import Live
from communs.core.live.health import live_health

HERE = uuid4()


@dataclass
class Call:
    """One request to the application, and what came back until `enough` says so."""

    live: Live
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    path: str = "/live/antony"
    status: int = 0
    answered: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    enough: Callable[[bytes], bool] = lambda _body: False
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def make(self) -> Call:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in self.headers.items()],
            "client": ("10.0.0.1", 1),
            "server": ("localhost", 80),
            "scheme": "http",
            "root_path": "",
        }
        await self.live.application(scope, self._receive, self._send)
        return self

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.body += message.get("body", b"")
        if self.enough(self.body):
            self.gone.set()


@pytest.fixture(autouse=True)
def one_public_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_public", {"news"})


@pytest.fixture
def live() -> Live:
    made = Live()
    made.feed.slugs = {"antony": HERE, "sceaux": uuid4()}
    return made


def ask(live: Live, query: str, **facts: Any) -> Call:
    return asyncio.run(Call(live, query, **facts).make())


def test_public_topics_need_no_ticket_and_a_stream_begins_at_once(live: Live) -> None:
    live.hub.begin(HERE, 7)
    call = ask(live, "topics=news", enough=lambda body: b"listening" in body)
    assert (call.status, call.answered["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert call.body == b"retry: 3000\nid: 7\n: listening\n\n"
    assert call.answered["cache-control"] == "no-store"
    assert live.hub.readers == 0, "who leaves is forgotten"


def test_news_arrive_and_silence_is_kept_alive(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "HEARTBEAT", 0.01)

    async def scene() -> Call:
        call = Call(live, "topics=news", enough=lambda body: body.count(b"\n\n") >= 3)
        made = asyncio.create_task(call.make())
        live._heart = asyncio.ensure_future(live._beat())
        while b"here" not in call.body:  # noqa: ASYNC110 -- the stream has no event to wait for
            await asyncio.sleep(0.005)
        live.hub.publish(HERE, 9, [("news", {"grant": "x"})])
        await made
        live._heart.cancel()
        return call

    call = asyncio.run(scene())
    assert b": here\n\n" in call.body
    assert b'id: 9\ndata: {"topic":"news","grant":"x"}\n\n' in call.body


@pytest.mark.parametrize("given", ["header", "query"])
def test_who_comes_back_says_where_it_was(live: Live, given: str) -> None:
    live.hub.begin(HERE, 7)
    for position in (8, 9):
        live.hub.publish(HERE, position, [("news", {})])
    facts: dict[str, Any] = {"headers": {"last-event-id": "8"}} if given == "header" else {}
    query = "topics=news" + ("&last=8" if given == "query" else "")
    call = ask(live, query, enough=lambda body: b"id: 9" in body, **facts)
    assert call.body == b'retry: 3000\nid: 8\n: listening\n\nid: 9\ndata: {"topic":"news"}\n\n'


@pytest.mark.parametrize(
    ("query", "facts", "status"),
    [
        ("", {}, 400),
        ("topics=" + ",".join(f"t{n}" for n in range(21)), {}, 400),
        ("topics=person.1", {}, 403),
        ("topics=news,person.1", {}, 403),
        ("topics=person.1&ticket=forged", {}, 403),
        ("topics=news", {"path": "/live/nowhere"}, 404),
        ("topics=news", {"headers": {"origin": "https://evil.example"}}, 403),
    ],
)
def test_what_may_not_be_heard_is_refused(live: Live, query: str, facts: dict, status: int) -> None:
    assert ask(live, query, **facts).status == status


def test_a_ticket_opens_its_topics_in_its_community_only(live: Live) -> None:
    ticket = tickets.issue(HERE, ["person.1"])
    elsewhere = tickets.issue(live.feed.slugs["sceaux"], ["person.1"])
    begun = lambda body: b"listening" in body  # noqa: E731
    answers = {
        "its own": ask(live, f"topics=news,person.1&ticket={ticket}", enough=begun).status,
        "another topic": ask(live, f"topics=person.2&ticket={ticket}").status,
        "another community": ask(live, f"topics=person.1&ticket={elsewhere}").status,
    }
    assert answers == {"its own": 200, "another topic": 403, "another community": 403}


def test_a_ticket_lasts_twelve_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = tickets.issue(HERE, ["person.1"])
    assert tickets.read(ticket) == tickets.Ticket(HERE, frozenset({"person.1"}))
    monkeypatch.setattr(tickets, "_AGE", -1)
    assert tickets.read(ticket) is None


def test_our_own_pages_on_another_port_are_let_in(live: Live) -> None:
    begun = lambda body: b"listening" in body  # noqa: E731
    headers = {"origin": "http://antony.localhost:8000"}
    call = ask(live, "topics=news", headers=headers, enough=begun)
    assert call.answered["access-control-allow-origin"] == "http://antony.localhost:8000"


def test_our_own_pages_read_why_they_are_refused(live: Live) -> None:
    ours = {"origin": "http://antony.localhost:8000"}
    call = ask(live, "topics=person.1", headers=ours)
    assert (call.status, call.answered["access-control-allow-origin"]) == (403, ours["origin"])
    theirs = ask(live, "topics=news", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in theirs.answered


def test_a_page_that_is_there_first_waits_for_the_first_look(live: Live) -> None:
    known, live.feed.slugs = live.feed.slugs, {}

    async def scene() -> Call:
        call = Call(live, "topics=news", enough=lambda body: b"listening" in body)
        made = asyncio.create_task(call.make())
        await asyncio.sleep(0)
        assert call.status == 0, "neither refused nor let in"
        live.feed.slugs = known
        return await made

    assert asyncio.run(scene()).status == 200


def test_a_page_does_not_wait_for_ever(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "FIRST_LOOK", 0.01)
    live.feed.slugs = {}
    call = ask(live, "topics=news")
    assert (call.status, call.answered["retry-after"]) == (503, "5")


def test_one_address_opens_so_many_pages(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "FROM_ONE_ADDRESS", 0)
    call = ask(live, "topics=news")
    assert (call.status, call.answered["retry-after"]) == (429, "60")


@pytest.mark.parametrize(("trusted", "address"), [(0, "10.0.0.1"), (1, "9.9.9.9"), (2, "8.8.8.8")])
def test_the_address_is_what_trusted_proxies_say(settings: Any, trusted: int, address: str) -> None:
    from starlette.requests import Request

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    headers = [(b"x-forwarded-for", b"1.2.3.4, 8.8.8.8, 9.9.9.9")]
    request = Request({"type": "http", "headers": headers, "client": ("10.0.0.1", 1)})
    assert application._address(request) == address


def test_a_stop_ends_the_streams(live: Live) -> None:
    async def scene() -> Call:
        call = Call(live, "topics=news")
        made: Awaitable[Call] = asyncio.create_task(call.make())
        while b"listening" not in call.body:  # noqa: ASYNC110 -- the same
            await asyncio.sleep(0.005)
        live.stop()
        return await asyncio.wait_for(made, 2)

    assert asyncio.run(scene()).status == 200


def test_it_is_unwell_until_the_journal_answered(live: Live) -> None:
    assert ask(live, "", path="/live/").status == 503


def test_without_it_the_health_warns_and_pages_ask(settings: Any) -> None:
    settings.COMMUNS_LIVE, settings.COMMUNS_LIVE_PORT = ":1", 1
    assert live_health()[0] == "warning"
    settings.COMMUNS_LIVE = ""
    assert live_health()[0] == "ok"


@pytest.mark.django_db
def test_a_page_learns_where_to_listen(antony: Any, administrator: Any, settings: Any) -> None:
    for place, address in (("", ""), (":8001", ":8001/live/antony"), ("/live/", "/live/antony")):
        settings.COMMUNS_LIVE = place
        assert page.listening(antony, None) == page.Listening(address, "", "")
    signed = page.listening(antony, administrator)
    ticket = tickets.read(signed.ticket)
    assert ticket == tickets.Ticket(antony.pk, frozenset({signed.own}))
