"""Nobody learns which addresses have an account: every answer is the same, to the header."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from communs.core.people.models import Person

pytestmark = pytest.mark.django_db

AT = "/en/antony/compte"
UNKNOWN = "pat@example.org"
_EACH_ITS_OWN = {"Expires", "Content-Length", "X-Request-ID"}
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "a password": ("connexion/", {"login": "{}", "password": "not the right one"}),
    "a code": ("connexion/", {"login": "{}"}),
    "a reset": ("mot-de-passe/oublie/", {"email": "{}"}),
    "an account": ("inscription/", {"name": "Pat", "email": "{}"}),
}


def seen(response: HttpResponse, email: str) -> tuple[int, str, dict[str, str], dict[str, Any]]:
    """What a stranger sees, but for the address typed and what is random by design."""
    body = response.content.decode().replace(email, "…")
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1…", body)
    headers = {k: v for k, v in response.headers.items() if k not in _EACH_ITS_OWN}
    cookies = {
        name: {k: v for k, v in cookie.items() if k != "expires"}
        for name, cookie in response.cookies.items()
    }
    return response.status_code, body, headers, cookies


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_known_and_unknown_addresses_are_answered_alike(
    resident: Person, form: tuple[str, dict[str, str]]
) -> None:
    found = []
    for email in (resident.email, UNKNOWN):
        client = Client()
        path, data = form
        first = client.post(f"{AT}/{path}", {k: v.format(email) for k, v in data.items()})
        answers = [first]
        if first.status_code == 302:
            after = first.headers["Location"]
            answers += [client.get(after), client.post(after, {"code": "12345678"})]
            answers += [client.get(f"{AT}/connexion/"), client.get(f"{AT}/inscription/")]
        found.append([seen(answer, email) for answer in answers])
    known, unknown = found
    assert known == unknown


@pytest.mark.parametrize(
    ("form", "letters"),
    [("a password", []), ("a code", ["lou"]), ("a reset", ["lou"]), ("an account", ["lou", "pat"])],
)
def test_letters_go_to_known_addresses_and_to_who_signs_up(
    resident: Person, form: str, letters: list[str]
) -> None:
    path, data = FORMS[form]
    for email in (resident.email, UNKNOWN):
        Client().post(f"{AT}/{path}", {k: v.format(email) for k, v in data.items()})
    assert [letter.to[0].partition("@")[0] for letter in mail.outbox] == letters


def test_signing_up_is_told_apart_by_no_letter(resident: Person) -> None:
    for email in (resident.email, UNKNOWN):
        Client().post(f"{AT}/inscription/", {"name": "Pat", "email": email})
    known, unknown = (re.sub(r"\d{4}-\d{4}", "…", letter.body) for letter in mail.outbox)
    assert known == unknown
    assert Person.objects.filter(email=UNKNOWN).count() == 0
