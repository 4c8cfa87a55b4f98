"""Signing in with a passkey, and by the keyboard alone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.looking import broken_rules
from tests.journeys.visiting import PASSWORD, sign_in
from tests.journeys.visits import ADMINISTRATOR
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

SIGN_IN = "/en/antony/compte/connexion/"
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(browser: Browser, origin: str) -> Iterator[Page]:
    """A page of a named host: passkeys need one, and browsers trust this one without https."""
    with watched(browser, origin.replace("127.0.0.1", "localhost")) as (page, _watch):
        yield page


def plug_in(page: Page, **options: bool) -> None:
    """Give the browser a telephone with a passkey's chip."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE | options})


def test_a_passkey_is_made_and_signs_in_alone(named: Page) -> None:
    page = named
    plug_in(page)
    sign_in(page, SIGN_IN, ADMINISTRATOR)
    page.goto("/en/antony/compte/securite/cles/ajouter/")
    page.get_by_label("Name of this passkey").fill("telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    broken = broken_rules(page)
    page.locator(".site-tools").get_by_role("button").click()
    sign_in(page, SIGN_IN, ADMINISTRATOR)
    expect(page).to_have_url(re.compile("/connexion/second-facteur/"))
    broken += broken_rules(page)
    page.goto(SIGN_IN)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".person-name")).to_contain_text("Antony")
    for address in ("codes/", "codes/refaire/", "cles/"):
        page.goto(f"/en/antony/compte/securite/{address}")
        broken += broken_rules(page)
    page.get_by_role("link", name="Remove telephone").click()
    broken += broken_rules(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("No passkey yet.")
    assert broken == []


def test_enter_in_the_password_signs_in(page: Page) -> None:
    page.goto(SIGN_IN)
    page.get_by_label("E-mail address").fill(ADMINISTRATOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/en/antony/")


def test_without_a_passkey_the_page_says_what_else_to_do(named: Page) -> None:
    page = named
    plug_in(page, isUserVerified=False)
    page.goto(SIGN_IN)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The passkey was not read. Try again, or sign in by e-mail."
    )
