"""A real server, a real browser, and pages that may not go wrong in silence.

The server, the browser and the crawl are made once for this folder's tests. Under pytest-xdist
each worker has its own server, folder and port, so that nothing is shared and no order is needed;
in one process (`-n 0`, as CI does) all tests share one server, and a test that changes a setting
puts it back. Django's own test database is not used: what is seen is what `communs run` serves.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, StorageState, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.journeys.crawling import Crawl, Stop
from tests.journeys.server import Server
from tests.journeys.shots import CHROMIUM, launch
from tests.journeys.visits import ADMINISTRATOR, MANAGER, UNLINKED, sign_in
from tests.journeys.watching import Watch, watched


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give each file to one worker: what is looked at once for a file is not looked at twice."""
    return LoadFileScheduling(config, log)


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
def signed_in(browser: Browser, origin: str) -> StorageState:
    """The session of Antony's administrator."""
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR)
        return page.context.storage_state()


@pytest.fixture(scope="package")
def managing(browser: Browser, origin: str) -> StorageState:
    """The session of the metropolis' administrator."""
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/compte/connexion/", MANAGER)
        return page.context.storage_state()


@pytest.fixture(scope="package")
def crawled(playwright: Playwright, origin: str) -> list[Stop]:
    """What a reader reaches from the home page."""
    client = playwright.request.new_context()
    found = Crawl(client, origin).run(["/", *UNLINKED])
    client.dispose()
    return found


@pytest.fixture(scope="package")
def crawled_signed_in(playwright: Playwright, origin: str, signed_in: StorageState) -> list[Stop]:
    """What Antony's administrator reaches from its home and its settings."""
    client = playwright.request.new_context(storage_state=signed_in)
    found = Crawl(client, origin, ("/antony/",)).run(["/antony/", "/antony/reglages/"])
    client.dispose()
    return found


@pytest.fixture(scope="package")
def crawled_managing(
    playwright: Playwright,
    origin: str,
    managing: StorageState,
    crawled_signed_in: list[Stop],
) -> list[Stop]:
    """What only the metropolis' administrator reaches: the platform, what is known of a grant."""
    client = playwright.request.new_context(storage_state=managing)
    found = Crawl(client, origin, ("/reglages/", "/plateforme/", "/fonds/registre/")).run(
        ["/reglages/", "/fonds/registre/"]
    )
    client.dispose()
    known = {stop.route for stop in crawled_signed_in} | {"fund:register", "fund:map"}
    return [stop for stop in found if stop.route not in known]
