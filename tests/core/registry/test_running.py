"""Which service runs where: one's own word first, then that of the territory or metropolis."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs import VERSION
from communs.core.communities.models import Affiliation, Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation
from communs.core.registry.queries import by_key, running
from communs.core.registry.service import Finding, Service
from communs.services.fund.options import FundOptions

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def put(community: Community, *, on: bool, covers: bool = False) -> None:
    with within(community):
        set_service(service=by_key("fund"), on=on, covers_children=covers, by=None)


def is_on(community: Community, metropolis: Community, day: date = TODAY) -> bool:
    here, _there = running(community, metropolis, on=day)
    return here["fund"].on


@pytest.fixture
def territory(db: None) -> Community:
    """Antony's."""
    return Community.objects.get(slug="vallee-sud-grand-paris")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.tuples(*[st.sampled_from([None, True, False])] * 2, st.booleans()))
def test_ones_own_word_comes_first_then_that_of_who_covers(
    metropolis: Community,
    antony: Community,
    territory: Community,
    said: tuple[bool | None, bool | None, bool],
) -> None:
    own, lent, covers = said
    for community, word in ((antony, own), (territory, lent)):
        with within(community):
            Activation.objects.all().delete()
        if word is not None:
            put(community, on=word, covers=covers and community is territory)
    expected = own if own is not None else bool(covers and lent)
    assert is_on(antony, metropolis) == expected


def test_a_territory_covers_its_own_communes_only(
    metropolis: Community, antony: Community, territory: Community
) -> None:
    put(territory, on=True, covers=True)
    levallois = Community.objects.get(slug="levallois-perret")
    assert is_on(antony, metropolis)
    assert not is_on(levallois, metropolis)
    assert Client().get("/antony/fonds/registre/").status_code == 200
    assert Client().get("/levallois-perret/fonds/registre/").status_code == 404


def test_who_has_left_is_no_longer_covered(
    metropolis: Community, antony: Community, territory: Community
) -> None:
    put(territory, on=True, covers=True)
    Affiliation.objects.filter(member=antony, group=territory).update(until=TODAY)
    assert is_on(antony, metropolis, date(2026, 11, 22))
    assert not is_on(antony, metropolis)


def test_a_member_lends_nothing_to_its_metropolis(metropolis: Community, antony: Community) -> None:
    put(antony, on=True, covers=True)
    put(metropolis, on=False)
    assert not is_on(metropolis, metropolis)


def test_what_runs_here_and_in_the_metropolis_is_one_query(
    metropolis: Community, antony: Community
) -> None:
    with CaptureQueriesContext(connection) as queries:
        here, there = running(antony, metropolis, on=TODAY)
    assert len(queries) == 1
    assert (here["fund"].on, there["fund"].on) == (False, True)


def test_an_option_that_a_newer_version_refuses_falls_back_alone(
    metropolis: Community, antony: Community
) -> None:
    stored = {"page_size": 5, "show_map": False, "gone": 1, "contact_email": "a@b.example"}
    with within(antony):
        Activation.objects.create(service="fund", options=stored)
    here, _there = running(antony, metropolis, on=TODAY)
    assert here["fund"].options == FundOptions(show_map=False, contact_email="a@b.example")


@pytest.mark.parametrize(
    ("level", "code", "status"),
    [("ok", 200, "ok"), ("warning", 200, "ok"), ("error", 503, "error")],
)
def test_health_is_as_bad_as_the_worst_finding_of_what_runs(
    client: Client, monkeypatch: pytest.MonkeyPatch, level: str, code: int, status: str
) -> None:
    monkeypatch.setattr(Service, "check", lambda _self: (Finding(level, "A sentence."),))
    response = client.get("/sante")
    assert (response.status_code, response.json()["status"]) == (code, status)
    assert response.json() == {"status": status, "version": VERSION}


def test_what_is_off_here_is_not_asked_how_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "check", lambda _self: (Finding("error", "A sentence."),))
    assert client.get("/antony/sante").json() == {"status": "ok", "version": VERSION}
