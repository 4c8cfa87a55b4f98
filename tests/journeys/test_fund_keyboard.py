"""A manager's first ten minutes: a call opened by the keyboard alone, on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.fund_people import email
from tests.journeys.server import Server
from tests.journeys.test_keyboard import tab_to, type_in
from tests.journeys.visiting import PASSWORD
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

WIDTH = 360
NARROW: dict[str, Any] = {
    "viewport": {"width": WIDTH, "height": 740},
    "reduced_motion": "reduce",
}
SEND = "main form.form button[type=submit]"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: a call more would show on the pages of others."""
    server = Server(tmp_path_factory.mktemp("keyboard"))
    yield server
    server.stop()


def enter(page: Page, selector: str) -> None:
    """Go to a link or a button, press Enter, and see that the page that follows fits."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= WIDTH, f"{page.url} is {width} px wide"


def fill(page: Page, **typed: str) -> None:
    """Type in fields and send; a box is ticked, a choice found by its first letters."""
    for name, text in typed.items():
        selector = f"main [name={name}]"
        if text.startswith("+"):
            tab_to(page, f"{selector}[value={text[1:]}]" if text[1:] else selector)
            page.keyboard.press("Space")
        elif page.locator(selector).first.evaluate("(node) => node.tagName") == "SELECT":
            tab_to(page, selector)
            page.keyboard.type(text)
        else:
            type_in(page, selector, text)
    enter(page, SEND)


def test_a_manager_opens_a_call_by_the_keyboard_alone_at_360_px(
    browser: Browser, own: Server
) -> None:
    with watched(browser, own.origin, **NARROW) as (page, _watch):
        page.goto("/compte/connexion/?next=/fonds/gestion/")
        fill(page, login=email("gestion-fonds"), password=PASSWORD)
        enter(page, "main a[href='/fonds/gestion/regles/ajouter/']")
        rules = {"title": "Au clavier", "code": "clavier", "base": "+before_tax", "rate": "50"}
        rules |= {"example": "+", "ceiling_1_partners": "1", "ceiling_1_amount": "30 000"}
        fill(page, **rules, type_1_label="Matériel")
        enter(page, "main a[href='/fonds/gestion/enveloppes/ajouter/']")
        envelope = {"programme": "F", "title": "Au clavier", "year": "2026"}
        fill(page, **envelope, amount="100 000")
        enter(page, "main a[href='/fonds/gestion/appels/ajouter/']")
        call = {"programme": "F", "kind": "+subsidy", "title": "Appel au clavier"}
        criterion = {"criterion_1_title": "Utilité", "criterion_1_weight": "3"}
        fill(page, **call, rules="Au", form="Dem", envelope="Au", **criterion)
        expect(page.get_by_role("heading", level=1)).to_have_text("Appel au clavier")
        start = "/fonds/gestion/appels/appel-au-clavier/"
        enter(page, f"main a[href='{start}modifier/']")
        tab_to(page, "main [name=opens_at]")
        page.keyboard.type("01012026")
        page.keyboard.press("Tab")
        page.keyboard.type("0900a")  # the letter where the browser counts twelve hours
        enter(page, SEND)
        enter(page, f"main form[action='{start}publier/'] button")
        expect(page.locator("main .notice")).to_contain_text("L’appel est publié.")
        page.goto("/fonds/")
        enter(page, "main a[href='/fonds/appels/appel-au-clavier/']")
        expect(page.get_by_role("heading", level=1)).to_have_text("Appel au clavier")
