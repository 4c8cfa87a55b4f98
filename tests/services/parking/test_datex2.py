"""DATEX II 3.7: both publications hold against its schemas, and tell no free space that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.parking.actions import set_regulation
from tests.services.parking.samples import car_park, sensor, space, street

HOME = "/sceaux/api/stationnement/datex2/"
SCHEMAS = Path(__file__).parent / "data" / "datex2"
NS = {
    "prk": "http://datex2.eu/schema/3/parking",
    "fac": "http://datex2.eu/schema/3/facilities",
}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "DATEXII_3_D2Payload.xsd"))


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> Iterator[None]:
    switch(sceaux, "parking")
    with within(sceaux):
        yield


def read(client: Client, name: str, schema: etree.XMLSchema) -> etree._Element:
    answer = client.get(f"{HOME}{name}.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    schema.assertValid(root)
    return root


def places() -> None:
    """A street known whole, one known in part, one full, one unknown, two car parks."""
    at = timezone.now()
    for name, values, more in (
        ("Entière", (0, 1), 0), ("Partie", (0, 0), 2), ("Pleine", (1,), 0), ("Muette", (), 3),
        ("Pleine en partie", (1,), 1),
    ):  # fmt: skip
        row = street(name, spaces=more, line=None if name == "Muette" else _LINE)
        for value in values:
            sensor(space(segment=row), (at - timedelta(minutes=1), float(value)), at=at)
    car_park("Parc <A> & B", capacity=40, kind="building")
    car_park("Parc sans taille")
    set_regulation(title="Libre", where="commune", charge="free", by=None)


_LINE = {"type": "LineString", "coordinates": [[2.2960, 48.7534], [2.2980, 48.7524]]}


def test_the_table_holds_against_its_schema(client: Client, schema: etree.XMLSchema) -> None:
    places()
    root = read(client, "table", schema)
    rows = root.findall(".//prk:hierarchyElementGeneral", NS)
    assert {row.get("id"): row.findtext("prk:supply/prk:quantity", None, NS) for row in rows} == {
        "rue:entiere-rue-a": "2",
        "rue:partie-rue-a": "4",
        "rue:pleine-rue-a": "1",
        "rue:muette-rue-a": "3",
        "rue:pleine-en-partie-rue-a": "2",
        "parc:parc-a-b": "40",
    }
    names = [row.findtext("fac:name//{*}value", None, NS) for row in rows]
    assert "Parc <A> & B" in names


def test_the_status_says_no_more_than_is_known(client: Client, schema: etree.XMLSchema) -> None:
    places()
    root = read(client, "status", schema)
    told = {}
    for row in root.findall(".//prk:parkingStatusInformation", NS):
        occupancy = row.find("prk:occupancy", NS)
        values = {} if occupancy is None else {one.tag.split("}")[1]: one.text for one in occupancy}
        told[row.find("fac:reference", NS).get("id")] = (
            row.findtext("prk:status", None, NS),
            row.findtext("fac:openingStatus", None, NS),
            values,
        )
    assert told == {
        "rue:entiere-rue-a": (
            "spacesAvailable",
            "open",
            {"numberOfVacantSpaces": "1", "numberOfOccupiedSpaces": "1", "occupancy": "50.0"},
        ),
        "rue:partie-rue-a": ("spacesAvailable", "open", {"numberOfVacantSpacesHigherThan": "1"}),
        "rue:pleine-rue-a": (
            "full",
            "open",
            {"numberOfVacantSpaces": "0", "numberOfOccupiedSpaces": "1", "occupancy": "100.0"},
        ),
        "rue:muette-rue-a": ("unknown", "open", {}),
        "rue:pleine-en-partie-rue-a": ("unknown", "open", {}),
        "parc:parc-a-b": ("unknown", "open", {}),
    }


def test_both_name_the_same_table_and_the_same_versions(
    client: Client, schema: etree.XMLSchema
) -> None:
    places()
    table, status = (read(client, name, schema) for name in ("table", "status"))
    held, named = table.find(".//prk:parkingTable", NS), status.find(".//{*}parkingTableReference")
    assert [held.get(name) for name in ("id", "version")] == [
        named.get(name) for name in ("id", "version")
    ]
    versions = {(r.get("id"), r.get("version")) for r in table.iter("{*}hierarchyElementGeneral")}
    assert versions == {(r.get("id"), r.get("version")) for r in status.iter("{*}reference")}


def test_the_schema_refuses_what_is_not_datex(client: Client, schema: etree.XMLSchema) -> None:
    places()
    root = read(client, "status", schema)
    root.find(".//prk:status", NS).text = "free"
    assert not schema.validate(root)


def test_without_a_place_there_is_no_publication(client: Client) -> None:
    assert [client.get(f"{HOME}{n}.xml").status_code for n in ("table", "status")] == [404, 404]


def test_open_data_lead_to_both(client: Client) -> None:
    places()
    for name in ("table", "status"):
        file = client.get(f"/sceaux/stationnement/datex2/{name}.xml").content
        assert len(file) == len(client.get(f"{HOME}{name}.xml").content)
    page = client.get("/sceaux/donnees/").text
    assert [name in page for name in ("datex2/status.xml", "datex2/table.xml")] == [True, True]
