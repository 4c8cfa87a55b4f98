"""A real server, a real browser, and pages that may not go wrong in silence.

The server, the browser and the crawl are made once for this folder's tests. Under pytest-xdist
each worker has its own server, folder and port, so that nothing is shared and no order is needed;
in one process (`-n 0`) all tests share one server, and a test that changes a setting puts it
back. Django's own test database is not used: what is seen is what `communs run` serves.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, StorageState, expect, sync_playwright

from tests.journeys.crawling import Crawl, Stop
from tests.journeys.server import Server
from tests.journeys.shots import CHROMIUM, launch
from tests.journeys.visiting import sign_in
from tests.journeys.visits import ANTONY, MANAGER, SHOWN, STATES_OF_MEMBERS, UNLINKED
from tests.journeys.watching import PATIENCE, Watch, watched


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Communs with its demonstration."""
    running = Server(tmp_path_factory.mktemp("communs"))
    yield running
    running.stop()


@pytest.fixture(scope="package")
def origin(server: Server) -> str:
    """The address of a running Communs with its demonstration."""
    return server.origin


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        message = f"No browser: {CHROMIUM} is missing. Install it with: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)
    browser = launch(playwright)
    expect.set_options(timeout=PATIENCE)
    yield browser
    browser.close()


@pytest.fixture
def options() -> dict[str, object]:
    """The browser's own settings; a file or a test replaces them."""
    return {}


@pytest.fixture
def opened(browser: Browser, origin: str, options: dict) -> Iterator[tuple[Page, Watch]]:
    with watched(browser, origin, **options) as pair:
        yield pair


@pytest.fixture
def page(opened: tuple[Page, Watch]) -> Page:
    """A page that fails its test on any error, refusal of the policy, or call to elsewhere."""
    return opened[0]


@pytest.fixture
def watch(opened: tuple[Page, Watch]) -> Watch:
    """What the page is expected to be refused."""
    return opened[1]


@pytest.fixture(scope="package")
def signed_in(members: dict[str, StorageState]) -> StorageState:
    """The session of Antony's administrator."""
    return members[ANTONY]


@pytest.fixture(scope="package")
def members(browser: Browser, origin: str) -> dict[str, StorageState]:
    """The sessions of the administrators of the communities that the demonstration shows."""
    return {
        slug: _session(browser, origin, f"/{slug}/compte/connexion/", f"{slug}@demo.example")
        for slug in STATES_OF_MEMBERS
    }


@pytest.fixture(scope="package")
def managing(browser: Browser, origin: str) -> StorageState:
    """The session of the metropolis' administrator."""
    return _session(browser, origin, "/compte/connexion/", MANAGER)


def _session(browser: Browser, origin: str, address: str, email: str) -> StorageState:
    with watched(browser, origin) as (page, _watch):
        sign_in(page, address, email)
        return page.context.storage_state()


@pytest.fixture(scope="package")
def crawled(playwright: Playwright, origin: str) -> list[Stop]:
    """What a reader reaches from the home page, and from each service where it is shown."""
    starts = ["/", *UNLINKED, *(address for _slug, address in SHOWN.values())]
    return _crawl(playwright, origin, ("/",), starts)


@pytest.fixture(scope="package")
def crawled_by_members(
    playwright: Playwright, origin: str, members: dict[str, StorageState]
) -> dict[str, list[Stop]]:
    """What Antony's administrator reaches from its home and its settings, others of a service."""
    at = {slug: [] for slug in members} | {ANTONY: [f"/{ANTONY}/", f"/{ANTONY}/reglages/"]}
    for slug, address in SHOWN.values():
        at[slug].append(address)
    return {
        slug: _crawl(
            playwright,
            origin,
            (f"/{ANTONY}/",) if slug == ANTONY else tuple(starts),
            starts,
            storage_state=members[slug],
        )
        for slug, starts in at.items()
    }


@pytest.fixture(scope="package")
def crawled_managing(
    playwright: Playwright,
    origin: str,
    managing: StorageState,
    crawled_by_members: dict[str, list[Stop]],
) -> list[Stop]:
    """What only the metropolis' administrator reaches: the platform, and all of the fund."""
    within = ("/reglages/", "/plateforme/", "/fonds/")
    starts = ["/reglages/", "/fonds/", "/fonds/registre/"]
    found = _crawl(playwright, origin, within, starts, storage_state=managing)
    known = {stop.route for stop in crawled_by_members[ANTONY]} | {"fund:register", "fund:map"}
    return [stop for stop in found if stop.route not in known]


def _crawl(
    playwright: Playwright, origin: str, within: tuple[str, ...], starts: list[str], **options: Any
) -> list[Stop]:
    client = playwright.request.new_context(**options)
    found = Crawl(client, origin, within).run(starts)
    client.dispose()
    return found
