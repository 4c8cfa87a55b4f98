"""What somebody corrects shows on pages that others have open, live process or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.visiting import sign_in
from tests.journeys.visits import ADMINISTRATOR, MANAGER

pytestmark = pytest.mark.browser
REGISTER = "/fonds/registre/"
SOON = 20_000  # milliseconds
PAUSE = "00:31"  # pages that nobody tells ask each half minute


@contextmanager
def somebody(browser: Browser, origin: str, email: str = "") -> Iterator[Page]:
    """A reader's own browser, signed in if an address is given."""
    context = browser.new_context(base_url=origin, locale="fr-FR")
    context.set_default_timeout(20_000)
    try:
        page = context.new_page()
        if email:
            sign_in(page, "/compte/connexion/", email)
        yield page
    finally:
        context.close()


def grant_of_antony(page: Page) -> str:
    page.goto("/fonds/beneficiaires/antony/")
    return str(page.locator("th[scope=row] a").first.get_attribute("href"))


def correct(page: Page, address: str, sentence: str) -> None:
    """Correct the first fact of a grant, by its form."""
    page.goto(address)
    first = page.locator("#known a", has_text="Corriger").first
    if first.count():
        first.click()
    else:
        page.get_by_role("link", name="Ajouter").click()
    page.locator("[name=text_fr]").fill(sentence)
    if not page.locator("[name=source]").input_value():
        page.locator("[name=source]").fill("Une source")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#known")).to_contain_text(sentence)


def test_a_correction_shows_on_an_open_page_and_rings_the_bell(
    browser: Browser, origin: str
) -> None:
    sentence = "Corrigé pendant que d’autres lisaient."
    with (
        somebody(browser, origin, MANAGER) as manager,
        somebody(browser, origin) as reader,
        somebody(browser, origin, ADMINISTRATOR) as agent,
    ):
        address = grant_of_antony(reader)
        with reader.expect_response(lambda answer: "/live/metropole" in answer.url):
            reader.goto(address)
        with agent.expect_response(lambda answer: "/live/antony" in answer.url):
            agent.goto("/antony/")
        before = agent.locator("#bell .bell-count").count()
        correct(manager, address, sentence)
        expect(reader.locator("#known")).to_contain_text(sentence, timeout=SOON)
        if not before:
            expect(agent.locator("#bell .bell-count")).to_contain_text("1", timeout=SOON)
        agent.locator("#bell").click()
        expect(agent.locator("#notices")).to_contain_text("Antony")


def test_without_the_live_process_it_shows_a_little_later(browser: Browser, origin: str) -> None:
    sentence = "Corrigé sans rien entendre."
    with somebody(browser, origin, MANAGER) as manager, somebody(browser, origin) as reader:
        reader.context.route("**/live/**", lambda route: route.abort())
        reader.clock.install()
        address = grant_of_antony(reader)
        reader.goto(address)
        reader.wait_for_timeout(5000)  # two refusals of the live process
        correct(manager, address, sentence)
        assert sentence not in reader.locator("#known").inner_text()
        reader.clock.fast_forward(PAUSE)
        expect(reader.locator("#known")).to_contain_text(sentence, timeout=SOON)


def test_without_a_script_the_page_says_what_was_true_when_it_was_opened(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    page = context.new_page()
    page.goto(REGISTER)
    assert page.locator("#results tbody tr").count() > 0
    context.close()
