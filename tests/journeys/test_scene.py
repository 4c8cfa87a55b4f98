"""A newcomer's afternoon: from the map to a commune, its grant, the data, and back in time."""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visits import GRANTS
from tests.journeys.watching import Watch

pytestmark = pytest.mark.browser

SHAPES = "main svg[role=group] path.map-shape"
ROWS = "main table tbody tr"


def fetched(page: Page, label: str) -> str:
    """Read what the link that names a file leads to."""
    link = page.locator(".downloads a", has=page.get_by_text(label, exact=True))
    return page.request.get(link.get_attribute("href")).body().decode("utf-8-sig")


def test_the_home_page_says_what_was_funded(page: Page):
    page.goto("/")
    expect(page.locator(SHAPES)).to_have_count(131)
    labels = page.locator("main .figures dt").all_inner_texts()
    values = page.locator("main .figures dd").all_inner_texts()
    assert dict(zip(labels, (" ".join(value.split()) for value in values), strict=True)) == {
        "expérimentations": "23",
        "attribués en 2018": "923 571 €",
        "associent au moins 3 collectivités": "14",
    }


def test_a_misspelt_commune_is_found_with_its_grant(page: Page):
    page.goto("/")
    page.get_by_role("link", name="Trouver ma commune").click()
    page.get_by_label("Nom de la commune").fill("Levalois")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(ROWS)).to_have_count(1)
    page.get_by_role("row").get_by_role("link", name="Levallois-Perret").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Levallois-Perret")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("montant non publié")
    page.get_by_role("link", name="Smart parking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Smart parking")
    expect(page.locator("main .definitions")).to_contain_text("montant non publié")


def test_the_search_of_every_page_finds_a_misspelt_commune(page: Page):
    page.goto("/")
    page.locator("#site-search").fill("Levalois")
    page.locator("#site-search").press("Enter")
    expect(page.locator(".notice")).to_contain_text("au lieu de")
    found = page.locator("main section").filter(has=page.locator("#hits"))
    first = found.get_by_role("link").all_inner_texts()[:2]
    assert first == ["Levallois-Perret", "Smart parking"]


def test_the_files_hold_what_the_filters_leave(page: Page):
    page.goto("/fonds/registre/")
    expect(page.locator(ROWS)).to_have_count(GRANTS)
    page.get_by_label("Champ").select_option("participation")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(ROWS)).to_have_count(4)
    expect(page.locator(".list-count")).to_have_text("4 résultats")
    shown = page.locator(f"{ROWS} th").all_inner_texts()
    told = json.loads(fetched(page, "JSON"))
    assert told["count"] == 4
    assert [grant["title"] for grant in told["grants"]] == shown
    table = list(csv.DictReader(io.StringIO(fetched(page, "CSV"))))
    assert [row["title"] for row in table] == shown
    drawn = json.loads(fetched(page, "GeoJSON"))["features"]
    assert sum(feature["properties"]["count"] for feature in drawn) == 4


def test_the_same_page_is_there_in_english(page: Page):
    page.goto("/fonds/registre/?theme=smart-parking")
    page.locator(".site-tools").get_by_role("link", name="English").click()
    expect(page).to_have_url("/en/fonds/registre/?theme=smart-parking")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Register of grants")
    expect(page.locator(ROWS)).to_have_count(2)


def test_who_belonged_to_what_on_a_day(page: Page):
    page.goto("/en/communes/")
    expect(page.locator(ROWS)).to_have_count(130)
    lands = page.locator("main svg[role=group] a", has=page.locator("path"))
    names = [land.get_attribute("href") for land in lands.all()]
    assert (len(names), len(set(names))) == (131, 130)
    assert sorted(name for name in set(names) if names.count(name) > 1) == ["/en/saint-denis/"]
    today = page.locator(f"{ROWS} th").all_inner_texts()
    page.get_by_role("link", name="on 27 November 2018").click()
    expect(page).to_have_url("/en/communes/?date=2018-11-27")
    expect(page.locator(ROWS)).to_have_count(131)
    assert len({land.get_attribute("href") for land in lands.all()}) == 131
    then = page.locator(f"{ROWS} th").all_inner_texts()
    assert set(then) - set(today) == {"Pierrefitte-sur-Seine"}
    assert set(today) - set(then) == set()


def test_a_service_that_is_not_on_says_where_it_is(page: Page, watch: Watch):
    watch.expect(404, "/antony/fonds/registre/")
    page.goto("/antony/fonds/registre/")
    expect(page.locator("main .tag")).to_have_text("pas en service ici")
    where = page.locator("main .lines a")
    expect(where).to_have_text(["Métropole du Grand Paris"])
    where.click()
    expect(page).to_have_url("/")
