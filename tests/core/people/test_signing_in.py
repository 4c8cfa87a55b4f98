"""Signing in and out, with a password or a code."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

SIGN_IN = "/en/antony/compte/connexion/"
CODE = "/en/antony/compte/connexion/code/"
AGENT = "antony@demo.example"


def test_an_agent_signs_in_and_comes_back_where_they_were(client: Client) -> None:
    form = {"login": "ANTONY@demo.example", "password": PASSWORD, "next": "/en/antony/reglages/"}
    response = client.post(SIGN_IN, form)
    assert (response.status_code, response.headers["Location"]) == (302, "/en/antony/reglages/")
    assert client.get("/en/antony/reglages/").status_code == 200


def test_the_former_address_leads_to_the_page(client: Client) -> None:
    response = client.get("/en/antony/connexion/?next=/en/antony/reglages/")
    assert response.headers["Location"] == (
        "/en/antony/compte/connexion/?next=/en/antony/reglages/"
    )


@pytest.mark.parametrize(
    "form",
    [
        {"login": AGENT, "password": "wrong"},
        {"login": "nobody@demo.example", "password": PASSWORD},
        {"login": AGENT, "password": f" {PASSWORD}"},
        {"login": AGENT, "password": "\U0001f4a9"},
    ],
)
def test_a_wrong_address_or_password_is_refused_in_the_same_words(
    client: Client, form: dict[str, str]
) -> None:
    response = client.post(SIGN_IN, form)
    assert response.status_code == 422
    assert "do not go together" in pages.text(response)
    assert f'value="{form["login"]}"' in response.content.decode()
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "login", ["antony@demo.example' OR 1=1 --", "a" * 10_000, "é\u202e", "", "antony"]
)
def test_what_is_no_address_is_said_beside_the_field(client: Client, login: str) -> None:
    response = client.post(SIGN_IN, {"login": login, "password": "x" * 20})
    assert response.status_code == 422
    assert 'id="id_login_error"' in response.content.decode()
    assert 'aria-describedby="id_login_error"' in response.content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "http:"],
)
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    form = {"login": AGENT, "password": PASSWORD, "next": elsewhere}
    assert client.post(SIGN_IN, form).headers["Location"] == "/en/antony/"


def test_a_code_signs_in_who_has_an_account(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    response = client.post(SIGN_IN, {"login": resident.email, "next": "/en/antony/compte/"})
    assert response.headers["Location"] == f"{CODE}?next=%2Fen%2Fantony%2Fcompte%2F"
    (letter,) = mail.outbox
    assert letter.to == [resident.email]
    assert letter.subject == "Antony — your code"
    assert last_code() not in letter.subject
    wrong = client.post(CODE, {"code": "0000-0001"})
    assert (wrong.status_code, "is not the right one" in pages.text(wrong)) == (422, True)
    response = client.post(
        CODE, {"code": last_code().replace("-", " "), "next": "/en/antony/compte/"}
    )
    assert response.headers["Location"] == "/en/antony/compte/"
    assert pages.heading(client.get("/en/antony/compte/")) == "Your account"


def test_a_code_serves_once_and_only_where_it_was_asked_for(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.post(SIGN_IN, {"login": resident.email})
    other = Client()
    other.post(SIGN_IN, {"login": resident.email})
    first, second = mail.outbox
    assert first.body != second.body
    other.post(CODE, {"code": first.body.split("\n    ")[1][:9]})
    assert "sessionid" in other.cookies
    assert other.get("/en/antony/compte/").status_code == 302
    assert other.post(CODE, {"code": last_code()}).headers["Location"] == "/en/antony/"
    other.post("/en/antony/compte/deconnexion/")
    assert other.post(CODE, {"code": last_code()}).headers["Location"] == SIGN_IN


def test_three_wrong_codes_end_the_attempt(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.post(SIGN_IN, {"login": resident.email})
    answers = [client.post(CODE, {"code": "12345678"}).status_code for _ in range(3)]
    assert answers == [422, 422, 302]
    assert client.post(CODE, {"code": last_code()}).headers["Location"] == SIGN_IN
    assert client.get("/en/antony/compte/").status_code == 302


def test_another_code_can_be_asked_for(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.post(SIGN_IN, {"login": resident.email})
    first = last_code()
    client.post(CODE, {"action": "resend"})
    assert len(mail.outbox) == 2
    assert client.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": last_code()}).status_code == 302


def test_coming_back_to_the_page_forgets_the_other_address(
    client: Client, resident: Person
) -> None:
    client.post(SIGN_IN, {"login": resident.email})
    assert client.get(SIGN_IN).status_code == 200
    assert client.get(CODE).headers["Location"] == SIGN_IN


def test_a_closed_account_gets_no_code_and_no_entry(client: Client, resident: Person) -> None:
    resident.is_active = False
    resident.set_password("a long passphrase")
    resident.save()
    client.post(SIGN_IN, {"login": resident.email})
    assert mail.outbox == []
    response = client.post(SIGN_IN, {"login": resident.email, "password": "a long passphrase"})
    assert response.headers["Location"] == "/en/antony/compte/ferme/"
    assert client.get("/en/antony/compte/").status_code == 302


def test_signing_out_needs_a_form(signed_in: Client) -> None:
    assert pages.heading(signed_in.get("/en/antony/compte/deconnexion/")) == "Sign out"
    assert signed_in.get("/en/antony/reglages/").status_code == 200
    assert signed_in.post("/en/antony/compte/deconnexion/").headers["Location"] == "/en/antony/"
    assert signed_in.get("/en/antony/reglages/").status_code == 302


def test_the_accounts_of_the_demonstration_are_shown_only_there(
    client: Client, metropolis: Community
) -> None:
    accounts = 'href="/en/antony/compte/demonstration/'
    assert accounts in client.get(SIGN_IN).text
    metropolis.demonstration = False
    metropolis.save()
    assert accounts not in client.get(SIGN_IN).text


def test_public_pages_set_no_cookie_and_keep_no_session(client: Client) -> None:
    for path in ("/", "/antony/", "/fonds/registre/", "/recherche/?q=a", "/kit/"):
        assert client.get(path).cookies == {}, path


def test_an_accounts_address_is_kept_in_one_form(db: None) -> None:
    person = Person.objects.create_user("Some.One@Demo.Example", "a long passphrase")
    assert person.email == "some.one@demo.example"
    assert Person.objects.get_by_natural_key("SOME.ONE@demo.example") == person


def test_fields_say_what_a_browser_may_fill_in(client: Client, resident: Person) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert 'name="login" autocomplete="email"' in page
    assert 'name="password" autocomplete="current-password"' in page
    client.post(SIGN_IN, {"login": resident.email})
    page = client.get(CODE).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_pages_of_accounts_are_kept_in_no_cache(client: Client) -> None:
    assert "no-store" in client.get(SIGN_IN).headers["Cache-Control"]
