"""Members and the journal in a browser that runs no scripts, and a task's page in one that does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.visiting import sign_in
from tests.journeys.visits import ADMINISTRATOR
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser


@pytest.fixture
def options() -> dict[str, object]:
    return {"java_script_enabled": False}


def test_an_invitation_is_sent_and_withdrawn_without_scripts(page: Page) -> None:
    sign_in(page, "/en/antony/compte/connexion/", ADMINISTRATOR)
    page.goto("/en/antony/reglages/")
    page.get_by_role("link", name="Members").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill("journey@example.org")
    page.get_by_label("Editor").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An invitation leaves for journey@example.org.")).to_be_visible()
    page.get_by_role("link", name="journey@example.org").click()
    page.get_by_role("button", name="Withdraw the invitation").click()
    expect(page.get_by_role("link", name="journey@example.org")).to_have_count(0)
    page.goto("/en/antony/reglages/journal/")
    expect(page.locator("main tbody tr").first).to_contain_text("Invitation withdrawn")


def test_the_pages_fit_a_telephone(page: Page) -> None:
    sign_in(page, "/en/antony/compte/connexion/", ADMINISTRATOR)
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("membres/", "membres/inviter/", "delegations/", "journal/", "taches/",
                 "envois/", "fichiers/"):  # fmt: skip
        page.goto(f"/en/antony/reglages/{name}")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, name


def test_a_tasks_page_moves_by_itself(browser: Browser, origin: str) -> None:
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/en/antony/compte/connexion/", ADMINISTRATOR)
        page.goto("/en/antony/reglages/journal/")
        page.get_by_role("button", name="Check the journal").click()
        expect(page.get_by_text("The journal is whole:")).to_be_visible(timeout=40_000)
