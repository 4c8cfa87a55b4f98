"""Pages: what residents read of streets, car parks, spaces and rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.parking import demo
from communs.services.parking.models import Segment, Site, Space
from tests.services.parking.samples import make, street

SCEAUX = "/sceaux/stationnement/"


@pytest.fixture(autouse=True)
def on(switch: Callable[[Community, str], None], sceaux: Community) -> None:
    """The service is on in Sceaux, which has nothing yet."""
    switch(sceaux, "parking")


def test_every_page_opens_in_both_languages(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        make(2)
        addresses = [f"p/{code}/" for code in Space.objects.values_list("code", flat=True)]
        addresses += [f"rues/{slug}/" for slug in Segment.objects.values_list("slug", flat=True)]
        addresses += [f"parcs/{slug}/" for slug in Site.objects.values_list("slug", flat=True)]
    addresses += [
        "",
        "carte/",
        "puis-je/",
        "regles/",
        "disponibilites.csv",
        "disponibilites.geojson",
    ]
    addresses += ["carte.geojson", "lieux.csv", "parkapi/v3/parking-sites"]
    got = {
        address: [client.get(f"{start}{SCEAUX}{address}").status_code for start in ("", "/en")]
        for address in addresses
    }
    assert {address for address, statuses in got.items() if statuses != [200, 200]} == set()


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("", "Où il reste de la place", "Aucun lieu ne répond"),
        ("/en", "Where there is room to park", "No place answers"),
    ],
)
def test_a_commune_that_has_nothing_says_so(
    client: Client, language: str, title: str, sentence: str
) -> None:
    page = client.get(f"{language}{SCEAUX}")
    assert page.status_code == 200
    assert [part for part in (title, sentence) if part not in page.text] == []


def test_the_demonstration_is_read(client: Client, metropolis: Community) -> None:
    demo.load(by_key("parking"), metropolis, demo.Size(spaces=124, days=56))
    page = client.get("/en/antony/stationnement/")
    assert page.status_code == 200
    assert "Rue des Tilleuls" in page.text
    assert "map-shape" in client.get("/en/antony/stationnement/carte/").text
    assert client.get("/en/levallois-perret/stationnement/").status_code == 200


def test_a_street_is_read_in_its_own_commune_only(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        made = street("Rue Cachée", spaces=1)
        code = made.spaces.get().code
    assert "Rue Cachée" in client.get(f"{SCEAUX}rues/{made.slug}/").text
    for address in (f"rues/{made.slug}/", f"p/{code}/"):
        assert client.get(f"/antony/stationnement/{address}").status_code == 404


def test_a_long_list_comes_by_pages(client: Client, sceaux: Community) -> None:
    with within(sceaux):
        for number in range(27):
            street(f"Rue {number:02}", spaces=1)
    first, second = (client.get(f"/en{SCEAUX}?page={number}&q=rue").text for number in (1, 2))
    shown = [[f"Rue {number:02}" in page for number in range(27)] for page in (first, second)]
    assert shown == [[number < 25 for number in range(27)], [number >= 25 for number in range(27)]]
    assert "27 results" in first
    assert 'href="?q=rue&amp;page=2"' in first
    assert client.get(f"{SCEAUX}?page=3").status_code == 404


def test_without_a_map_there_is_no_page_of_it(client: Client, sceaux: Community) -> None:
    assert "No street is drawn yet" in client.get(f"/en{SCEAUX}carte/").text
    with within(sceaux):
        set_service(service=by_key("parking"), on=True, options={"show_map": False}, by=None)
    assert client.get(f"{SCEAUX}carte/").status_code == 404
    assert "carte/" not in client.get(SCEAUX).text
