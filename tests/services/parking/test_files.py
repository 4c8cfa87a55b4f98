"""Open data: the national schema, ParkAPI, CSV and GeoJSON, unknown said everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.parking.actions import set_permit, set_regulation, set_site, set_tariff
from communs.services.parking.queries import lacking
from tests.services.parking.samples import AT, car_park, sensor, space, street

HOME = "/sceaux/stationnement/"
DATA = Path(__file__).parent / "data"
SCHEMA = json.loads((DATA / "lieux-0.1.5.schema.json").read_text())
COMPLETE = {
    "address": "3 rue de la Gare, 92330, Sceaux",
    "operator": "Régie fictive",
    "operator_siret": "21920071200018",
    "national_id": "92071-P-901",
    "capacity": 120,
    "capacity_disabled": 3,
    "height_cm": 190,
    "subscribers_only": False,
    "kind": "building",
}


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    switch(sceaux, "parking")


def faults(text: str) -> list[str]:
    """Check a CSV file against the schema: header, presence, types, patterns, lists, bounds."""
    rows = list(csv.DictReader(io.StringIO(text)))
    header = text.splitlines()[0].split(",")
    found = [] if header == [field["name"] for field in SCHEMA["fields"]] else ["header"]
    for number, row in enumerate(rows, start=1):
        names = (f["name"] for f in SCHEMA["fields"] if _fault(f, row.get(f["name"]) or ""))
        found += [f"{number}:{name}" for name in names]
    return found


def _fault(field: dict[str, Any], value: str) -> bool:
    rules = field.get("constraints", {})
    if value == "":
        return bool(rules.get("required"))
    kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false"}
    if not re.fullmatch(kinds.get(field["type"], ".*"), value):
        return True
    if not re.fullmatch(rules.get("pattern", ".*"), value):
        return True
    if value not in rules.get("enum", [value]):
        return True
    low, high = rules.get("minimum"), rules.get("maximum")
    return (low is not None and float(value) < low) or (high is not None and float(value) > high)


def test_the_checker_knows_the_schemas_own_examples() -> None:
    assert faults((DATA / "lieux-valid.csv").read_text()) == []
    assert faults((DATA / "lieux-invalid.csv").read_text()) != []


def test_car_parks_follow_the_national_schema(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        park = car_park("Parc de l’Église", **COMPLETE)
        tariff = set_tariff(
            name="T", steps=[[60, 250], [120, 400]], further_minutes=60, further_cents=100,
            most_cents=1200, on_holidays=True, by=None,
        )  # fmt: skip
        set_regulation(
            title="P", where="places", places=[park], charge="tariff", tariff=tariff, by=None
        )
        set_permit(name="Résidents", month_cents=4_500, by=None)
    answer = client.get(f"{HOME}lieux.csv")
    assert faults(answer.text) == []
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert {name: value for name, value in row.items() if value} == {
        "id": "92071-P-901",
        "nom": "PARC DE L’EGLISE",
        "insee": "92071",
        "adresse": "3 rue de la Gare, 92330, Sceaux",
        "type_usagers": "tous",
        "gratuit": "false",
        "nb_places": "120",
        "nb_pmr": "3",
        "hauteur_max": "190",
        "num_siret": "21920071200018",
        "Xlong": "2.2873",
        "Ylat": "48.7391",
        "tarif_1h": "2.5",
        "tarif_2h": "4.0",
        "tarif_3h": "5.0",
        "tarif_4h": "6.0",
        "tarif_24h": "12.0",
        "abo_resident": "45.0",
        "type_ouvrage": "ouvrage",
    }


@pytest.mark.parametrize(
    "unknown",
    [
        {"capacity": None},
        {"national_id": ""},
        {"operator_siret": ""},
        {"subscribers_only": None},
        {"lat": None, "lon": None},
        {"height_cm": None},
    ],
)
def test_a_car_park_of_which_too_little_is_known_is_left_out(
    client: Client, sceaux: Community, unknown: dict[str, Any]
) -> None:
    with within(sceaux):
        park = car_park("Parc", **COMPLETE)
        set_regulation(title="Libre", where="commune", charge="free", by=None)
        assert lacking() == []
        assert len(client.get(f"{HOME}lieux.csv").text.splitlines()) == 2
        set_site(site=park, at=AT, by=None, **unknown)
        assert lacking() == [park]
    assert len(client.get(f"{HOME}lieux.csv").text.splitlines()) == 1


def test_a_car_park_without_a_limit_of_height_says_so(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        car_park("Parc", **COMPLETE | {"height_cm": None, "height_unlimited": True})
        set_regulation(title="Libre", where="commune", charge="free", by=None)
    text = client.get(f"{HOME}lieux.csv").text
    assert faults(text) == []
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["hauteur_max"], row["gratuit"], row["tarif_24h"]) == ("N/A", "true", "0.0")


def test_a_car_park_whose_price_nobody_says_is_left_out(sceaux: Community) -> None:
    with within(sceaux):
        park = car_park("Parc", **COMPLETE)
        assert lacking() == [park]


def test_parkapi_counts_only_what_is_known(client: Client, sceaux: Community) -> None:
    now = timezone.now()
    with within(sceaux):
        lilacs = street("Rue des Lilas", spaces=1)
        sensor(space(segment=lilacs), (now - timedelta(minutes=1), 0.0), at=now)
        sensor(space(segment=lilacs, kind="disabled"), (now - timedelta(minutes=1), 1.0), at=now)
        street("Rue sans tracé", line=None, spaces=1)
        car_park("Parc", **COMPLETE)
    document = client.get(f"{HOME}parkapi/v3/parking-sites").json()
    assert document["total_count"] == 2
    told = {item["uid"]: item for item in document["items"]}
    park, row = told["parc"], told["rue-des-lilas-rue-a"]
    assert {name: row[name] for name in ("name", "purpose", "type", "lat", "lon", "capacity")} == {
        "name": "Rue des Lilas, rue A",
        "purpose": "CAR",
        "type": "ON_STREET",
        "lat": "48.7529000",
        "lon": "2.2970000",
        "capacity": 3,
    }
    assert (row["has_realtime_data"], row["realtime_capacity"]) == (True, 2)
    assert row["realtime_free_capacity"] == 1
    assert row["realtime_data_updated_at"] is not None
    assert row["static_data_updated_at"] == AT.isoformat()
    assert row["restrictions"] == [
        {"type": "DISABLED", "capacity": 1, "realtime_capacity": 1, "realtime_free_capacity": 0}
    ]
    unknown = ("realtime_capacity", "realtime_free_capacity", "realtime_data_updated_at")
    assert [park[name] for name in unknown] == [None, None, None]
    assert (park["type"], park["capacity"], park["has_realtime_data"]) == ("CAR_PARK", 120, False)


def test_csv_leaves_the_unknown_empty(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        car_park("Parc", lat=None, lon=None)
    text = client.get(f"{HOME}disponibilites.csv").text
    (row,) = csv.DictReader(io.StringIO(text))
    assert {name for name, value in row.items() if value == ""} == {
        "zone", "lat", "lon", "total", "allowed_now", "paid_now", "most_minutes", "heard_at",
    }  # fmt: skip
    assert (row["id"], row["free"], row["unknown"]) == ("parc:parc", "0", "0")


def test_geojson_has_lines_and_points(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        lilacs = street("Rue des Lilas", spaces=1)
        street("Rue sans tracé", line=None)
        car_park("Parc")
    document = client.get(f"{HOME}disponibilites.geojson").json()
    geometries = {one["id"]: one["geometry"] for one in document["features"]}
    assert geometries == {
        "rue:rue-des-lilas-rue-a": lilacs.line,
        "rue:rue-sans-trace-rue-a": None,
        "parc:parc": {"type": "Point", "coordinates": [2.2873, 48.7391]},
    }


def test_the_moving_map_shows_polygons_with_words(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        street("Rue des Lilas", spaces=2)
    (one,) = client.get(f"/en{HOME}carte.geojson").json()["features"]
    assert one["geometry"]["type"] == "Polygon"
    assert (
        one["properties"]["label"]
        == "Rue des Lilas, between rue A and rue B – 0 free, 0 taken, 2 unknown"
    )
    assert one["properties"]["level"] == "terr"
