"""Sessions: how long they last, and how one sees and ends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from communs.core.access.demo import PASSWORD
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.people import devices
from communs.core.people.models import Person
from tests import pages

pytestmark = pytest.mark.django_db

AT = "/en/antony/compte"
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


def signed_in_with(agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    form = {"login": "antony@demo.example", "password": PASSWORD}
    assert client.post(f"{AT}/connexion/", form).status_code == 302
    return client


def is_inside(client: Client) -> bool:
    return client.get(f"{AT}/").status_code == 200


def test_a_session_ends_three_hours_after_its_last_use() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in_with(OFFICE)
        clock.shift(timedelta(hours=2, minutes=59))
        assert is_inside(client)
        clock.shift(timedelta(hours=2, minutes=59))
        assert is_inside(client)
        clock.shift(timedelta(hours=3, seconds=1))
        assert not is_inside(client)


def test_a_session_ends_twelve_hours_after_it_began_however_used() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in_with(OFFICE)
        for _ in range(6):
            clock.shift(timedelta(hours=2))
            assert is_inside(client)
        clock.shift(timedelta(seconds=1))
        assert not is_inside(client)


def test_turning_pages_costs_no_write_but_now_and_then(
    django_assert_num_queries: object,
) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = signed_in_with(OFFICE)
        client.get("/antony/")
        before = UserSession.objects.get().last_seen_at
        clock.shift(timedelta(minutes=1))
        client.get("/antony/")
        assert UserSession.objects.get().last_seen_at == before
        clock.shift(timedelta(minutes=2))
        client.get("/antony/")
        assert UserSession.objects.get().last_seen_at == before + timedelta(minutes=3)


def test_one_sees_where_one_is_signed_in() -> None:
    with time_machine.travel(MORNING, tick=False):
        signed_in_with(PHONE)
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        page = pages.text(signed_in_with(OFFICE).get(f"{AT}/sessions/"))
    here, there = page.index("Firefox, Windows"), page.index("Safari, iPhone")
    assert here < there
    assert "this one" in page[here:there]
    assert "Since 2 March 2026 at 08:00. Last used: 2 March 2026 at 08:00." in page[there:]


def test_one_session_is_ended_and_the_others_stay(antony: Community) -> None:
    office, phone, lost = (signed_in_with(agent) for agent in (OFFICE, PHONE, "?"))
    row = UserSession.objects.get(user_agent="?")
    office.post(f"{AT}/sessions/", {"session": row.pk})
    assert [is_inside(client) for client in (office, phone, lost)] == [True, True, False]
    with within(antony):
        event = Event.objects.get(name="people.sessions_ended")
    assert event.data == {"count": 1}


def test_all_the_others_are_ended_at_once() -> None:
    office, phone, lost = (signed_in_with(agent) for agent in (OFFICE, PHONE, "?"))
    office.post(f"{AT}/sessions/")
    assert [is_inside(client) for client in (office, phone, lost)] == [True, False, False]


def test_somebody_elses_session_is_not_ended(manager: Person) -> None:
    other = Client()
    other.force_login(manager)
    form = {"login": manager.email, "password": PASSWORD}
    theirs = Client()
    theirs.post(f"{AT}/connexion/", form)
    row = UserSession.objects.get(user=manager)
    signed_in_with(OFFICE).post(f"{AT}/sessions/", {"session": row.pk})
    assert is_inside(theirs)


def test_a_changed_password_ends_the_other_sessions(antony: Community) -> None:
    office, phone = signed_in_with(OFFICE), signed_in_with(PHONE)
    form = {"oldpassword": PASSWORD, "password1": "quatre mots faciles ici"}
    assert office.post(f"{AT}/mot-de-passe/", form).headers["Location"] == f"{AT}/"
    assert [is_inside(client) for client in (office, phone)] == [True, False]
    with within(antony):
        assert Event.objects.filter(name="people.password_changed").count() == 1
    assert "Safari" not in pages.text(office.get(f"{AT}/sessions/"))


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (OFFICE, "Firefox, Windows"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge, Windows"),
        ("curl/8.0", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_device_is_said_in_words(agent: str, said: str) -> None:
    found = devices.words(agent)
    assert found == said or (found, said) == ("Unknown browser", "Navigateur inconnu")
