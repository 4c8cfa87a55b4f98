"""Metrics and logs: what happened, never who."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communs.core.jobs.worker import Worker
from communs.project import logs

TOKEN = "a token of twenty-odd characters"


@pytest.fixture
def lines(settings: Any) -> Iterator[io.StringIO]:
    """What the logs say, as JSON."""
    settings.COMMUNS_LOGS = "json"
    chosen = logs.settings("json")
    stream = io.StringIO()
    before = logging.root.handlers[:], logging.root.level
    chosen["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(chosen)
    yield stream
    logging.root.handlers[:], logging.root.level = before
    for name in chosen["loggers"]:
        logging.getLogger(name).setLevel(logging.NOTSET)


def told(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_request_is_one_line_that_names_its_route(client: Client, lines: io.StringIO) -> None:
    answer = client.get("/antony/?q=secret", headers={"x-request-id": "trace-0001"})
    (line,) = [one for one in told(lines) if one["logger"] == "communs.requests"]
    assert answer.headers["X-Request-ID"] == line["request"] == "trace-0001"
    facts = {key: line[key] for key in ("method", "route", "status", "community", "level")}
    assert facts == {
        "method": "GET", "route": "web:home", "status": 200, "community": "antony", "level": "info",
    }  # fmt: skip
    assert line["queries"] > 0
    assert 0 <= line["db_ms"] <= line["ms"]
    assert "secret" not in lines.getvalue()


@pytest.mark.django_db
def test_a_request_id_that_is_not_sane_is_replaced(client: Client) -> None:
    for bad in ("short", "x" * 65, "a b c d e f", 'quote"quote'):
        given = client.get("/robots.txt", headers={"x-request-id": bad}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)


@pytest.mark.django_db
def test_a_whole_sign_in_leaves_neither_address_code_nor_network(
    client: Client, lines: io.StringIO
) -> None:
    address, network = "antony@demo.example", "203.0.113.77"
    client.get("/compte/connexion/", {"next": f"/?mail={address}"}, REMOTE_ADDR=network)
    client.post("/compte/connexion/", {"login": address}, REMOTE_ADDR=network)
    while not mail.outbox and Worker().turn(at=timezone.now()):
        pass
    (letter,) = mail.outbox
    (code,) = re.findall(r"^    (\d{4}-\d{4})$", letter.body, re.MULTILINE)
    client.post("/compte/connexion/code/", {"code": code}, REMOTE_ADDR=network)
    assert client.session["_auth_user_id"]
    logging.getLogger("communs").warning("from %s for %s", network, address)
    said = lines.getvalue()
    assert len(told(lines)) >= 4
    assert [word for word in (address, code, network) if word in said] == []


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("for ann@example.org.", "for <address>."),
        ("from 203.0.113.7:8000", "from <network>:8000"),
        ("from 2001:db8::1 and ::1", "from <network> and <network>"),
        ("GET /page?email=a&x=b HTTP", "GET /page?… HTTP"),
        ("at 12:34:56, version 0.1.0", "at 12:34:56, version 0.1.0"),
        ({"a": ["ann@example.org", 3, None]}, {"a": ["<address>", 3, None]}),
    ],
)
def test_what_may_name_somebody_is_masked(value: object, masked: object) -> None:
    assert logs.without_people(None, "info", {"event": value}) == {"event": masked}


@pytest.mark.django_db
def test_metrics_count_requests_by_route(client: Client) -> None:
    def count() -> float:
        text = client.get("/metriques").content.decode()
        name = 'communs_request_seconds_count{method="GET",route="robots",status="200"}'
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0

    before = count()
    client.get("/robots.txt")
    client.get("/robots.txt")
    assert count() == before + 2


@pytest.mark.django_db
def test_metrics_tell_what_the_database_holds(client: Client) -> None:
    text = client.get("/metriques").content.decode()
    told = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:8] == "communs_")
    assert float(told['communs_communities{kind="metropolis"}']) == 1
    assert {
        'communs_jobs{state="dead"}', "communs_job_oldest_seconds", "communs_events_total",
        "communs_events_waiting", "communs_events_undelivered",
    } <= set(told)  # fmt: skip
    assert "process_resident_memory_bytes" in text


@pytest.mark.django_db
def test_metrics_are_for_this_machine_or_for_a_token(client: Client, settings: Any) -> None:
    def status(**headers: str) -> int:
        address = headers.pop("address", "127.0.0.1")
        return client.get("/metriques", headers=headers, REMOTE_ADDR=address).status_code

    assert status() == 200
    assert status(address="203.0.113.7") == 404
    assert status(**{"x-forwarded-for": "203.0.113.7"}) == 404
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert status() == 404
    assert status(authorization="Bearer ") == 404
    settings.COMMUNS_METRICS_TOKEN = TOKEN
    assert status(authorization=f"Bearer {TOKEN}", address="203.0.113.7") == 200
    assert status(authorization=f"Bearer {TOKEN}x", address="203.0.113.7") == 404
