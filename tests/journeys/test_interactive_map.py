"""The moving map comes only when asked, from this server alone, and goes away again."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visiting import send, sign_in
from tests.journeys.visits import MANAGER

pytestmark = pytest.mark.browser

MAP = "/fonds/registre/carte/"
PLAIN = "communs-map > svg"


def test_nothing_of_the_moving_map_is_fetched_before_it_is_asked_for(page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(MAP)
    expect(page.locator(PLAIN)).to_be_visible()
    assert [url for url in asked if re.search(r"maplibre|geojson", url)] == []


def test_the_moving_map_opens_moves_and_closes(page: Page):
    page.goto(MAP)
    page.get_by_role("button", name="Carte interactive").click()
    canvas = page.locator("communs-map canvas")
    expect(canvas).to_be_visible()
    expect(page.locator(PLAIN)).to_be_hidden()
    expect(page.locator(".map-status")).to_contain_text("Carte interactive prête")
    canvas.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".map-popup")).to_be_visible()
    page.get_by_role("button", name="Revenir à la carte simple").click()
    expect(canvas).to_have_count(0)
    expect(page.locator(PLAIN)).to_be_visible()


PLACE = {
    "pages": [
        {
            "key": "where",
            "title": {"fr": "Le lieu", "en": "The place"},
            "sections": [
                {
                    "key": "spot",
                    "fields": [{"key": "point", "kind": "point", "label": "Où est-ce ?"}],
                }
            ],
        }
    ]
}


def test_a_place_is_chosen_on_the_map_with_the_keyboard_alone(page: Page):
    sign_in(page, "/connexion/", MANAGER)
    page.goto("/formulaires/ajouter/")
    page.locator("main [name=title]").fill("Où planter")
    page.locator("main [name=purpose]").first.select_option(index=0)
    send(page)
    form = page.url
    page.goto(f"{form}importer/")
    page.locator("main [name=text]").fill(json.dumps(PLACE))
    send(page)
    page.goto(f"{form}apercu/where/")
    button = page.get_by_role("button", name="Choisir sur une carte")
    button.focus()
    page.keyboard.press("Enter")
    canvas = page.locator("communs-point canvas")
    expect(canvas).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Carte prête")).to_be_visible()
    canvas.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Point choisi")).to_be_visible()
    lat = page.get_by_label("Latitude").input_value()
    lon = page.get_by_label("Longitude").input_value()
    assert [round(float(told.replace(",", "."))) for told in (lat, lon)] == [49, 2]
    page.get_by_role("button", name="Fermer la carte").click()
    expect(canvas).to_have_count(0)
    assert page.get_by_label("Latitude").input_value() == lat
