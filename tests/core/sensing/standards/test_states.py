"""What public places say now: the list, its tag, and what a listener hears of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests.services.parking.samples import sensor, space, street

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.live.topics import Message, is_public, messages_of
from communs.core.sensing import actions
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import milliseconds
from communs.services.parking.models import Space

pytestmark = pytest.mark.django_db
LIST = "/antony/api/stationnement/etats"


@pytest.fixture
def taken(parked: Community) -> Space:
    """A space whose sensor says that somebody is there."""
    at = timezone.now().replace(microsecond=0)
    with within(parked):
        return sensor(space(segment=street("Rue A")), (at, 1.0), code="a1", at=at)


def ask(**headers: str) -> Any:
    return Client().get(LIST, headers={"Accept-Encoding": "identity", **headers})


def test_the_list_says_what_is_believed_and_until_when(taken: Space) -> None:
    found = ask().json()
    (state,) = found["states"]
    assert (found["count"], state["place"], state["value"], state["doubt"]) == (
        1, f"place-{taken.code}", 1.0, "",
    )  # fmt: skip
    assert state["since"] < state["until"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        (state,) = ask().json()["states"]
    assert (state["value"], state["doubt"], state["since"], state["until"]) == (
        None, "silent", None, None,
    )  # fmt: skip


def test_asking_again_costs_nothing_until_something_is_new(taken: Space) -> None:
    first = ask()
    tag = first["ETag"]
    again = ask(**{"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    say(taken, 0.0)
    news = ask(**{"If-None-Match": tag})
    assert (news.status_code, news.json()["states"][0]["value"]) == (200, 0.0)
    assert news["ETag"] != tag


def say(where: Space, value: float, code: str = "a1", slug: str = "capteurs") -> Event | None:
    """Have a sensor say a value now; give the event of what changed."""
    at = milliseconds(timezone.now()) + 1
    with within(where.community):
        source = Source.objects.get(slug=slug)
        take(source=source, readings=[Reading(code, "presence", at, 0, value)], at=at, by=None)
        rows = Event.objects.filter(name="sensing.states_changed").order_by("-pk")
        return rows.first()


def test_a_listener_hears_of_public_places_alone(
    taken: Space, parked: Community, switch: Callable[..., None]
) -> None:
    assert is_public("parking.states")
    event = say(taken, 0.0)
    assert event is not None
    with within(parked):
        (message,) = messages_of(event)
        assert message == Message("parking.states", {"states": ask().json()["states"]})
        private, _secret = actions.add_source(slug="secret", name="S", by=None)
        actions.commission(source=private, code="z", at=timezone.now(), by=None)
    hidden = say(taken, 1.0, code="z", slug="secret")
    assert hidden is not None
    with within(parked):
        assert messages_of(hidden) == []
    switch(parked, "parking", on=False)
    with within(parked):
        assert messages_of(event) == []


def test_listening_leads_to_the_live_process(parked: Community, settings: Any) -> None:
    settings.COMMUNS_LIVE = ""
    assert Client().get(f"{LIST}/flux").status_code == 404
    for live, address in (
        (":8001", "http://testserver:8001/live/antony?topics=parking.states&last=7"),
        ("/live/", "/live/antony?topics=parking.states&last=7"),
    ):
        settings.COMMUNS_LIVE = live
        answer = Client().get(f"{LIST}/flux", headers={"Last-Event-ID": "7"})
        assert (answer.status_code, answer["Location"]) == (307, address)


def test_where_the_service_is_off_nothing_is_said(taken: Space) -> None:
    for path in ("", "/flux"):
        assert Client().get(f"/sceaux{LIST.removeprefix('/antony')}{path}").status_code == 404


def test_the_addresses_stand_among_the_open_data(parked: Community) -> None:
    page = Client().get("/antony/donnees/").content.decode()
    for end in ("etats", "sensorthings/v1.1", "ngsi-ld/v1/entities"):
        address = f"/antony/api/stationnement/{end}"
        assert f'href="{address}"' in page
        assert Client().get(address).status_code == 200
    assert "ngsi-ld" not in Client().get("/sceaux/donnees/").content.decode()
