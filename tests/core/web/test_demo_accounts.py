"""The demonstration’s accounts are a click away; nobody else’s ever are."""

from __future__ import annotations

import pytest
from django.test import Client

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db
SWITCH = "/compte/demonstration/"


@pytest.fixture
def demonstration(metropolis: Community) -> Community:
    metropolis.demonstration = True
    metropolis.save()
    return metropolis


@pytest.fixture
def agent() -> Person:
    return Person.objects.create_user("instruction@demo.example", PASSWORD, name="Instruction")


def who(client: Client) -> str | None:
    """Give the key of who is signed in."""
    return client.session.get("_auth_user_id")


def test_an_account_is_taken_by_its_button_and_the_page_stays(
    demonstration: Community, agent: Person, client: Client, signed_in: Client
) -> None:
    assert f'{SWITCH}?next=%2Fdonnees%2F"' in client.get("/donnees/").content.decode()
    page = client.get(f"{SWITCH}?next=/donnees/").content.decode()
    assert f'name="email" value="{agent.email}"' in page
    assert f'{SWITCH}?next=%2Fdonnees%2F"' in page  # the link does not grow
    for browser in (client, signed_in):
        answer = browser.post(SWITCH, {"email": agent.email, "next": "/donnees/"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/donnees/")
        assert who(browser) == str(agent.pk)


def test_outside_the_demonstration_there_is_no_such_page(
    metropolis: Community, agent: Person, client: Client
) -> None:
    metropolis.demonstration = False
    metropolis.save()
    assert client.get(SWITCH).status_code == 404
    assert client.post(SWITCH, {"email": agent.email}).status_code == 404
    assert SWITCH not in client.get("/donnees/").content.decode()
    assert who(client) is None


@pytest.mark.parametrize("email", ["camille@antony.example", "x@demo.example.org", "", "\x00"])
def test_an_account_that_is_not_the_demonstrations_is_not_taken(
    demonstration: Community, agent: Person, client: Client, email: str
) -> None:
    Person.objects.create_user("camille@antony.example", PASSWORD, name="Camille")
    answer = client.post(SWITCH, {"email": email})
    assert (answer.status_code, answer.headers["Location"]) == (302, SWITCH)
    assert "Ce compte n’est plus ouvert à tous." in client.get(SWITCH).content.decode()
    assert who(client) is None


def test_an_account_whose_password_was_changed_is_its_owners(
    demonstration: Community, agent: Person, signed_in: Client, administrator: Person
) -> None:
    agent.set_password("a word of one’s own, long enough")
    agent.save()
    signed_in.post(SWITCH, {"email": agent.email})
    assert who(signed_in) == str(administrator.pk)


def test_one_comes_back_to_this_site_only(
    demonstration: Community, agent: Person, client: Client
) -> None:
    answer = client.post(SWITCH, {"email": agent.email, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_a_page_that_is_not_for_the_new_account_gives_way_to_where_the_service_begins(
    demonstration: Community, agent: Person, client: Client
) -> None:
    asked = "/fonds/dossiers/9999-99999/"
    client.post(SWITCH, {"email": agent.email, "next": asked})
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fonds/")
    assert client.get(asked).status_code == 404  # once
