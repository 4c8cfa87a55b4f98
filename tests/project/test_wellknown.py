"""Addresses that programs look for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_crawlers_are_told_what_is_not_for_them(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /compte/", "Disallow: /*/compte/", "Disallow: /api/"} <= set(lines)


def test_a_weakness_can_be_told_where_a_contact_is_set(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.COMMUNS_SECURITY_CONTACT = "mailto:security@communs.example"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == "Contact: mailto:security@communs.example"
    assert [line.split(":")[0] for line in lines] == [
        "Contact", "Expires", "Preferred-Languages", "Canonical",
    ]  # fmt: skip
    assert lines[1].endswith("Z")


def test_password_managers_find_the_page(client: Client) -> None:
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/compte/mot-de-passe/")
