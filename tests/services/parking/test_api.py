"""The API gives what the pages give, and refuses what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.sensing.queries import milliseconds
from communs.services.parking.actions import set_regulation, set_tariff
from communs.services.parking.models import Overstay, Segment, Space
from tests.services.parking.samples import car_park, make, network, sensor, space, street

API = "/api/stationnement"
JSON = "application/json"


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    switch(sceaux, "parking")


@pytest.fixture
def agent(sceaux: Community) -> Client:
    person = Person.objects.create_user("agent@s.example", name="A")
    with within(sceaux):
        Membership.objects.create(person=person, role=Role.AGENT)
    client = Client()
    client.force_login(person)
    return client


def test_places_with_what_is_known_of_them(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        lilacs = street("Rue des Lilas", spaces=2)
        set_regulation(title="Libre", where="commune", charge="free", most_minutes=90, by=None)
    answer = client.get(f"/sceaux{API}/lieux").json()
    assert answer["count"] == 1
    assert answer["places"] == [
        {
            "id": f"rue:{lilacs.slug}",
            "name": "Rue des Lilas, entre rue A et rue B",
            "kind": "street",
            "zone": None,
            "lat": 48.7529,
            "lon": 2.297,
            "free": 0,
            "taken": 0,
            "unknown": 2,
            "total": 2,
            "allowed_now": True,
            "paid_now": False,
            "most_minutes": 90,
            "heard_at": None,
        }
    ]


def test_the_spaces_of_a_place_and_one_of_them(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        row = space(segment=street("Rue des Lilas"), kind="disabled")
    said = {
        "code": row.code,
        "place": "rue:rue-des-lilas-rue-a",
        "number": 1,
        "kind": "disabled",
        "state": "unknown",
        "since": None,
        "heard_at": None,
        "lat": 48.753,
        "lon": 2.297,
    }
    listed = client.get(f"/sceaux{API}/lieux/rue:rue-des-lilas-rue-a/places").json()
    assert listed == {"count": 1, "spaces": [said]}
    assert client.get(f"/sceaux{API}/places/{row.code.lower()}").json() == said
    assert client.get(f"/sceaux{API}/places/NONE").status_code == 404
    assert client.get(f"/antony{API}/places/{row.code}").status_code == 404


def test_may_one_park_there(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        park = car_park("Parc")
        tariff = set_tariff(name="T", steps=[[60, 200]], on_holidays=True, by=None)
        set_regulation(
            title="Payant", where="places", places=[park], charge="tariff", tariff=tariff, by=None
        )
    ask = f"/sceaux{API}/puis-je?place=parc:parc&at=2026-03-10T10:00:00%2B01:00"
    assert client.get(f"{ask}&minutes=60").json() == {
        "allowed": True,
        "until": None,
        "fits": True,
        "price_cents": 200,
        "reasons": [],
        "rules": ["payant"],
    }
    longer = client.get(f"{ask}&minutes=61&cards=disabled").json()
    assert (longer["price_cents"], longer["reasons"]) == (None, ["price_unknown"])
    assert client.get(f"{ask}&kind=disabled").json()["allowed"] is True
    assert client.get(f"/sceaux{API}/puis-je?place=parc:nulle-part").status_code == 404
    for wrong in ("at=hier", "at=2026-03-10T10:00:00", "minutes=0", "cards=king", "kind=x"):
        assert client.get(f"/sceaux{API}/puis-je?place=parc:parc&{wrong}").status_code == 422
    far = client.get(f"/sceaux{API}/puis-je?place=parc:parc&at=9999-12-31T23:00:00Z")
    assert far.status_code == 404


def test_without_a_rule_the_answer_is_unknown(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        street("Rue des Lilas")
    answer = client.get(f"/sceaux{API}/puis-je?place=rue:rue-des-lilas-rue-a").json()
    assert (answer["allowed"], answer["reasons"]) == (None, ["no_rule"])


def test_a_sensor_is_put_in_place(agent: Client, sceaux: Community) -> None:
    with within(sceaux):
        network()
        row = space(segment=street("Rue des Lilas"))
    address = f"/sceaux{API}/places/{row.code}/capteur"
    answer = agent.put(address, {"code": "AA11"}, content_type=JSON)
    assert answer.json() == {"space": row.code, "sensor": "aa11", "source": "capteurs"}
    assert agent.delete(address).status_code == 204
    again = agent.delete(address)
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert Client().put(address, {"code": "AA11"}, content_type=JSON).status_code == 401


def test_long_stays_are_listed_and_answered(agent: Client, sceaux: Community) -> None:
    at = timezone.now()
    with within(sceaux):
        set_regulation(title="Arrêt", where="commune", most_minutes=20, by=None)
        row = space(segment=street("Rue des Lilas"))
        since = at - timedelta(minutes=60)
        sensor(row, (since, 1.0), at=at)
    (late,) = agent.get(f"/sceaux{API}/tournee").json()
    assert (late["code"], late["since"]) == (row.code, milliseconds(since))
    address = f"/sceaux{API}/tournee/{row.code}"
    given = {"since": late["since"], "verdict": "gone"}
    assert agent.post(address, given | {"since": 1}, content_type=JSON).status_code == 404
    assert agent.post(address, given | {"verdict": "x"}, content_type=JSON).status_code == 422
    assert agent.post(address, given, content_type=JSON).status_code == 204
    with within(sceaux):
        assert Overstay.objects.get().verdict == "gone"
    assert agent.get(f"/sceaux{API}/tournee").json() == []


def test_only_agents_patrol(client: Client, manager: Person) -> None:
    assert client.get(f"/sceaux{API}/tournee").status_code == 401
    client.force_login(manager)
    assert client.get(f"/sceaux{API}/tournee").status_code == 404


def test_the_list_costs_the_same_whatever_there_is(
    client: Client, sceaux: Community, django_assert_max_num_queries: Callable
) -> None:
    with within(sceaux):
        make(4)
        slug, code = Segment.objects.first().slug, Space.objects.first().code
    for address in ("lieux", f"lieux/rue:{slug}/places", f"places/{code}"):
        with django_assert_max_num_queries(9):
            assert client.get(f"/sceaux{API}/{address}").status_code == 200
