"""The API of the house: its description, its days, its errors, its communities."""

from __future__ import annotations

import pytest
from django.test import Client
from openapi_spec_validator import validate

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.models import Grant
from tests.services.fund.samples import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", ["", "/antony", "/en", "/en/antony"])
def test_the_description_is_valid_and_speaks_of_here(client: Client, start: str) -> None:
    document = client.get(f"{start}/api/openapi.json").json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert {path.split("/api/")[0] for path in document["paths"]} == {start}


def test_the_description_leaves_out_what_is_off_here(client: Client) -> None:
    here = client.get("/api/openapi.json").json()["paths"]
    there = client.get("/antony/api/openapi.json").json()["paths"]
    assert "/api/fonds/registre" in here
    assert [path for path in there if "/fonds/" in path] == []


@pytest.mark.parametrize(
    ("day", "count", "saint_denis"),
    [("2018-11-27", 131, 111354), ("2026-01-01", 130, None)],
)
def test_communes_of_a_day(client: Client, day: str, count: int, saint_denis: int | None) -> None:
    body = client.get("/api/communes", {"date": day}).json()
    assert (body["date"], body["count"], len(body["communes"])) == (day, count, count)
    row = next(row for row in body["communes"] if row["insee"] == "93066")
    assert row["territory"] == "plaine-commune"
    assert saint_denis is None or (row["population"], row["population_year"]) == (saint_denis, 2016)


def test_territories_of_a_day(client: Client) -> None:
    counts = {
        day: {
            row["slug"]: row["communes"]
            for row in client.get("/api/territoires", {"date": day}).json()["territories"]
        }
        for day in ("2018-11-27", "2026-01-01")
    }
    assert len(counts["2018-11-27"]) == 11
    assert (counts["2018-11-27"]["plaine-commune"], counts["2026-01-01"]["plaine-commune"]) == (
        9,
        8,
    )
    assert sum(counts["2018-11-27"].values()) == 130


def test_a_community_through_time(client: Client) -> None:
    assert client.get("/api/communautes/pierrefitte-sur-seine").json() == {
        "slug": "pierrefitte-sur-seine",
        "name": "Pierrefitte-sur-Seine",
        "kind": "commune",
        "insee": "93059",
        "siren": None,
        "since": None,
        "until": "2025-01-01",
        "merged_into": "saint-denis",
        "memberships": [
            {
                "group": group,
                "kind": kind,
                "since": "2016-01-01",
                "until": "2025-01-01",
            }
            for group, kind in (("metropole", "metropolis"), ("plaine-commune", "territory"))
        ],
        "populations": [
            {
                "year": 2016,
                "inhabitants": 29608,
                "source": "INSEE, populations légales 2016 (@etalab/decoupage-administratif 0.7.0)",
            }
        ],
    }


@pytest.mark.parametrize("day", ["abc", "2018-13-01", "1899-12-31", "3000-01-01", "0", "\x00"])
def test_a_day_that_is_none_is_named(client: Client, day: str) -> None:
    response = client.get("/api/communes", {"date": day})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["date"]
    file = client.get("/donnees/communes.csv", {"date": day}, headers={"accept": "text/csv"})
    assert file.status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/{here}/fonds/registre/{reference}/",
        "/{here}/api/fonds/registre/{reference}",
        "/{here}/fonds/attributions/{day}/",
    ],
)
def test_another_communitys_grant_is_not_found_even_where_the_service_is_on(
    client: Client, antony: Community, sceaux: Community, switch: object, path: str
) -> None:
    for community in (antony, sceaux):
        switch(community, "fund")
    with within(sceaux):
        make(2)
        grant = Grant.objects.first()
    values = {"reference": grant.reference, "day": grant.awarded_on}
    assert client.get(path.format(here="sceaux", **values)).status_code == 200
    assert client.get(path.format(here="antony", **values)).status_code == 404
    assert client.get("/antony/api/fonds/registre").json()["count"] == 0
    assert client.get("/sceaux/api/fonds/registre").json()["count"] == 2
    assert client.get("/api/fonds/registre").json()["count"] == 23


@pytest.mark.parametrize(
    ("query", "language", "sentence"),
    [
        ("limit=201", "fr", "Écrivez un nombre d’au plus 200."),
        ("limit=201", "en-GB,en;q=0.8", "Write a number of at most 200."),
        ("limit=x", "", "Écrivez un nombre entier."),
        ("theme=x", "en", "Write one of these: "),
        ("q=" + "a" * 300, "fr", "Écrivez au plus 200 caractères."),
    ],
)
def test_a_program_is_told_in_the_language_it_asks_for(
    client: Client, query: str, language: str, sentence: str
) -> None:
    headers = {"accept-language": language} if language else {}
    response = client.get(f"/api/fonds/registre?{query}", headers=headers)
    assert response.json()["errors"][0]["detail"].startswith(sentence)
    assert "Accept-Language" in response.headers["Vary"]
