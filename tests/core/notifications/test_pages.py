"""Pages of notices: one's own, one's choices, what agents send and see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.notifications import queries
from communs.core.notifications.models import Notification, Reach, Sending
from communs.core.people.models import Person
from tests import pages
from tests.core.notifications.conftest import send_all

pytestmark = pytest.mark.django_db
Tell = Callable[..., list[Notification]]
HERE = "/en/antony/compte/avis"
CHOICES = {"language": "en", "pace": "daily", "phone": "", "tried-plain-email": "on"}


@pytest.fixture
def browser(lou: Person) -> Client:
    client = Client()
    client.force_login(lou)
    return client


def test_the_bell_counts_what_is_not_read(browser: Client, tell: Tell, lou: Person) -> None:
    assert "bell-count" not in browser.get("/en/antony/").content.decode()
    tell(lou)
    tell(lou, once="2")
    assert "2 not read" in pages.text(browser.get("/en/antony/"))
    assert "not read" not in pages.text(browser.get("/en/sceaux/"))


def test_the_bell_is_answered_again_only_when_it_changed(
    browser: Client, tell: Tell, lou: Person
) -> None:
    first = browser.get(f"{HERE}/nombre/")
    again = browser.get(f"{HERE}/nombre/", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    tell(lou)
    third = browser.get(f"{HERE}/nombre/", headers={"If-None-Match": first["ETag"]})
    assert third.status_code == 200
    assert "1 not read" in pages.text(third)


def test_a_notice_is_read_and_leads_where_it_says(browser: Client, tell: Tell, lou: Person) -> None:
    (row,) = tell(lou)
    page = browser.get(f"{HERE}/")
    assert "A plot is free in Les Blagis Answer within a week." in pages.text(page)
    answer = browser.post(f"{HERE}/lu/", {"notification": str(row.pk)})
    assert (answer.status_code, answer["Location"]) == (302, "/en/antony/services/")
    assert queries.unread_count(lou) == 0
    assert "Nothing to read" in pages.text(browser.get(f"{HERE}/?montrer=non-lus"))


def test_all_are_read_at_once(browser: Client, tell: Tell, lou: Person, pat: Person) -> None:
    tell(lou, pat)
    tell(lou, once="2")
    browser.post(f"{HERE}/lu/")
    assert (queries.unread_count(lou), queries.unread_count(pat)) == (0, 1)


def test_somebody_elses_notice_is_not_found(browser: Client, tell: Tell, pat: Person) -> None:
    (row,) = tell(pat)
    assert browser.post(f"{HERE}/lu/", {"notification": str(row.pk)}).status_code == 404
    assert queries.unread_count(pat) == 1


def test_the_list_costs_the_same_for_one_and_for_ten(
    browser: Client, tell: Tell, lou: Person, django_assert_max_num_queries: Any
) -> None:
    tell(lou)
    browser.get(f"{HERE}/")
    with django_assert_max_num_queries(12) as one:
        browser.get(f"{HERE}/")
    for number in range(10):
        tell(lou, once=f"more {number}")
    with django_assert_max_num_queries(len(one)):
        browser.get(f"{HERE}/")


def test_choices_are_kept_and_shown_again(browser: Client, here: Community, lou: Person) -> None:
    data = CHOICES | {"phone": "06 12 34 56 78", "tried-plain-sms": "on"}
    assert browser.post(f"{HERE}/reglages/", data)["Location"] == f"{HERE}/"
    reach = Reach.objects.get(person=lou)
    assert (reach.language, reach.pace, reach.phone, reach.call_me) == (
        "en",
        "daily",
        "+33612345678",
        False,
    )
    assert queries.preferences_of(lou) == {
        ("tried.legal", "sms"): False,
        ("tried.plain", "email"): True,
        ("tried.plain", "sms"): True,
        ("tried.texted", "email"): False,
        ("tried.texted", "sms"): False,
        ("tried.urgent", "email"): False,
        ("tried.urgent", "sms"): False,
    }
    event = Event.objects.get(name="notifications.wishes_changed")
    assert "+33" not in str(event.data)
    shown = browser.get(f"{HERE}/reglages/").content.decode()
    assert 'value="06 12 34 56 78"' in shown
    assert "You have new" not in shown


def test_what_cannot_be_switched_off_says_why(browser: Client, here: Community) -> None:
    page = browser.get(f"{HERE}/reglages/")
    assert "E-mail: Settings Legal notice" in pages.text(page)
    assert 'name="tried-legal-email"' in page.content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"phone": "12"}, "This telephone number does not exist. Check its digits."),
        ({"phone": "", "call_me": "on"}, "Write the number at which to call you."),
        ({"phone": "01 46 74 20 00", "tried-plain-sms": "on"}, "Write a mobile number"),
        ({"tried-plain-sms": "on"}, "Write a mobile number, to receive text messages."),
    ],
)
def test_wrong_choices_are_said_and_what_was_typed_stays(
    browser: Client, here: Community, lou: Person, given: dict[str, str], sentence: str
) -> None:
    page = browser.post(f"{HERE}/reglages/", CHOICES | given)
    assert page.status_code == 422
    assert sentence in pages.text(page)
    if given.get("phone"):
        assert f'value="{given["phone"]}"' in page.content.decode()
    assert not Reach.objects.filter(person=lou).exists()


def test_an_agent_calls_and_what_came_of_it_is_kept(
    signed_in: Client, tell: Tell, wish: Any, lou: Person, administrator: Person
) -> None:
    wish(lou, call_me=True, phone="+33612345678")
    tell(lou)
    row = Sending.objects.get()
    page = signed_in.get("/en/antony/reglages/appels/")
    assert "Lou 06 12 34 56 78 · Telephone call A plot is free" in pages.text(page)
    signed_in.post("/en/antony/reglages/appels/", {"sending": str(row.pk), "outcome": "missed"})
    assert "Not reached, 1 try" in pages.text(signed_in.get("/en/antony/reglages/appels/"))
    signed_in.post("/en/antony/reglages/appels/", {"sending": str(row.pk), "outcome": "reached"})
    assert "Nobody to reach" in pages.text(signed_in.get("/en/antony/reglages/appels/"))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.sent_by) == ("sent", 2, administrator.pk)
    events = Event.objects.filter(name="notifications.sent_by_hand").order_by("id")
    assert [event.data for event in events] == [
        {"channel": "call", "reached": False},
        {"channel": "call", "reached": True},
    ]
    again = signed_in.post(
        "/en/antony/reglages/appels/", {"sending": str(row.pk), "outcome": "missed"}
    )
    assert again.status_code == 404


def test_an_administrator_sees_what_left_and_what_would(
    signed_in: Client, tell: Tell, lou: Person, wish: Any
) -> None:
    wish(lou)
    tell(lou)
    tell(lou, notice="tried.legal", once="2")
    send_all()
    page = signed_in.get("/en/antony/reglages/messages/")
    assert pages.rows(page)[1:] == [
        ["A decision", "Lou", "E-mail", "Sent"],
        ["A plot is free in Les Blagis", "Lou", "E-mail", "Sent"],
    ]
    assert "No message" in pages.text(signed_in.get("/en/antony/reglages/messages/?etat=given_up"))
    row = Sending.objects.order_by("id").first()
    letter = pages.text(signed_in.get(f"/en/antony/reglages/messages/{row.pk}/"))
    assert "Answer within a week." in letter
    assert "To stop these messages: …" in letter, "the link is the reader's alone"


@pytest.mark.parametrize("page", ["messages/", "appels/"])
def test_residents_see_nothing_of_it(browser: Client, here: Community, page: str) -> None:
    assert browser.get(f"/en/antony/reglages/{page}").status_code in {403, 404}


def test_another_communitys_messages_are_not_found(
    tell: Tell, lou: Person, sceaux: Community, pat: Person
) -> None:
    tell(lou)
    row = Sending.objects.get()
    with within(sceaux):
        Membership.objects.create(person=pat, role="administrator")
    client = Client()
    client.force_login(pat)
    assert client.get(f"/en/sceaux/reglages/messages/{row.pk}/").status_code == 404
    assert client.get(f"/en/antony/reglages/messages/{row.pk}/").status_code in {403, 404}


@pytest.mark.parametrize("page", ["", "lu/", "nombre/", "reglages/"])
def test_who_is_not_signed_in_is_led_to_signing_in(client: Client, db: None, page: str) -> None:
    answer = client.post(f"{HERE}/{page}") if page == "lu/" else client.get(f"{HERE}/{page}")
    assert answer["Location"].startswith("/en/antony/compte/connexion/")


def test_one_is_told_where_else_something_is_to_be_read(
    browser: Client, tell: Tell, lou: Person, pat: Person
) -> None:
    assert "To read on other pages" not in pages.text(browser.get("/en/sceaux/compte/avis/"))
    tell(lou, pat)
    tell(lou, once="2")
    page = browser.get("/en/sceaux/compte/avis/")
    told = pages.text(page).partition("To read on other pages")[2]
    assert "Antony 2 not read" in told.replace("\n", " ")
    assert "/en/antony/compte/avis/" in pages.links(page)
    assert "To read on other pages" not in pages.text(browser.get(f"{HERE}/"))
