"""Text messages: numbers are real, sentences short, a gateway's answers believed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.error import HTTPError

import pytest

from communs.core.kit import telephone
from communs.core.kit.errors import Refused
from communs.core.notifications import sending, texting
from communs.core.notifications.models import Notification, Sending
from communs.core.people.models import Person
from tests.core.notifications.conftest import AT

Tell = Callable[..., list[Notification]]


class Gateway(BaseHTTPRequestHandler):
    status = 202
    heard: list[tuple[dict[str, Any], dict[str, str]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).heard.append((body, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        return


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    Gateway.status, Gateway.heard = 202, []
    settings.COMMUNS_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.COMMUNS_SMS_TOKEN = "a secret"
    settings.COMMUNS_URL = "https://communs.example"
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def texted(tell: Tell, wish: Any, lou: Person) -> Sending:
    wish(lou, phone="+33612345678")
    tell(lou, notice="tried.texted")
    return Sending.objects.get(channel="sms")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("06 12 34 56 78", "+33612345678"), ("+44 7911 123456", "+447911123456"), ("  ", "")],
)
def test_a_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert telephone.number(typed) == kept


@pytest.mark.parametrize("typed", ["12", "06 12 34", "hello", "+33 9"])
def test_a_number_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        telephone.number(typed)
    assert refusal.value.field == "phone"


def test_a_number_is_shown_as_people_say_it() -> None:
    assert telephone.spoken("+33612345678") == "06 12 34 56 78"
    assert telephone.spoken("+447911123456") == "+44 7911 123456"
    assert (telephone.is_mobile("+33612345678"), telephone.is_mobile("+33146742000")) == (
        True,
        False,
    )


def test_a_text_is_one_message() -> None:
    address = "https://communs.example/antony/compte/avis/"
    text = texting.short("Long " * 60, address)
    assert (len(text), text.endswith(f"… {address}")) == (160, True)


@pytest.mark.django_db
def test_a_gateway_gets_number_words_and_a_key_that_names_them(
    gateway: type[Gateway], texted: Sending
) -> None:
    assert sending.send(texted.pk, at=AT) == "sent"
    ((body, headers),) = gateway.heard
    assert body == {
        "to": "+33612345678",
        "text": "Texted https://communs.example/en/antony/compte/avis/",
        "id": texted.pk.hex,
    }
    assert (headers["authorization"], headers["idempotency-key"]) == (
        "Bearer a secret",
        texted.pk.hex,
    )


@pytest.mark.django_db
def test_a_gateway_that_says_never_is_believed(gateway: type[Gateway], texted: Sending) -> None:
    gateway.status = 422
    assert sending.send(texted.pk, at=AT) == "given_up"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_that_says_later_is_asked_again(
    gateway: type[Gateway], texted: Sending, status: int
) -> None:
    gateway.status = status
    with pytest.raises(HTTPError) as raised:
        sending.send(texted.pk, at=AT)
    raised.value.close()
    gateway.status = 200
    assert sending.send(texted.pk, at=AT) == "sent"


@pytest.mark.django_db
def test_without_a_gateway_a_text_waits_on_the_list(texted: Sending) -> None:
    from communs.core.notifications import queries

    assert [row.pk for row in queries.by_hand()] == [texted.pk]
