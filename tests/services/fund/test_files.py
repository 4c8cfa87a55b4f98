"""The register as open data: the same facts, nothing invented."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.models import Grant

pytestmark = pytest.mark.django_db

SMART_PARKING = {
    "reference": "fmin-2018-12",
    "awarded_on": "2018-11-27",
    "number": "12",
    "beneficiary": "Levallois-Perret",
    "beneficiary_slug": "levallois-perret",
    "beneficiary_kind": "commune",
    "insee": "92044",
    "siren": "219200441",
    "territory": "Paris Ouest La Défense",
    "title": "Smart parking",
    "title_as_published": "Smart parking",
    "amount": "",
    "amount_status": "not_published",
    "theme": "smart-parking",
    "challenge": "resilient",
    "classified_by": "inferred",
    "service": "parking",
    "progress": "available",
}


def test_csv_has_every_grant_and_leaves_the_unknown_empty(client: Client) -> None:
    response = client.get("/fonds/registre.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 23
    assert rows[11] == SMART_PARKING
    assert {row["amount"] for row in rows} == {""}


def test_json_has_the_rounds_totals_and_null_for_the_unknown(client: Client) -> None:
    body = client.get("/fonds/registre.json").json()
    assert body["count"] == 23
    assert body["rounds"] == [
        {
            "programme": "FMIN",
            "awarded_on": "2018-11-27",
            "body": "Bureau",
            "committee_on": "2018-11-21",
            "announced_total": "923571.00",
            "announced_projects": 23,
            "announced_communes": 16,
            "announced_territories": 3,
            "announced_pooled": 14,
            "grants": 23,
            "published_sum": None,
        }
    ]
    row = body["grants"][11]
    wanted = {key: value or None for key, value in SMART_PARKING.items()} | {"number": 12}
    assert row == wanted


def test_geojson_has_one_feature_a_beneficiary_and_an_outline_for_each(client: Client) -> None:
    response = client.get("/fonds/registre.geojson")
    assert response.headers["Content-Type"] == "application/geo+json"
    features = {f["id"]: f for f in response.json()["features"]}
    assert len(features) == 19
    assert features["montreuil"]["geometry"]["type"] == "Polygon"
    assert features["montreuil"]["properties"]["count"] == 2
    territory = features["grand-paris-grand-est"]
    assert territory["geometry"]["type"] == "MultiPolygon"
    assert len(territory["geometry"]["coordinates"]) == 14


def test_files_follow_the_filters(client: Client) -> None:
    response = client.get("/fonds/registre.json?theme=logistics")
    assert [grant["reference"] for grant in response.json()["grants"]] == ["fmin-2018-06"]


@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_a_file_refuses_a_wrong_filter_and_names_it(client: Client, kind: str) -> None:
    response = client.get(
        f"/fonds/registre.{kind}?theme=nope", headers={"accept": "application/json"}
    )
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["field"] == "theme"
    assert response.json()["detail"].startswith("Champ\u00a0: ")


def test_a_cell_cannot_become_a_formula(client: Client, metropolis: Community) -> None:
    with within(metropolis):
        Grant.objects.filter(reference="fmin-2018-12").update(title="=HYPERLINK('x')")
    rows = list(csv.DictReader(io.StringIO(client.get("/fonds/registre.csv").content.decode())))
    assert rows[11]["title"] == "'=HYPERLINK('x')"


def test_the_api_gives_the_same_as_the_files(client: Client) -> None:
    from_file = client.get("/fonds/registre.json").json()["grants"]
    first = client.get("/api/fonds/registre?limit=10").json()
    rest = client.get("/api/fonds/registre?limit=200&offset=10").json()
    assert (first["count"], first["limit"], first["offset"]) == (23, 10, 0)
    assert first["grants"] + rest["grants"] == from_file


def test_the_api_gives_a_grants_facts_with_their_source(client: Client) -> None:
    body = client.get("/api/fonds/registre/fmin-2018-01").json()
    fact = next(fact for fact in body["facts"] if fact["code"] == "opened")
    assert fact == {
        "code": "opened",
        "when": "2019-10-07",
        "value": "",
        "unit": "",
        "text_fr": "Le kiosque a ouvert le 7 octobre 2019, sur la place de la gare.",
        "text_en": "The kiosk opened on 7 October 2019, on the station square.",
        "source": "94.citoyens.com, 2019; territoires-audacieux.fr",
        "version": "first",
    }


def test_the_apis_search_forgives_as_the_page_does(client: Client) -> None:
    body = client.get("/api/fonds/registre", {"q": "levalois"}).json()
    assert [grant["reference"] for grant in body["grants"]] == ["fmin-2018-12"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=abc", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999999", "offset"),
        ("theme=nope", "theme"),
        ("year=18", "year"),
        ("territory=A%00b", "territory"),
        ("q=" + "a" * 300, "q"),
        ("q=a%00b", "q"),
    ],
)
def test_the_api_names_the_value_that_it_does_not_accept(
    client: Client, query: str, field: str
) -> None:
    response = client.get(f"/api/fonds/registre?{query}")
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [e["field"] for e in response.json()["errors"]] == [field]


def test_what_the_api_gives_is_what_its_description_says(client: Client) -> None:
    import jsonschema

    document = client.get("/api/openapi.json").json()
    for path, address in (
        ("/api/fonds/registre", "/api/fonds/registre?limit=5"),
        ("/api/fonds/registre/{reference}", "/api/fonds/registre/fmin-2018-08"),
        ("/api/fonds/attributions", "/api/fonds/attributions"),
        ("/api/communes", "/api/communes"),
        ("/api/territoires", "/api/territoires"),
        ("/api/communautes/{slug}", "/api/communautes/antony"),
    ):
        answer = document["paths"][path]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        jsonschema.validate(json.loads(client.get(address).content), whole)
