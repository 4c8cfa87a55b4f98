"""Pages of the house: home, communes, services, data, statements."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from communs.core.communities.models import Community
from tests import pages

pytestmark = pytest.mark.django_db


def test_the_home_of_the_metropolis_shows_the_fund_on_a_map(client: Client) -> None:
    response = client.get("/")
    assert pages.heading(response) == (
        "Les services numériques de nos communes, financés, mesurés, partagés."
    )
    text = pages.text(response)
    assert "923\u202f571\u00a0€" in text
    assert "Données de démonstration" in text
    content = response.content.decode()
    assert content.count('<path class="map-shape') == 131


def test_a_commune_says_where_it_belongs_and_how_many_live_there(client: Client) -> None:
    text = pages.text(client.get("/antony/"))
    for part in ("Antony", "64\u202f263", "Vallée Sud-Grand Paris", "1er janvier 2016"):
        assert part in text


def test_a_territory_lists_its_communes(client: Client) -> None:
    links = pages.links(client.get("/plaine-commune/"))
    assert "/saint-denis/" in links
    assert "/pierrefitte-sur-seine/" not in links


def test_a_commune_that_merged_leads_to_the_one_it_joined(client: Client) -> None:
    response = client.get("/pierrefitte-sur-seine/")
    assert response.status_code == 200
    assert "/saint-denis/" in pages.links(response)


@pytest.mark.parametrize(
    ("query", "count", "pierrefitte"),
    [
        ("?date=2018-11-27", 131, True),
        ("?date=27/11/2018", 131, True),
        ("?date=2024-12-31", 131, True),
        ("?date=2025-01-01", 130, False),
        ("", 130, False),
    ],
)
def test_who_belonged_to_what_on_a_day(
    client: Client, query: str, count: int, pierrefitte: bool
) -> None:
    response = client.get(f"/communes/{query}")
    names = [row[0] for row in pages.rows(response)]
    communes = set(Community.objects.communes().values_list("name", flat=True))
    assert len([name for name in names if name in communes]) == count
    assert ("Pierrefitte-sur-Seine" in names) == pierrefitte


def test_before_the_metropolis_a_commune_belonged_to_no_territory(client: Client) -> None:
    response = client.get("/api/communes?date=2015-12-31").json()
    assert response["count"] == 131
    assert {row["territory"] for row in response["communes"]} == {None}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("levalois", "Levallois-Perret"),
        ("hay", "L’Haÿ-les-Roses"),
        ("kremlin bicetre", "Le Kremlin-Bicêtre"),
        ("92160", "Antony"),
        ("ANTONY", "Antony"),
    ],
)
def test_a_commune_is_found_however_it_is_written(client: Client, asked: str, name: str) -> None:
    rows = pages.rows(client.get("/communes/", {"q": asked}))
    assert name in [row[0] for row in rows]


def test_a_date_that_is_none_is_refused_and_kept(client: Client) -> None:
    response = client.get("/communes/?date=31/02/2018")
    assert response.status_code == 400
    assert "Écrivez la date ainsi\u00a0: 27/11/2018." in pages.text(response)
    assert 'value="31/02/2018"' in response.content.decode()


def test_the_catalogue_tells_where_each_service_is_on(
    client: Client, antony: Community, switch: object
) -> None:
    switch(antony, "fund")
    response = client.get("/services/")
    assert "Le fonds" in pages.text(response)
    assert "/antony/" in pages.links(response)


def test_the_data_page_lists_every_data_set_and_each_file_answers(client: Client) -> None:
    response = client.get("/donnees/")
    files = [link for link in pages.links(response) if "." in link or link.startswith("/api/")]
    assert {"/fonds/registre.csv", "/fonds/registre.json", "/fonds/registre.geojson"} <= set(files)
    answers = {link: client.get(link).status_code for link in files if link.startswith("/")}
    refused = {link for link, code in answers.items() if code != 200}
    files_of_grants = ("subventions-scdl-2.1.csv", "subventions-2.1.1.csv", "360giving.json")
    assert refused == {f"/fonds/donnees/{name}" for name in files_of_grants}
    assert {"/fonds/donnees/dispositifs.csv", "/fonds/donnees/dcat.ttl"} <= set(files)
    assert "SCDL subventions 2.1" in pages.text(response)


@pytest.mark.parametrize(
    "path", ["/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/kit/"]
)
def test_statements_speak_both_languages(client: Client, path: str) -> None:
    french, english = client.get(path), client.get(f"/en{path}")
    assert french.headers["Content-Language"] == "fr"
    assert english.headers["Content-Language"] == "en"
    assert pages.heading(french) != pages.heading(english)
    assert 'lang="en"' in english.content.decode().split("<head>")[0]


def test_personal_data_are_told_from_the_tables_themselves(client: Client) -> None:
    text = pages.text(client.get("/en/donnees-personnelles/"))
    assert "Accounts: e-mail address, name" in text
    assert "To know who did what" in text


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Accueil"),
        ("/fonds/", "Le fonds"),
        ("/fonds/communs/", "Communs numériques"),
        ("/fonds/registre/", "Registre"),
    ],
)
def test_the_menu_says_one_place_where_the_reader_is(client: Client, path: str, label: str) -> None:
    page = client.get(path).content.decode()
    assert re.findall(r'<li><a href="[^"]*" aria-current="page">([^<]*)</a></li>', page) == [label]


def test_the_language_is_switched_on_the_same_page(client: Client) -> None:
    links = pages.links(client.get("/antony/services/?x=1"))
    assert "/en/antony/services/?x=1" in links
    assert "/antony/services/?x=1" in pages.links(client.get("/en/antony/services/?x=1"))


def test_no_page_asks_anything_of_anybody_else(client: Client) -> None:
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert 'src="http' not in response.content.decode()


def test_an_installation_without_a_metropolis_says_how_to_begin(client: Client) -> None:
    from communs.core.communities.models import Affiliation
    from communs.core.communities.scope import within
    from communs.core.registry.models import Activation

    metropolis = Community.objects.get(kind="metropolis")
    Affiliation.objects.all().delete()
    Community.objects.filter(pk=metropolis.pk).update(kind="territory")
    response = client.get("/")
    assert response.status_code == 503
    assert "communs load-metropolis" in response.content.decode()
    assert client.get("/api/communes").status_code == 503
    assert client.get("/sante").json()["status"] == "ok"
    with within(metropolis):
        assert Activation.objects.exists()


def test_each_column_of_a_data_set_is_explained(client: Client) -> None:
    rows = pages.rows(client.get("/donnees/"))
    assert [
        "amount",
        "montant en euros, peut être inconnu",
        "Montant de la subvention\u00a0; vide s’il n’a pas été publié",
    ] in rows
    names = {row[0] for row in rows}
    header = client.get("/fonds/registre.csv").content.decode().splitlines()[0].split(",")
    assert set(header) <= names
    header = client.get("/donnees/communes.csv").content.decode().splitlines()[0].split(",")
    assert set(header) <= names
