"""Signing in and out."""

from __future__ import annotations

import pytest
from django.test import Client

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

SIGN_IN = "/antony/connexion/"


def test_an_agent_signs_in_and_comes_back_where_they_were(client: Client) -> None:
    form = {"username": "ANTONY@demo.example", "password": PASSWORD, "next": "/antony/reglages/"}
    response = client.post(SIGN_IN, form)
    assert (response.status_code, response.headers["Location"]) == (302, "/antony/reglages/")
    assert client.get("/antony/reglages/").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"username": "antony@demo.example", "password": "wrong"},
        {"username": "nobody@demo.example", "password": PASSWORD},
        {"username": "antony@demo.example' OR 1=1 --", "password": "x"},
        {"username": "a" * 10_000, "password": "b" * 10_000},
        {"username": "é\u202e", "password": "\U0001f4a9"},
    ],
)
def test_a_wrong_address_or_password_is_refused_in_the_same_words(
    client: Client, form: dict[str, str]
) -> None:
    response = client.post(SIGN_IN, form)
    assert response.status_code == 422
    text = pages.text(response)
    assert "ne vont pas ensemble" in text or "au plus" in text
    assert "sessionid" not in client.cookies


def test_nobody_is_sent_to_another_site(client: Client) -> None:
    form = {"username": "antony@demo.example", "password": PASSWORD, "next": "//evil.example/"}
    assert client.post(SIGN_IN, form).headers["Location"] == "/antony/"


def test_signing_out_needs_a_form(signed_in: Client) -> None:
    assert signed_in.get("/antony/deconnexion/").status_code == 405
    assert signed_in.post("/antony/deconnexion/").headers["Location"] == "/antony/"
    assert signed_in.get("/antony/reglages/").status_code == 302


def test_the_accounts_of_the_demonstration_are_shown_only_there(
    client: Client, metropolis: Community
) -> None:
    assert "antony@demo.example" in pages.text(client.get(SIGN_IN))
    metropolis.demonstration = False
    metropolis.save()
    assert "antony@demo.example" not in pages.text(client.get(SIGN_IN))


def test_public_pages_set_no_cookie_and_keep_no_session(client: Client) -> None:
    for path in ("/", "/antony/", "/fonds/registre/", "/recherche/?q=a", "/kit/"):
        assert client.get(path).cookies == {}, path


def test_an_accounts_address_is_kept_in_one_form(db: None) -> None:
    person = Person.objects.create_user("Some.One@Demo.Example", "a long passphrase")
    assert person.email == "some.one@demo.example"
    assert Person.objects.get_by_natural_key("SOME.ONE@demo.example") == person
