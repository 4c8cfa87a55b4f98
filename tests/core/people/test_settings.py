"""What the installation says of sign-in: a wrong value has its own sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from communs.project import env

SHAPE = "must be small letters, digits and hyphens, and not “inscription”"
GOOD: dict[str, Any] = {
    "key": "agents",
    "label": "ProConnect",
    "kind": "proconnect",
    "issuer": "https://idp.example/api/v2",
    "client_id": "communs",
    "client_secret": "secret",
}


def refusal(monkeypatch: pytest.MonkeyPatch, value: str) -> str:
    monkeypatch.setenv("COMMUNS_OIDC", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.identity_providers()
    return str(refused.value)


def test_identity_providers_are_read_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    more = GOOD | {"key": "agents-b", "communities": ["antony"], "trusted": True}
    monkeypatch.setenv("COMMUNS_OIDC", json.dumps([GOOD, more]))
    found = env.identity_providers()
    assert found == [GOOD, more]
    assert env.issuers(found) == ["https://idp.example"]
    monkeypatch.setenv("COMMUNS_OIDC", "")
    assert env.identity_providers() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "saml"}, "agents: kind is one of openid, proconnect, franceconnect"),
        ({"issuer": "http://idp.example"}, "agents: issuer begins with https://"),
        ({"key": "Agents"}, f"key “Agents” {SHAPE}"),
        ({"key": "inscription"}, f"key “inscription” {SHAPE}"),
        ({"label": 3}, "agents has a value that is not text"),
        ({"colour": "blue"}, "agents has colour, which nothing reads"),
        ({"communities": "antony"}, "agents: communities is a list of slugs"),
        ({"trusted": "yes"}, "agents: trusted is true or false"),
    ],
)  # fmt: skip
def test_a_provider_badly_written(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], sentence: str
) -> None:
    assert refusal(monkeypatch, json.dumps([GOOD | change])) == f"COMMUNS_OIDC: {sentence}."


def test_what_is_missing_or_twice_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    part = {key: GOOD[key] for key in ("key", "label", "kind", "issuer")}
    assert refusal(monkeypatch, json.dumps([part])) == (
        "COMMUNS_OIDC: agents lacks client_id, client_secret."
    )
    assert refusal(monkeypatch, json.dumps([GOOD, GOOD])) == (
        "COMMUNS_OIDC: key agents stands twice."
    )


@pytest.mark.parametrize("value", ["{", "[1]", "{}", '"x"'])
def test_what_is_no_list_of_providers(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert refusal(monkeypatch, value).startswith("COMMUNS_OIDC")


@pytest.mark.parametrize("value", ["-1", "ten", "10", "٣"])
def test_a_number_of_proxies_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("COMMUNS_PROXIES", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.proxies()
    assert str(refused.value) == f"COMMUNS_PROXIES: “{value}” is not a number of proxies (0 to 9)."


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", env.MailServer()),
        ("smtp://mail.example", env.MailServer("mail.example", 25)),
        (
            "smtp+tls://ann:p%40ss@mail.example",
            env.MailServer("mail.example", 587, "ann", "p@ss", tls=True),
        ),
        ("smtps://mail.example:4650", env.MailServer("mail.example", 4650, ssl=True)),
    ],
)
def test_a_mail_server(monkeypatch: pytest.MonkeyPatch, url: str, server: env.MailServer) -> None:
    monkeypatch.setenv("COMMUNS_MAIL_URL", url)
    assert env.mail_server() == server


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://h:x", "smtp://"])
def test_a_mail_server_that_is_none(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COMMUNS_MAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^COMMUNS_MAIL_URL"):
        env.mail_server()


def test_over_https_cookies_are_bound_to_the_host() -> None:
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE"
    script = f"from communs.project import settings as s; print({names})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "COMMUNS_HTTPS": "true"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["__Host-session", "__Host-csrf", "True"]
