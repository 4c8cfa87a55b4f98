"""Filters change the list without loading the page anew, and the address follows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visits import GRANTS

pytestmark = pytest.mark.browser


def test_a_filter_changes_the_list_alone_and_the_address(page: Page):
    page.goto("/fonds/registre/")
    page.evaluate("window.kept = true")
    page.get_by_label("Champ", exact=True).select_option("logistics")
    expect(page).to_have_url(re.compile(r"theme=logistics"))
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results .chip")).to_contain_text("Logistique")
    assert page.evaluate("window.kept") is True
    expect(page.get_by_role("link", name=re.compile("^CSV"))).to_have_attribute(
        "href", re.compile("theme=logistics")
    )
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(GRANTS)


def test_the_same_address_gives_the_same_list_when_loaded_whole(page: Page):
    page.goto("/fonds/registre/?theme=logistics")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.get_by_label("Champ", exact=True)).to_have_value("logistics")
