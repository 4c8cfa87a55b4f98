"""The first run, from the code in the terminal to the settings, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.looking import WIDER, broken_rules
from tests.journeys.server import Server
from tests.journeys.visiting import leave_by
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

LIST = b"insee,name,siren,postcodes,population\n92002,Antony,,92160,63000\n"


@pytest.fixture
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("empty"), "--empty")
    yield server
    server.stop()


def look_at_step(page: Page, eyes: Page, seen: list[str]) -> None:
    """Open the wizard's step where scripts run; note what it breaks, wide and narrow."""
    eyes.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # of one library
    eyes.goto(page.url)
    for width in (1280, 360):
        eyes.set_viewport_size({"width": width, "height": 800})
        wrong = [*broken_rules(eyes), *eyes.evaluate(WIDER)]
        seen += [f"{page.url} at {width} px: {what}" for what in wrong]


def test_an_installation_is_set_up_without_scripts(browser: Browser, empty_server: Server) -> None:
    code = re.findall(r"\b([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})\b", "".join(empty_server.said))[0]
    with (
        watched(browser, empty_server.origin, java_script_enabled=False) as (page, watch),
        watched(browser, empty_server.origin) as (eyes, _watch),
    ):
        watch.expect(503, "/en/")
        page.goto("/en/")
        leave_by(page.get_by_role("link", name="Set it up"))
        seen: list[str] = []
        look_at_step(page, eyes, seen)
        page.get_by_label("Set-up code").fill(code)
        leave_by(page.get_by_role("button", name="Continue"))
        look_at_step(page, eyes, seen)
        page.get_by_label("Another metropolis").check()
        page.get_by_label("Name of the metropolis").fill("Test metropolis")
        page.get_by_label("SIREN number").fill("200 054 781")
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST}
        page.get_by_label("List of communes").set_input_files(file)
        for _step in ("the list", "the checks", "the services"):
            leave_by(page.get_by_role("button", name="Continue"))
            look_at_step(page, eyes, seen)
        page.get_by_label("Your name").fill("Nina")
        page.get_by_label("E-mail address").fill("nina@example.org")
        page.get_by_label("New password").fill("several words together")
        page.get_by_role("button", name="Make the account").click()
        expect(page).to_have_url(re.compile("/en/reglages/$"))
        assert seen == []
        watch.expect(404, "/en/installation/")
        page.goto("/en/installation/")
        expect(page.locator("h1")).to_contain_text("does not exist")
