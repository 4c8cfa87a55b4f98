"""Which reads go to the replica; the real one is in .ci/drill."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from communs.project import operating, routing
from communs.project.routing import REPLICA, ReadsFromReplica, Router, Watch

REQUESTS = RequestFactory()


class _Free:
    in_atomic_block = False

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replica that is well, and no transaction."""
    monkeypatch.setattr(routing, "connections", {"default": _Free(), REPLICA: _Free()})
    monkeypatch.setattr(routing, "_keeps_up", lambda: True)
    monkeypatch.setattr(routing, "watch", Watch())


def read_by(request: HttpRequest) -> tuple[str | None, HttpResponse]:
    seen: list[str | None] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(Router().db_for_read(None))
        return HttpResponse()

    answer = ReadsFromReplica(view)(request)
    return seen[0], answer


def with_cookie(request: HttpRequest, name: str) -> HttpRequest:
    request.COOKIES[name] = "1"
    return request


def test_a_visitors_page_is_read_from_the_replica() -> None:
    assert read_by(REQUESTS.get("/communes/"))[0] == REPLICA
    assert Router().db_for_read(None) is None


def test_whoever_is_signed_in_or_just_wrote_reads_the_database(settings: Any) -> None:
    session = with_cookie(REQUESTS.get("/"), settings.SESSION_COOKIE_NAME)
    assert read_by(session)[0] is None
    source, answer = read_by(REQUESTS.post("/"))
    assert source is None
    (cookie,) = answer.cookies.values()
    assert (cookie.key, cookie["max-age"], cookie["httponly"]) == ("communs-wrote", 10, True)
    assert read_by(with_cookie(REQUESTS.get("/"), cookie.key))[0] is None
    assert read_by(REQUESTS.get("/sante"))[0] is None


def test_a_transaction_reads_where_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Free, "in_atomic_block", True)
    assert read_by(REQUESTS.get("/"))[0] is None


def test_a_replica_that_lags_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "_keeps_up", lambda: False)
    assert read_by(REQUESTS.get("/"))[0] is None


def test_what_fails_on_the_replica_is_asked_of_the_database() -> None:
    sources: list[str | None] = []

    def view(_request: HttpRequest) -> HttpResponse:
        sources.append(Router().db_for_read(None))
        if sources[-1] == REPLICA:
            raise OperationalError("gone")
        return HttpResponse("here")

    request = REQUESTS.get("/communes/")
    request.resolver_match = type(
        "Match", (), {"func": staticmethod(view), "args": (), "kwargs": {}}
    )

    def answers(asked: HttpRequest) -> HttpResponse:
        try:
            return view(asked)
        except OperationalError as error:
            return reads.process_exception(asked, error)

    reads = ReadsFromReplica(answers)
    assert reads(request).content == b"here"
    assert sources == [REPLICA, None]
    assert read_by(REQUESTS.get("/"))[0] is None


def test_another_failure_is_not_hidden() -> None:
    reads = ReadsFromReplica(lambda _request: HttpResponse())
    assert reads.process_exception(REQUESTS.get("/"), OperationalError("gone")) is None
    token = routing._reading.set(True)
    try:
        assert reads.process_exception(REQUESTS.get("/"), ValueError("no")) is None
    finally:
        routing._reading.reset(token)


def test_the_replica_takes_no_migration() -> None:
    assert Router().allow_migrate(REPLICA, "fund") is False
    assert Router().allow_migrate("default", "fund") is None


def test_the_replica_is_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    main = {"ENGINE": "communs.core.communities.postgresql"}
    assert operating.databases(main) == {"default": main}
    monkeypatch.setenv("COMMUNS_REPLICA_URL", "postgres://ann@copy/communs")
    found = operating.databases(main)
    assert (found["replica"]["HOST"], found["replica"]["TEST"]) == ("copy", {"MIRROR": "default"})
    with pytest.raises(operating.ImproperlyConfigured, match="COMMUNS_REPLICA_URL"):
        operating.databases({"ENGINE": "communs.core.communities.sqlite"})
