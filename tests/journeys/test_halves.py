"""A date that is half typed is not sent as none."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visiting import sign_in

pytestmark = pytest.mark.browser
NEW_CALL = "/fonds/gestion/appels/ajouter/"


def test_a_closing_without_its_hour_is_told_before_it_leaves(page: Page) -> None:
    sign_in(page, f"/compte/connexion/?next={NEW_CALL}", "gestion-fonds@demo.example")
    page.locator("[name=title]").fill("Fermeture à moitié")
    closes = page.locator("[name=closes_at]")
    closes.focus()
    page.keyboard.type("12312030")
    page.get_by_role("button", name="Préparer un appel").click()
    expect(closes).to_be_focused()
    assert page.url.endswith(NEW_CALL)
    assert closes.evaluate("field => field.validationMessage").startswith("Il manque une partie")
    closes.fill("2030-12-31T23:59")
    with page.expect_navigation():
        page.get_by_role("button", name="Préparer un appel").click()
    expect(page.locator("main")).to_contain_text("31 décembre 2030")
