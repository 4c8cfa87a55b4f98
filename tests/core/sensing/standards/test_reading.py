"""What anybody reads of a commune's sensors: the places that its service publishes, and no more."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.services.parking.samples import network, sensor, space, street

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing import actions
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source, Thing
from communs.core.sensing.queries import milliseconds
from communs.services.parking.models import Space

pytestmark = pytest.mark.django_db
ROOT = "/antony/api/stationnement/sensorthings/v1.1"


@pytest.fixture
def spaces(parked: Community) -> list[Space]:
    """Two spaces with sensors that spoke, one without, and a sensor that is in no space."""
    at = timezone.now().replace(microsecond=0)
    with within(parked):
        here = street("Rue des Lilas")
        minutes = [(at - timedelta(minutes=n), float(n % 2)) for n in (9, 6, 3)]
        held = [sensor(space(segment=here), *minutes, code=f"s{n}", at=at) for n in (1, 2)]
        space(segment=here)
        private, _secret = actions.add_source(slug="secret", name="Zqprivate", by=None)
        actions.commission(source=private, code="zqhidden", at=at, name="Zqprivate", by=None)
        private.refresh_from_db()
        said = [Reading("zqhidden", "presence", milliseconds(at), 0, 1.0)]
        take(source=private, readings=said, at=milliseconds(at), by=None)
    return held


def read(path: str, place: str = "/antony", **headers: str) -> Any:
    return Client().get(f"{place}{ROOT.removeprefix('/antony')}{path}", headers=headers)


def told(path: str) -> Any:
    answer = read(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def number_of(where: Space) -> str:
    with within(where.community):
        return str(Thing.objects.get(pk=where.thing_id).number)


def test_the_root_says_what_there_is(parked: Community) -> None:
    names = [one["name"] for one in told("")["value"]]
    assert names == [
        "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors",
        "ObservedProperties", "Observations", "FeaturesOfInterest",
    ]  # fmt: skip
    assert told("/")["value"][0]["url"] == f"http://testserver{ROOT}/Things"


def test_a_space_with_a_sensor_is_a_thing_with_all_that_belongs_to_it(spaces: list[Space]) -> None:
    code, number = spaces[0].code, number_of(spaces[0])
    key = f"place-{code}"
    link = f"http://testserver{ROOT}/Things('{key}')"
    assert told(f"/Things('{key}')") == {
        "@iot.id": key,
        "@iot.selfLink": link,
        "name": code,
        "description": "Rue des Lilas, entre rue A et rue B 1",
        "properties": {"kind": "standard", "number": 1},
        "Locations@iot.navigationLink": f"{link}/Locations",
        "HistoricalLocations@iot.navigationLink": f"{link}/HistoricalLocations",
        "Datastreams@iot.navigationLink": f"{link}/Datastreams",
    }
    assert told(f"/Things('{key}')/Locations")["value"][0]["location"] == {
        "type": "Point",
        "coordinates": [2.297, 48.753],
    }
    (stream,) = told(f"/Things('{key}')/Datastreams?$expand=Sensor,ObservedProperty")["value"]
    assert stream["@iot.id"] == number
    assert stream["observationType"].endswith("OM_TruthObservation")
    assert (stream["Sensor"]["@iot.id"], stream["ObservedProperty"]["@iot.id"]) == (
        "presence",
        "presence",
    )
    rows = told(f"/Datastreams({number})/Observations?$orderby=phenomenonTime desc")["value"]
    assert [row["result"] for row in rows] == [True, False, True]
    back = told(f"/Observations('{rows[0]['@iot.id']}')/Datastream/Thing/name")
    assert back == {"name": code}
    answer = read(f"/Things('{key}')/name/$value")
    assert (answer.content.decode(), answer["Content-Type"]) == (code, "text/plain; charset=utf-8")


def test_pages_follow_each_other_and_say_how_many_there_are(spaces: list[Space]) -> None:
    first = told("/Observations?$top=4&$count=true&$orderby=phenomenonTime&$select=result")
    assert (first["@iot.count"], len(first["value"])) == (6, 4)
    assert first["value"][0] == {"result": True}
    following = first["@iot.nextLink"].removeprefix(f"http://testserver{ROOT}")
    last = told(following)
    assert (len(last["value"]), "@iot.nextLink" in last) == (2, False)


def test_readings_are_filtered_by_the_database_and_one_by_one(spaces: list[Space]) -> None:
    number = number_of(spaces[1])
    since = (timezone.now() - timedelta(minutes=7)).isoformat().replace("+00:00", "Z")
    for asked, count in (
        ("result eq true", 4),
        ("result eq false", 2),
        (f"phenomenonTime gt {since}", 4),
        (f"phenomenonTime gt {since} and result eq 1", 2),
        (f"Datastream/id eq '{number}'", 3),
        (f"Datastream/Thing/name eq '{spaces[1].code}' and result eq 1", 2),
        (f"Datastream/Thing/name eq '{spaces[1].code}' or result eq 0", 4),
        ("year(phenomenonTime) ge 2026 and result eq 1", 4),
        ("year(phenomenonTime) lt 2026", 0),
        ("result ne true", 2),
    ):
        page = told(f"/Observations?$count=true&$filter={asked.replace('+', '%2B')}")
        assert (page["@iot.count"], len(page["value"])) == (count, count), asked


def test_readings_come_as_arrays(spaces: list[Space]) -> None:
    number = number_of(spaces[0])
    (rows,) = told(f"/Datastreams({number})/Observations?$resultFormat=dataArray")["value"]
    assert rows["components"] == ["id", "phenomenonTime", "resultTime", "result"]
    assert [row[3] for row in rows["dataArray"]] == [True, False, True]
    assert rows["dataArray@iot.count"] == 3


def test_things_are_filtered_sorted_and_chosen_by_what_belongs_to_them(
    spaces: list[Space],
) -> None:
    codes = sorted((one.code for one in spaces), reverse=True)
    page = told("/Things?$orderby=name desc&$select=name&$filter=properties/number gt 0")
    assert page["value"] == [{"name": code} for code in codes]
    near = "geo.distance(Locations/location, geography'POINT(2.2970 48.7530)') lt 0.001"
    assert len(told(f"/Things?$filter={near}")["value"]) == 2
    assert told("/Things?$filter=Datastreams/ObservedProperty/id eq 'humidity'")["value"] == []
    place = told(f"/FeaturesOfInterest('place-{codes[0]}')/Observations?$count=true&$top=0")
    assert (place["@iot.count"], place["value"]) == (3, [])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Nothing", 404),
        ("/Things('x')", 404),
        ("/Things('x')/Datastreams", 404),
        ("/Datastreams(999999999)/Observations", 404),
        ("/Observations('1-2')", 404),
        ("/Observations('99999999999999999999999-1-1')", 404),
        ("/Things/name", 404),
        ("/Things('", 404),
        ("/Things?$top=x", 400),
        ("/Things?$filter=name eq", 400),
        ("/Things?$filter=evil(name)", 400),
        ("/Things?$orderby=name sideways", 400),
        ("/Things?$unheard=1", 400),
        ("/Observations?$orderby=Datastream/name", 400),
        ("/Things?$expand=Datastreams($top=1", 400),
    ],
)
def test_what_cannot_be_answered_says_why(spaces: list[Space], path: str, status: int) -> None:
    answer = read(path)
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert (body["code"], body["type"], bool(body["message"])) == (status, "error", True)


def test_what_is_not_published_is_nowhere(spaces: list[Space]) -> None:
    sets = [one["name"] for one in told("")["value"]]
    assert "Zqprivate" not in "".join(read(f"/{name}").content.decode() for name in sets)
    assert [len(told(f"/{name}")["value"]) for name in ("Things", "Datastreams")] == [2, 2]
    with within(spaces[0].community):
        hidden = Thing.objects.get(code="zqhidden").number
    assert read(f"/Datastreams({hidden})").status_code == 404
    with within(spaces[0].community):
        Space.objects.filter(pk=spaces[0].pk).update(in_service=False)
    assert len(told("/Things")["value"]) == 1


def test_a_source_sees_its_own_besides_and_no_other_sources(spaces: list[Space]) -> None:
    with within(spaces[0].community):
        one = actions.renew_secret(source=Source.objects.get(slug="secret"), by=None)
        other = actions.renew_secret(source=network(), by=None)
    body = {"name": "Mât", "Locations": []}
    auth = {"Authorization": f"Bearer {one}"}
    made = Client().post(f"{ROOT}/Things", body, content_type="application/json", headers=auth)
    assert (made.status_code, made["Location"]) == (201, made.json()["@iot.selfLink"])
    path = made["Location"].removeprefix(f"http://testserver{ROOT}")
    basic = b64encode(f"secret:{one}".encode()).decode()
    seen = [
        read(path, Authorization=f"Bearer {one}").status_code,
        read(path, Authorization=f"Basic {basic}").status_code,
        read(path, Authorization=f"Bearer {other}").status_code,
        read(path, Authorization="Bearer wrong").status_code,
        read(path).status_code,
    ]
    assert seen == [200, 200, 404, 401, 404]
    gone = Client().delete(f"{ROOT}{path}", headers={"Authorization": f"Bearer {other}"})
    assert gone.status_code == 404


def test_elsewhere_it_is_as_if_it_never_was(
    spaces: list[Space], sceaux: Community, switch: Callable[..., None], secret: str
) -> None:
    key, number = f"place-{spaces[0].code}", number_of(spaces[0])
    assert read("/Things", "/sceaux").status_code == 404  # parking is off there
    switch(sceaux, "parking")
    assert read("/Things", "/sceaux").json() == {"value": []}
    for path in (f"/Things('{key}')", f"/Datastreams({number})"):
        assert read(path, "/sceaux").status_code == 404
    assert read("/Things", "/sceaux", Authorization=f"Bearer {secret}").status_code == 401


def test_a_list_costs_the_same_queries_for_two_spaces_and_for_six(spaces: list[Space]) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            told("/Things?$expand=Locations,Datastreams($expand=Sensor,ObservedProperty)")
        return len(queries)

    cost()
    before = cost()
    at = timezone.now()
    with within(spaces[0].community):
        for number in range(4):
            sensor(space(segment=spaces[0].segment), code=f"n{number}", at=at)
    assert cost() == before


def test_a_wrong_reading_is_refused_with_its_reason(source: Source, secret: str) -> None:
    auth = {"Authorization": f"Bearer {secret}"}
    with within(source.community):
        thing = actions.commission(source=source, code="t", at=timezone.now(), by=None)
    path = f"{ROOT}/Datastreams({thing.number})/Observations"

    def send(**body: Any) -> Any:
        return Client().post(path, body, content_type="application/json", headers=auth)

    future = (timezone.now() + timedelta(hours=1)).isoformat()
    wrong = [{}, {"result": "maybe"}, {"result": 7}, {"result": 1, "phenomenonTime": "2026"}]
    wrong += [{"result": 1, "phenomenonTime": future}]
    assert {send(**body).status_code for body in wrong} == {400}
    assert "future" in send(**wrong[-1]).json()["message"]
    assert send(result=1).status_code == 201
    assert send(result=1, FeatureOfInterest={"@iot.id": "x"}).status_code == 501
