"""The moving map comes only when asked, from this server alone, and goes away again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

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
