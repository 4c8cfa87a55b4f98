"""Entities of NGSI-LD: of their Smart Data Models, found as asked, refused as ETSI says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from tests.services.parking.samples import car_park, sensor, space, street

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.sensing.standards.engine.ngsi_queries import NotAQuery, holds, parse

pytestmark = pytest.mark.django_db
ROOT = "/antony/api/stationnement/ngsi-ld/v1"
DATA = Path(__file__).parent / "data"
COMMON = "https://smart-data-models.github.io/data-models/common-schema.json"
HERE = {"georel": "near;maxDistance==500", "geometry": "Point", "coordinates": "[2.297,48.753]"}


@pytest.fixture
def parked_here(parked: Community) -> list[str]:
    """Three spaces of a street (free, taken, unknown) and a car park; the codes of the spaces."""
    at = timezone.now().replace(microsecond=0) - timedelta(minutes=1)
    with within(parked):
        here = street("Rue des Lilas")
        free = sensor(space(segment=here), (at, 0.0), code="a", at=at)
        taken = sensor(space(segment=here, kind="disabled"), (at, 1.0), code="b", at=at)
        unknown = space(segment=here)
        space(segment=here, lat=None, lon=None)
        car_park("Parc Heller", capacity=40)
    return [free.code, taken.code, unknown.code]


def ask(path: str = "/entities", *, accept: str = "application/json", **query: Any) -> Any:
    return Client().get(f"{ROOT}{path}", query, headers={"Accept": accept})


def validator(name: str) -> Draft202012Validator:
    common = Resource.from_contents(
        json.loads((DATA / "common-schema.json").read_text()),
        default_specification=DRAFT202012,
    )
    schema = json.loads((DATA / f"{name}-schema.json").read_text())
    return Draft202012Validator(schema, registry=Registry().with_resource(COMMON, common))


def test_every_entity_is_of_its_model(parked_here: list[str]) -> None:
    rows = ask(options="keyValues", limit=100).json()
    assert sorted(row["type"] for row in rows) == [
        "OffStreetParking", "OnStreetParking", "ParkingSpot", "ParkingSpot", "ParkingSpot",
    ]  # fmt: skip
    for row in rows:
        assert [error.message for error in validator(row["type"]).iter_errors(row)] == []
    wrong = {**next(row for row in rows if row["type"] == "ParkingSpot"), "status": "perhaps"}
    assert list(validator("ParkingSpot").iter_errors(wrong))


def test_a_space_is_told_with_when_it_was_observed(parked_here: list[str]) -> None:
    code = parked_here[1]
    identifier = f"urn:ngsi-ld:ParkingSpot:antony:place-{code}"
    found = ask(f"/entities/{identifier}").json()
    observed = found["status"].pop("observedAt")
    assert observed.endswith("Z")
    assert found == {
        "id": identifier,
        "type": "ParkingSpot",
        "refParkingSite": {
            "type": "Relationship",
            "object": found["refParkingSite"]["object"],
        },
        "name": {"type": "Property", "value": code},
        "status": {"type": "Property", "value": "occupied"},
        "category": {"type": "Property", "value": ["onStreet"]},
        "location": {
            "type": "GeoProperty",
            "value": {"type": "Point", "coordinates": [2.297, 48.753]},
        },
    }
    site = ask(f"/entities/{found['refParkingSite']['object']}", options="keyValues").json()
    assert (site["type"], site["totalSpotNumber"]) == ("OnStreetParking", 4)
    assert "availableSpotNumber" not in site  # one space is unknown


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"type": "ParkingSpot"}, 3),
        ({"type": "ParkingSpot,OffStreetParking"}, 4),
        ({"type": "Nothing"}, 0),
        ({"q": 'status=="free"'}, 1),
        ({"q": "status==free,occupied"}, 2),
        ({"q": "status!=free", "type": "ParkingSpot"}, 2),
        ({"q": "totalSpotNumber>=40"}, 1),
        ({"q": "totalSpotNumber==4..40"}, 2),
        ({"q": "(totalSpotNumber>4|status==unknown);name"}, 2),
        ({"q": "!status"}, 2),
        ({"attrs": "totalSpotNumber"}, 2),
        (HERE, 4),
        ({**HERE, "type": "ParkingSpot"}, 3),
        ({**HERE, "georel": "near;minDistance==500"}, 1),
    ],
)
def test_entities_are_found_as_asked(
    parked_here: list[str], query: dict[str, str], count: int
) -> None:
    answer = ask(**query, count="true", limit=100)
    assert (len(answer.json()), answer["NGSILD-Results-Count"]) == (count, str(count))


def test_pages_hold_together(parked_here: list[str]) -> None:
    pages = [ask(limit=2, offset=first, count="true") for first in (0, 2, 4)]
    assert [len(page.json()) for page in pages] == [2, 2, 1]
    assert len({row["id"] for page in pages for row in page.json()}) == 5


def test_the_context_is_inside_or_in_a_link(parked_here: list[str]) -> None:
    plain, linked = ask(limit=1), ask(limit=1, accept="application/ld+json")
    assert "@context" not in plain.json()[0]
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in plain["Link"]
    assert linked["Content-Type"] == "application/ld+json"
    assert linked.json()[0]["@context"][0].endswith("dataModel.Parking/master/context.jsonld")


def test_types_and_attributes_are_listed(parked_here: list[str]) -> None:
    assert ask("/types").json()["typeList"] == [
        "OffStreetParking",
        "OnStreetParking",
        "ParkingSpot",
    ]
    details = {
        row["attributeName"]: row["typeNames"] for row in ask("/attributes", details="true").json()
    }
    assert details["status"] == ["ParkingSpot"]
    assert ask("/attributes").json()["attributeList"] == sorted(details)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"limit": "x"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"q": "status=="}, "value"),
        ({"q": "(" * 30}, "deep"),
        ({"georel": "within"}, "georel"),
        ({**HERE, "coordinates": "[2,100]"}, "coordinates"),
        ({**HERE, "coordinates": "x"}, "coordinates"),
    ],
)
def test_what_cannot_be_read_is_refused_as_etsi_says(
    parked_here: list[str], query: dict[str, str], why: str
) -> None:
    answer = ask(**query)
    body = answer.json()
    assert (answer.status_code, body["type"]) == (
        400,
        "https://uri.etsi.org/ngsi-ld/errors/BadRequestData",
    )
    assert why in body["detail"]


def test_another_communes_entity_is_not_found(parked_here: list[str], sceaux: Community) -> None:
    identifier = f"urn:ngsi-ld:ParkingSpot:antony:place-{parked_here[0]}"
    for place in ("antony/api/stationnement", "sceaux/api/stationnement"):
        found = Client().get(f"/{place}/ngsi-ld/v1/entities/{identifier}")
        assert found.status_code == (200 if place.startswith("antony") else 404)
    missing = ask("/entities/urn:ngsi-ld:ParkingSpot:antony:x")
    assert missing.json()["type"].endswith("/ResourceNotFound")


@given(st.text(alphabet='ab.=!<>();|,"1 é', max_size=40))
def test_no_query_breaks_the_reader(text: str) -> None:
    try:
        query = parse(text)
    except NotAQuery:
        return
    assert holds(query, {"a": 1, "b": {"a": "x"}}) in {True, False}
