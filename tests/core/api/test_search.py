"""The search, for programs."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_gives_what_the_page_gives(client: Client) -> None:
    body = client.get("/api/search", {"q": "levalois"}).json()
    assert body == {
        "count": 2,
        "more": False,
        "page": 1,
        "services": {"fund": 1, "communities": 1},
        "kinds": {"Grant": 1, "Commune": 1},
        "corrections": [{"typed": "levalois", "taken": "levallois"}],
        "results": body["results"],
    }
    assert body["results"][0] == {
        "title": "Levallois-Perret",
        "kind": "Commune",
        "service": "communities",
        "community": "metropole",
        "language": "fr",
        "extract": body["results"][0]["extract"],
        "address": "/levallois-perret/",
    }
    assert [row["title"] for row in body["results"]] == ["Levallois-Perret", "Smart parking"]


def test_it_is_filtered_and_paged(client: Client) -> None:
    body = client.get("/api/search", {"q": "antony", "service": "communities"}).json()
    assert [row["title"] for row in body["results"]] == ["Antony"]
    assert client.get("/api/search", {"q": "antony", "page": 2}).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        (f"q={'x' * 201}", "q"),
        ("q=%00", "q"),
        ("q=a&page=0", "page"),
        ("q=a&page=11", "page"),
        ("q=a&everywhere=2", "everywhere"),
    ],
)
def test_what_is_not_accepted_is_named(client: Client, query: str, field: str) -> None:
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_who_has_it_already_is_told_so(client: Client) -> None:
    first = client.get("/api/search?q=antony")
    again = client.get("/api/search?q=antony", headers={"if-none-match": first.headers["ETag"]})
    other = client.get("/api/search?q=sceaux", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_a_commune_asks_its_own_unless_everywhere_is_asked(client: Client) -> None:
    assert client.get("/antony/api/search?q=levallois").json()["count"] == 0
    assert client.get("/antony/api/search?q=levallois&everywhere=true").json()["count"] == 2
