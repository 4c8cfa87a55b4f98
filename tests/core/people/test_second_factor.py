"""Second factors: an application, passkeys, recovery codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from tests import pages
from tests.core.people.passkey import Passkey

pytestmark = pytest.mark.django_db

AT = "/en/antony/compte"
AGENT = "antony@demo.example"


def sign_in(client: Client, email: str = AGENT, password: str = PASSWORD) -> HttpResponse:
    return client.post(f"{AT}/connexion/", {"login": email, "password": password})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def asked(response: HttpResponse) -> dict[str, Any]:
    """The question that a page holds for passkeys."""
    found = re.search(r'<template id="passkey-options">(.*?)</template>', response.content.decode())
    assert found is not None
    return json.loads(unescape(found[1]))


def add_application(client: Client) -> str:
    page = client.get(f"{AT}/securite/application/")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())[1]
    client.post(f"{AT}/securite/application/", {"code": code_of(secret)})
    return secret


def add_passkey(client: Client, key: Passkey, name: str = "telephone") -> HttpResponse:
    page = client.get(f"{AT}/securite/cles/ajouter/")
    answer = key.make(asked(page)["creation_options"])
    form = {"name": name, "passwordless": "on", "credential": answer}
    return client.post(f"{AT}/securite/cles/ajouter/", form)


@pytest.fixture
def inside(client: Client) -> Client:
    """The administrator of Antony, who has just given a password."""
    sign_in(client)
    return client


def test_an_application_is_added_and_then_asked_for(
    inside: Client,
    administrator: Person,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    page = inside.get(f"{AT}/securite/application/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_application(inside)
    (held,) = Authenticator.objects.filter(user=administrator, type="totp")
    assert secret not in json.dumps(held.data)
    assert [letter.subject.partition(" — ")[2] for letter in mail.outbox] == ["second factor added"]
    with across("the test reads after the request"):
        events = Event.everywhere.filter(name="people.second_factor_added")
        found = sorted((event.data["kind"], event.actor) for event in events)
    assert found == [("recovery_codes", administrator.pk), ("totp", administrator.pk)]
    other = Client()
    assert sign_in(other).headers["Location"] == f"{AT}/connexion/second-facteur/"
    assert other.get(f"{AT}/").status_code == 302
    wrong = other.post(f"{AT}/connexion/second-facteur/", {"code": "000000"})
    assert (wrong.status_code, "is not the right one" in pages.text(wrong)) == (422, True)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        again = other.post(f"{AT}/connexion/second-facteur/", {"code": code_of(secret)})
    assert again.headers["Location"] == "/en/antony/"
    assert other.get(f"{AT}/").status_code == 200


def test_a_code_of_the_application_serves_once(inside: Client) -> None:
    secret = add_application(inside)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        code = code_of(secret)
        first, second = Client(), Client()
        for other in (first, second):
            sign_in(other)
        assert first.post(f"{AT}/connexion/second-facteur/", {"code": code}).status_code == 302
        assert second.post(f"{AT}/connexion/second-facteur/", {"code": code}).status_code == 422


def test_recovery_codes_are_shown_once_and_serve_once(inside: Client) -> None:
    add_application(inside)
    page = pages.text(inside.get(f"{AT}/securite/codes/"))
    codes = re.findall(r"\b[0-9a-f]{8}\b", page)
    assert len(codes) == 10
    assert codes[0] not in pages.text(inside.get(f"{AT}/securite/codes/"))
    answers = []
    for _ in range(2):
        other = Client()
        sign_in(other)
        answers.append(other.post(f"{AT}/connexion/second-facteur/", {"code": codes[0]}))
    assert [answer.status_code for answer in answers] == [302, 422]


def test_new_recovery_codes_void_the_old_ones(inside: Client) -> None:
    add_application(inside)
    old = re.findall(r"\b[0-9a-f]{8}\b", pages.text(inside.get(f"{AT}/securite/codes/")))
    assert "10 old codes will no longer work" in pages.text(
        inside.get(f"{AT}/securite/codes/refaire/")
    )
    response = inside.post(f"{AT}/securite/codes/refaire/")
    assert response.headers["Location"] == f"{AT}/securite/codes/"
    new = re.findall(r"\b[0-9a-f]{8}\b", pages.text(inside.get(f"{AT}/securite/codes/")))
    assert (len(new), set(new) & set(old)) == (10, set())


def test_removing_the_application_removes_its_recovery_codes(
    inside: Client, administrator: Person, antony: Community
) -> None:
    add_application(inside)
    assert "no longer be asked for" in pages.text(inside.get(f"{AT}/securite/application/retirer/"))
    inside.post(f"{AT}/securite/application/retirer/")
    assert not Authenticator.objects.filter(user=administrator).exists()
    with within(antony):
        assert Event.objects.filter(name="people.second_factor_removed").count() == 2


def test_five_wrong_codes_stop_the_guessing(inside: Client) -> None:
    add_application(inside)
    other = Client()
    sign_in(other)
    path = f"{AT}/connexion/second-facteur/"
    answers = [other.post(path, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_after_a_new_key_of_the_installation_old_codes_open_nothing(
    inside: Client, settings: Any
) -> None:
    secret = add_application(inside)
    codes = re.findall(r"\b[0-9a-f]{8}\b", pages.text(inside.get(f"{AT}/securite/codes/")))
    settings.SECRET_KEY = "another key"
    other = Client()
    sign_in(other)
    path = f"{AT}/connexion/second-facteur/"
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        answers = [other.post(path, {"code": code}) for code in (code_of(secret), codes[0])]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_passkey_alone_signs_in(inside: Client, administrator: Person) -> None:
    key = Passkey()
    assert add_passkey(inside, key).headers["Location"] == f"{AT}/securite/codes/"
    assert "telephone" in pages.text(inside.get(f"{AT}/securite/cles/"))
    other = Client()
    question = other.get(f"{AT}/connexion/cle/", headers={"Accept": "application/json"})
    answer = key.show(question.json()["request_options"])
    response = other.post(f"{AT}/connexion/cle/", {"credential": answer, "next": "/en/antony/"})
    assert response.headers["Location"] == "/en/antony/"
    assert administrator.name in pages.text(other.get(f"{AT}/"))


def test_a_passkey_is_a_second_factor(inside: Client) -> None:
    key = Passkey()
    add_passkey(inside, key)
    other = Client()
    sign_in(other)
    page = other.get(f"{AT}/connexion/second-facteur/")
    answer = key.show(asked(page)["request_options"])
    response = other.post(f"{AT}/connexion/second-facteur/", {"credential": answer})
    assert response.headers["Location"] == "/en/antony/"


def test_a_passkey_answers_one_question_only(inside: Client) -> None:
    key = Passkey()
    add_passkey(inside, key)
    other = Client()
    question = other.get(f"{AT}/connexion/cle/", headers={"Accept": "application/json"})
    answer = key.show(question.json()["request_options"])
    other.post(f"{AT}/connexion/cle/", {"credential": answer})
    other.post(f"{AT}/deconnexion/")
    other.post(f"{AT}/connexion/cle/", {"credential": answer})
    assert other.get(f"{AT}/").status_code == 302


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", '{"response": {"userHandle": "!"}}', "null"]
)
def test_nonsense_instead_of_a_passkey_is_refused(client: Client, credential: str) -> None:
    client.get(f"{AT}/connexion/cle/", headers={"Accept": "application/json"})
    response = client.post(f"{AT}/connexion/cle/", {"credential": credential})
    assert (response.status_code, response.headers["Location"]) == (302, f"{AT}/connexion/")
    assert client.get(f"{AT}/").status_code == 302


def test_a_key_of_another_site_is_refused(inside: Client) -> None:
    key = Passkey()
    add_passkey(inside, key)
    other = Client()
    question = other.get(f"{AT}/connexion/cle/", headers={"Accept": "application/json"})
    options = question.json()["request_options"]
    other.post(f"{AT}/connexion/cle/", {"credential": key.show(options, rp="evil.example")})
    assert other.get(f"{AT}/").status_code == 302
    other.get(f"{AT}/connexion/cle/", headers={"Accept": "application/json"})
    key.origin = "https://testserver.evil.example"
    other.post(f"{AT}/connexion/cle/", {"credential": key.show(options)})
    assert other.get(f"{AT}/").status_code == 302


def test_a_passkey_is_renamed_and_removed(inside: Client, administrator: Person) -> None:
    add_passkey(inside, Passkey())
    held = Authenticator.objects.get(user=administrator, type="webauthn")
    inside.post(f"{AT}/securite/cles/{held.pk}/", {"name": "office key"})
    assert "office key" in pages.text(inside.get(f"{AT}/securite/cles/"))
    assert "“office key”" in pages.text(inside.get(f"{AT}/securite/cles/{held.pk}/retirer/"))
    inside.post(f"{AT}/securite/cles/{held.pk}/retirer/")
    assert not Authenticator.objects.filter(user=administrator).exists()


def test_somebody_elses_passkey_is_not_found(inside: Client, resident: Person) -> None:
    held = Authenticator.objects.create(user=resident, type="webauthn", data={"name": "x"})
    assert inside.get(f"{AT}/securite/cles/{held.pk}/").status_code == 404
    assert inside.post(f"{AT}/securite/cles/{held.pk}/retirer/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["securite/application/", "securite/cles/ajouter/", "securite/codes/refaire/"],
)
def test_what_is_sensitive_asks_for_the_password_again(inside: Client, path: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        response = inside.get(f"{AT}/{path}")
        again = response.headers["Location"]
        assert again.startswith(f"{AT}/confirmation/?next=")
        wrong = inside.post(again, {"password": "not this one"})
        assert (wrong.status_code, "is not your password" in pages.text(wrong)) == (422, True)
        back = inside.post(again, {"password": PASSWORD})
        assert back.headers["Location"] == f"{AT}/{path}"
        assert inside.get(f"{AT}/{path}").status_code == 200


def test_who_has_no_password_proves_it_by_a_code(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.force_login(resident)
    again = client.get(f"{AT}/securite/application/").headers["Location"]
    assert again.startswith(f"{AT}/confirmation/code/?next=")
    assert mail.outbox == []
    client.post(again)
    assert mail.outbox[-1].to == [resident.email]
    assert client.post(again, {"code": "12345678"}).status_code == 422
    back = client.post(again, {"code": last_code()})
    assert back.headers["Location"] == f"{AT}/securite/application/"
    assert client.get(f"{AT}/securite/application/").status_code == 200


def test_three_wrong_codes_ask_for_another(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.force_login(resident)
    again = client.get(f"{AT}/securite/application/").headers["Location"]
    client.post(again)
    first = last_code()
    for _ in range(3):
        client.post(again, {"code": "12345678"})
    client.post(again, {"code": first})
    assert client.get(f"{AT}/securite/application/").status_code == 302


def test_whoever_holds_a_role_adds_a_second_factor_first(inside: Client, settings: Any) -> None:
    settings.COMMUNS_SECOND_FACTOR = True
    assert inside.get("/en/antony/reglages/").headers["Location"] == f"{AT}/securite/"
    assert "Your role needs a second factor" in pages.text(inside.get(f"{AT}/securite/"))
    assert inside.get("/en/sceaux/").status_code == 200
    add_application(inside)
    assert inside.get("/en/antony/reglages/").status_code == 200
    assert Client().get("/en/antony/").status_code == 200
