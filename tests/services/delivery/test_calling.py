"""Calls to addresses of others: signed, by HTTPS alone, never into a private network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.services.delivery.engine import calling
from communs.services.delivery.enums import Trouble
from tests.services.delivery.machines import Shop, caller_of, url_of

URL = "https://calls.firm.example/here"


# Standard Webhooks' own example, on standardwebhooks.com.
def test_signatures_are_those_of_standard_webhooks() -> None:
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = calling.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=64), st.integers(0, 2**40))
def test_a_signature_is_the_keyed_digest_of_number_second_and_body(body: bytes, at: int) -> None:
    secret = calling.new_secret()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"n.{at}.".encode() + body, hashlib.sha256).digest()
    assert calling.signature(secret, "n", at, body) == "v1," + base64.b64encode(digest).decode()
    assert len(key) == 32


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (URL, ""),
        ("https://firm.example:443/a?b=c", ""),
        ("https://8.8.8.8/", ""),
        ("http://firm.example/", "insecure"),
        ("ftp://firm.example/", "insecure"),
        ("file:///etc/passwd", "insecure"),
        ("https://firm.example:8080/", "port"),
        ("https://firm.example:99999/", "unreadable"),
        ("https://", "unreadable"),
        ("https://me:secret@firm.example/", "unreadable"),
        ("https://firm.example/a b", "unreadable"),
        ("https://firm.example/\r\nHost: other", "unreadable"),
        ("https://fïrm.example/", "unreadable"),
        ("https://[::1", "unreadable"),
        ("https://127.0.0.1/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://192.168.1.1/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://2130706433/", "private"),
        ("https://[::1]/", "private"),
        ("https://[fd00::1]/", "private"),
        ("https://[::ffff:127.0.0.1]/", "private"),
    ],
)
def test_what_is_no_address_for_calls_says_why(url: str, reason: str) -> None:
    assert calling.unfit(url) == reason
    assert not reason or reason in Trouble.values


@given(st.ip_addresses(v=4))
def test_no_private_address_is_public_by_another_name(address: Any) -> None:
    known = calling.public(str(address))
    assert known is (ip_address(address).is_global and not address.is_multicast)
    for disguised in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert calling.public(disguised) is False


def test_a_name_that_leads_to_a_private_network_is_not_called() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8", "10.0.0.1"]

    answer = calling.Caller(resolve=resolve).post(URL, b"{}", {})
    assert (answer, asked) == (calling.Answer(None, "private"), ["calls.firm.example"])


def test_a_call_arrives_with_its_body_and_redirections_are_not_followed(shop: Shop) -> None:
    caller = caller_of(shop)
    assert caller.post(url_of(shop), b'{"a": 1}', {"webhook-id": "n"}) == calling.Answer(200, "")
    [(headers, body)] = shop.told
    assert (headers["webhook-id"], headers["host"].partition(":")[0], body) == (
        "n",
        "calls.firm.example",
        b'{"a": 1}',
    )
    for status, reason in ((302, "moved"), (404, "refused"), (500, "refused"), (410, "gone")):
        shop.status = status
        assert caller.post(url_of(shop), b"{}", {}) == calling.Answer(status, reason)
    assert len(shop.told) == 5


def test_a_machine_that_cannot_prove_its_name_is_told_nothing(shop: Shop) -> None:
    caller = caller_of(shop)
    other = url_of(shop).replace("calls.", "other.")
    assert caller.post(other, b"{}", {}) == calling.Answer(None, "untrusted")
    plain = caller_of(shop, context=ssl.create_default_context)
    assert plain.post(url_of(shop), b"{}", {}) == calling.Answer(None, "untrusted")
    assert shop.told == []


def test_a_machine_that_never_answers_does_not_hold_a_worker() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        given = {"resolve": lambda _h, _p: ["127.0.0.1"], "allows": lambda _a: True}
        caller = calling.Caller(**given, ports=frozenset({port}), patience=0.2)
        answer = caller.post(f"https://calls.firm.example:{port}/", b"{}", {})
    assert answer == calling.Answer(None, "slow")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        caller = calling.Caller(**given, ports=frozenset({port}), patience=0.2)
        answer = caller.post(f"https://calls.firm.example:{port}/", b"{}", {})
    assert answer == calling.Answer(None, "unreachable")
