"""Readings that wait are kept together, and each sender is told what became of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import OperationalError
from django.utils import timezone
from starlette.routing import Route, Router

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.live import intake
from communs.core.live.intake import Intake, Sent, keep
from communs.core.sensing import actions
from communs.core.sensing.models import Observation, Source
from tests.core.api.test_sensing import said, secret, send

pytestmark = pytest.mark.django_db
__all__ = ["secret"]


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's transaction outlives what keeps the batch."""
    monkeypatch.setattr(intake, "close_old_connections", lambda: None)


def sent(secret: str, body: Any, commune: str = "antony", slug: str = "rue") -> Sent:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    nobody_waits = cast("asyncio.Future[intake.Answer]", None)
    return Sent(commune, slug, secret, content, nobody_waits)


def kept(antony: Community) -> int:
    with within(antony):
        return Observation.objects.filter(
            thing=Source.objects.get(slug="rue").things.get().number
        ).count()


def one(count: int) -> dict[str, Any]:
    return {"kept": count, "doubled": 0, "late": 0, "refused": {}}


def test_what_waits_is_kept_in_one_event(secret: str, antony: Community) -> None:
    with within(antony):
        before = Event.objects.count()
    waiting = [sent(secret, said(minutes)) for minutes in (5, 4, 3)]
    waiting.append(sent(secret, [said(2), said(1, taken=False)]))
    assert keep(waiting) == [(200, one(1))] * 3 + [(200, one(2))]
    assert kept(antony) == 5
    with within(antony):
        assert Event.objects.count() == before + 1


def test_each_sender_is_told_of_its_own_when_one_is_at_fault(
    secret: str, antony: Community
) -> None:
    fine, again = said(4), said(3)
    assert keep([sent(secret, again)]) == [(200, one(1))]
    told = keep(
        [
            sent(secret, fine),
            sent(secret, again),
            sent(secret, said(2, code="zz")),
            sent(secret, b"{"),
        ]
    )
    assert [status for status, _body in told] == [200] * 4
    assert [body["kept"] for _status, body in told] == [1, 0, 0, 0]
    assert [body["late"] for _status, body in told] == [1, 0, 0, 0]
    assert [body["doubled"] for _status, body in told] == [0, 1, 0, 0]
    assert told[2][1]["refused"] == {"unknown_thing": 1}
    assert sum(told[3][1]["refused"].values()) == 1
    assert kept(antony) == 2


def test_the_answer_is_the_api_s_own(secret: str) -> None:
    body = [said(3), said(1, code="zz")]
    with_api = send(secret, body).json()
    assert keep([sent(secret, body)]) == [(200, with_api | {"kept": 0, "doubled": 1})]


def test_nobody_is_let_in_by_another_s_secret(
    secret: str, antony: Community, sceaux: Community
) -> None:
    with within(sceaux):
        _source, other = actions.add_source(slug="rue", name="Rue", by=None)
    told = keep(
        [
            sent("", said(1)),
            sent(other, said(1)),
            sent(secret, said(1), slug="elsewhere"),
            sent(secret, said(1), commune="sceaux"),
            sent(secret, said(1), commune="nowhere"),
            sent(secret, said(1)),
        ]
    )
    assert [status for status, _body in told] == [401, 401, 401, 401, 404, 200]
    assert kept(antony) == 1


def test_a_source_that_is_off_takes_nothing(secret: str, antony: Community) -> None:
    with within(antony):
        actions.set_source(source=Source.objects.get(slug="rue"), values={"on": False}, by=None)
    assert [status for status, _body in keep([sent(secret, said(1))])] == [401]


def test_without_its_database_everyone_is_asked_to_come_again(
    secret: str, antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_facts: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as context:
        context.setattr(intake, "take", away)
        assert [status for status, _body in keep([sent(secret, said(1))])] == [503]
    assert kept(antony) == 0


def test_one_that_cannot_be_kept_holds_up_no_other(
    secret: str, antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = intake.take

    def take(**facts: Any) -> Any:
        if any(getattr(reading, "value", 0) == 0 for reading in facts["readings"]):
            raise ArithmeticError
        return real(**facts)

    monkeypatch.setattr(intake, "take", take)
    told = keep([sent(secret, said(3)), sent(secret, said(2, taken=False)), sent(secret, said(1))])
    assert [status for status, _body in told] == [200, 500, 200]
    assert kept(antony) == 2


Asked = Callable[..., tuple[int, dict[str, str], dict[str, Any]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Ask the application, whose hand tells what it was given instead of keeping it."""
    batches: list[list[Sent]] = []

    def hold(batch: list[Sent]) -> list[Any]:
        batches.append(batch)
        return [(200, {"bytes": len(sent.body), "secret": sent.secret}) for sent in batch]

    monkeypatch.setattr(intake, "keep", hold)

    async def ask(bodies: list[bytes], headers: dict[str, str]) -> list[Any]:
        taking, answers = Intake(), []
        path = "/{commune}/api/capteurs/{slug}"
        application = Router([Route(path, taking, methods=["POST"])])
        taking.start()

        async def one(body: bytes) -> None:
            head: dict[str, Any] = {}
            content = bytearray()

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any) -> None:
                head.update(message if message["type"] == "http.response.start" else {})
                content.extend(message.get("body", b""))

            scope = {
                "type": "http",
                "method": "POST",
                "path": "/antony/api/capteurs/rue",
                "query_string": b"",
                "root_path": "",
                "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            }
            await application(scope, receive, send)
            kept_headers = {k.decode(): v.decode() for k, v in head["headers"]}
            answers.append((head["status"], kept_headers, json.loads(content)))

        await asyncio.gather(*map(one, bodies))
        taking.stop()
        return answers

    def do(*bodies: bytes, **headers: str) -> Any:
        answers = asyncio.run(ask(list(bodies), headers))
        return answers if len(bodies) > 1 else answers[0]

    do.batches = batches  # type: ignore[attr-defined]
    return do


def test_a_request_is_heard_with_its_secret(asked: Asked) -> None:
    status, _headers, body = asked(b"{}", authorization="Bearer abc")
    assert (status, body) == (200, {"bytes": 2, "secret": "abc"})
    assert asked(b"{}", authorization="Basic abc")[2]["secret"] == ""


def test_requests_that_come_together_are_kept_together(asked: Any) -> None:
    answers = asked(*[b"x" * size for size in range(1, 9)])
    assert sorted(body["bytes"] for _status, _headers, body in answers) == list(range(1, 9))
    assert len(asked.batches) < 8


def test_a_request_that_is_too_large_is_refused_before_it_is_read(asked: Any) -> None:
    status, _headers, body = asked(b"x", **{"content-length": "3000000"})
    assert (status, body["status"]) == (413, 413)
    assert asked(b"x" * 2_700_000)[0] == 413
    assert asked.batches == []


def test_who_comes_to_a_full_house_is_asked_to_come_again(
    asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 0)
    status, headers, _body = asked(b"{}")
    assert (status, headers["retry-after"]) == (503, "5")


def test_those_just_answered_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def hold(batch: list[Sent]) -> list[Any]:
        sizes.append(len(batch))
        return [(200, {})] * len(batch)

    async def speak_twice(taking: Intake, place: int) -> None:
        await answered(taking)
        for _turn in range(5 * place):  # each comes back later than the one before
            await asyncio.sleep(0)
        await answered(taking)

    async def many() -> None:
        taking = Intake()
        taking.start()
        await asyncio.gather(*(speak_twice(taking, place) for place in range(5)))
        taking.stop()

    monkeypatch.setattr(intake, "keep", hold)
    monkeypatch.setattr(intake, "LINGER", 0.5)
    asyncio.run(many())
    assert sizes == [5, 5]


def test_nobody_is_waited_for_when_one_alone_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    async def alone() -> None:
        taking = Intake()
        taking.start()
        for _time in range(3):
            await asyncio.wait_for(answered(taking), 10)
        taking.stop()

    monkeypatch.setattr(intake, "keep", lambda batch: [(200, {})] * len(batch))
    monkeypatch.setattr(intake, "LINGER", 3_600)
    asyncio.run(alone())


def test_a_sender_who_goes_in_the_middle_has_said_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    part = {"type": "http.request", "body": b'{"device"', "more_body": True}

    def hold(batch: list[Sent]) -> list[Any]:
        heard.extend(batch)
        return [(200, {})] * len(batch)

    async def go() -> None:
        taking = Intake()
        taking.start()
        await answered(taking, part, {"type": "http.disconnect"})
        taking.stop()

    monkeypatch.setattr(intake, "keep", hold)
    asyncio.run(go())
    assert heard == []


async def answered(taking: Intake, *told: dict[str, Any]) -> list[Any]:
    """Say one thing, in parts; give what came back."""
    parts = iter(told or [{"type": "http.request", "body": b"{}", "more_body": False}])
    answers: list[Any] = []

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        answers.append(message)

    path = {"commune": "antony", "slug": "rue"}
    await taking({"type": "http", "headers": [], "path_params": path}, receive, send)
    return answers


def test_a_reading_without_its_time_is_of_the_moment_it_came(
    secret: str, antony: Community
) -> None:
    began = timezone.now()
    assert keep([sent(secret, {"device": "a1", "presence": True})]) == [(200, one(1))]
    with within(antony):
        at = Observation.objects.latest("at").at / 1000
    assert began.timestamp() - 1 <= at <= (began + timedelta(minutes=5)).timestamp()
