"""Signing up: the account is made when its address is proven, never before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

SIGN_UP = "/antony/compte/inscription/"
CODE = "/antony/compte/connexion/code/"


def test_a_resident_signs_up_with_a_name_and_an_address(
    client: Client, antony: Community, last_code: Callable[[], str]
) -> None:
    form = {"name": "Noé Étienne", "email": "Noe@Example.org", "next": "/antony/services/"}
    assert client.post(SIGN_UP, form).headers["Location"] == f"{CODE}?next=%2Fantony%2Fservices%2F"
    assert not Person.objects.filter(email="noe@example.org").exists()
    assert mail.outbox[0].to == ["noe@example.org"]
    response = client.post(CODE, {"code": last_code(), "next": "/antony/services/"})
    assert response.headers["Location"] == "/antony/services/"
    person = Person.objects.get(email="noe@example.org")
    assert (person.name, person.has_usable_password()) == ("Noé Étienne", False)
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("noe@example.org", True, True)
    with within(antony):
        event = Event.objects.get(name="people.signed_up")
    assert (event.subject, event.actor) == (f"people.person:{person.pk}", None)
    assert "noe" not in str(event.data)


def test_a_known_address_signs_in_and_changes_nothing(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    client.post(SIGN_UP, {"name": "Somebody else", "email": resident.email})
    client.post(CODE, {"code": last_code()})
    assert Person.objects.filter(email=resident.email).count() == 1
    assert resident.name in pages.text(client.get("/antony/compte/"))
    resident.refresh_from_db()
    assert resident.name == "Lou"


def test_a_closed_account_is_not_made_again(
    client: Client, resident: Person, last_code: Callable[[], str]
) -> None:
    resident.is_active = False
    resident.save()
    client.post(SIGN_UP, {"name": "Lou", "email": resident.email})
    response = client.post(CODE, {"code": last_code()})
    assert response.headers["Location"] == "/antony/compte/ferme/"
    assert client.get("/antony/compte/").status_code == 302


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client: Client) -> None:
    response = client.post(SIGN_UP, {"name": "Noé", "email": "noe"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Noé"' in page
    assert 'value="noe"' in page
    assert 'id="id_email_error"' in page
    assert mail.outbox == []


def test_letters_are_in_the_language_of_the_page(client: Client) -> None:
    client.post("/en/compte/inscription/", {"name": "Noa", "email": "noa@example.org"})
    (letter,) = mail.outbox
    assert letter.subject.endswith(" — your code")
    assert "Here is the code to write on the page that asked for it:" in letter.body
