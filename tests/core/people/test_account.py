"""What a person changes of their account: name, address, password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.core import mail
from django.test import Client
from django.utils import timezone

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

AT = "/en/antony/compte"
LONG = "quatre mots faciles ici"


@pytest.fixture
def inside(client: Client, resident: Person, last_code: Callable[[], str]) -> Client:
    """The resident, who has just given a code."""
    client.post(f"{AT}/connexion/", {"login": resident.email})
    client.post(f"{AT}/connexion/code/", {"code": last_code()})
    mail.outbox.clear()
    return client


def test_the_account_says_all_that_leads_into_it(inside: Client, resident: Person) -> None:
    text = pages.text(inside.get(f"{AT}/"))
    said = ("None: you sign in with a code", "No identity from elsewhere.")
    assert [part for part in (resident.name, resident.email, *said) if part not in text] == []
    assert "Keys for programs" not in text
    assert f'href="{AT}/"' in inside.get("/en/antony/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["", "nom/", "adresse/", "mot-de-passe/", "mot-de-passe/choisir/", "sessions/", "securite/",
     "securite/cles/", "identites/"],
)  # fmt: skip
def test_nobody_else_sees_it(client: Client, path: str) -> None:
    response = client.get(f"{AT}/{path}")
    assert response.headers["Location"] == f"{AT}/connexion/?next={AT}/{path}"


def test_a_name_is_changed(inside: Client, resident: Person, antony: Community) -> None:
    assert inside.post(f"{AT}/nom/", {"name": "Lou Petit"}).headers["Location"] == f"{AT}/"
    resident.refresh_from_db()
    assert resident.name == "Lou Petit"
    refused = inside.post(f"{AT}/nom/", {"name": "x" * 121})
    assert (refused.status_code, 'id="id_name_error"' in refused.content.decode()) == (422, True)
    with within(antony):
        assert Event.objects.filter(name="people.name_changed", actor=resident.pk).count() == 1


def test_an_address_is_changed_once_the_new_one_is_verified(
    inside: Client, resident: Person, antony: Community, last_code: Callable[[], str]
) -> None:
    form = {"email": "LOU.P@example.org", "action_add": "1"}
    assert inside.post(f"{AT}/adresse/", form).headers["Location"] == f"{AT}/adresse/code/"
    assert [letter.to for letter in mail.outbox] == [["lou.p@example.org"]]
    resident.refresh_from_db()
    assert resident.email == "lou@example.org"
    response = inside.post(f"{AT}/adresse/code/", {"code": last_code()})
    assert response.headers["Location"] == f"{AT}/"
    resident.refresh_from_db()
    assert resident.email == "lou.p@example.org"
    rows = EmailAddress.objects.filter(user=resident).values_list("email", "verified", "primary")
    assert list(rows) == [("lou.p@example.org", True, True)]
    warned = mail.outbox[-1]
    assert (warned.to, "lou.p@example.org" in warned.body) == (["lou@example.org"], True)
    with within(antony):
        event = Event.objects.get(name="people.address_changed")
    assert "@" not in str(event.data)


def test_somebody_elses_address_is_neither_taken_nor_told(
    inside: Client, administrator: Person, resident: Person, last_code: Callable[[], str]
) -> None:
    form = {"email": administrator.email, "action_add": "1"}
    assert inside.post(f"{AT}/adresse/", form).headers["Location"] == f"{AT}/adresse/code/"
    assert [letter.to for letter in mail.outbox] == [[administrator.email]]
    refused = inside.post(f"{AT}/adresse/code/", {"code": last_code()})
    assert refused.status_code == 422
    assert "This address cannot be used." in pages.text(refused)
    resident.refresh_from_db()
    assert resident.email == "lou@example.org"


def test_changing_the_address_of_an_idle_session_asks_for_a_proof(inside: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        form = {"email": "evil@example.org", "action_add": "1"}
        response = inside.post(f"{AT}/adresse/", form)
        assert response.headers["Location"].startswith(f"{AT}/confirmation/code/?next=")
        assert mail.outbox == []


def test_a_first_password_is_chosen_then_serves(inside: Client, resident: Person) -> None:
    assert inside.get(f"{AT}/mot-de-passe/").headers["Location"] == f"{AT}/mot-de-passe/choisir/"
    inside.post(f"{AT}/mot-de-passe/choisir/", {"password1": LONG})
    assert inside.get(f"{AT}/").status_code == 200
    assert mail.outbox[-1].subject == "Antony — password chosen"
    other = Client()
    form = {"login": resident.email, "password": LONG}
    assert other.post(f"{AT}/connexion/", form).headers["Location"] == "/en/antony/"


@pytest.mark.parametrize("password", ["onze lettre", "password1234", "motdepasse12", ""])
def test_a_short_or_common_password_is_refused(inside: Client, password: str) -> None:
    response = inside.post(f"{AT}/mot-de-passe/choisir/", {"password1": password})
    if password == "motdepasse12":  # twelve characters, in no list: no rule of composition
        assert response.status_code == 302
    else:
        assert response.status_code == 422
        assert 'id="id_password1_error"' in response.content.decode()


def test_the_present_password_is_needed_to_change_it(client: Client, administrator: Person) -> None:
    client.post(f"{AT}/connexion/", {"login": administrator.email, "password": PASSWORD})
    form = {"oldpassword": "wrong", "password1": LONG}
    response = client.post(f"{AT}/mot-de-passe/", form)
    assert response.status_code == 422
    assert "This is not your present password." in pages.text(response)


def test_a_forgotten_password_is_replaced_by_a_code(
    client: Client, resident: Person, last_code: Callable[[], str], antony: Community
) -> None:
    resident.set_password("the forgotten one")
    resident.save()
    elsewhere = Client()
    elsewhere.force_login(resident)
    path = f"{AT}/mot-de-passe/oublie/"
    response = client.post(path, {"email": resident.email})
    assert response.headers["Location"] == f"{path}code/"
    assert client.post(f"{path}code/", {"code": "12345678"}).status_code == 422
    response = client.post(f"{path}code/", {"code": last_code()})
    assert response.headers["Location"] == f"{path}nouveau/"
    assert client.post(f"{path}nouveau/", {"password1": "short"}).status_code == 422
    assert client.post(f"{path}nouveau/", {"password1": LONG}).headers["Location"] == "/en/antony/"
    assert client.get(f"{AT}/").status_code == 200
    assert elsewhere.get(f"{AT}/").status_code == 302
    with within(antony):
        assert Event.objects.filter(name="people.password_changed").count() == 1


def test_a_new_password_cannot_be_chosen_before_the_code(client: Client, resident: Person) -> None:
    path = f"{AT}/mot-de-passe/oublie/"
    client.post(path, {"email": resident.email})
    response = client.post(f"{path}nouveau/", {"password1": LONG})
    assert response.headers["Location"] == f"{path}code/"


def test_passwords_are_kept_with_argon2_and_old_ones_are_still_read(settings: object) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    assert get_hasher().algorithm == "argon2"
    person = Person(email="a@example.org", password=make_password(LONG, hasher="pbkdf2_sha256"))
    assert identify_hasher(person.password).algorithm == "pbkdf2_sha256"
    person.save()
    assert person.check_password(LONG)
    assert identify_hasher(person.password).algorithm == "argon2"
