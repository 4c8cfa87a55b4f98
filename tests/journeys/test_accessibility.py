"""No rule of axe-core (WCAG 2.2 level AA, good practice) is broken on any page, in any state."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.journeys.crawling import Stop, routes
from tests.journeys.looking import broken_rules, none_of
from tests.journeys.unlinked import NOT_PAGES, is_for_programs
from tests.journeys.visiting import Visit
from tests.journeys.visits import (
    STATES,
    STATES_MANAGING,
    STATES_OF_MEMBERS,
    STATES_SIGNED_IN,
    UNLINKED,
)
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

WIDE, NARROW = 1280, 360
BOTH = (WIDE, NARROW)
# Their data lack what the schema requires.
REFUSED = dict.fromkeys(
    (
        "fund:register_scdl",
        "fund:register_scdl_long",
        "fund:register_360giving",
    ),
    409,
)
IN_ENGLISH = {
    "web:home",
    "web:communes",
    "web:services",
    "web:data",
    "web:search",
    "account_login",
    "fund:register",
    "fund:map",
    "fund:grant",
    "fund:round",
}
IN_THE_DARK = IN_ENGLISH | {"web:legal", "web:kit"}


def visits(stops: Iterable[Stop], language: str = "fr") -> list[Visit]:
    """Give the pages among the addresses met; a territory's are a commune's, but for its home."""
    return [
        Visit(stop.address, stop.status, language=language)
        for stop in stops
        if stop.is_page
        and stop.language == language
        and (stop.place != "territory" or stop.route == "web:home")
    ]


def own(stops: Iterable[Stop], public: Iterable[Stop]) -> list[Visit]:
    """Give what only who is signed in sees: homes, and what nobody else reaches."""
    known = {stop.route for stop in public} - {"web:home"}
    return visits(stop for stop in stops if stop.route not in known)


def broken(
    browser: Browser,
    origin: str,
    pages: Iterable[Visit],
    widths: Iterable[int],
    **options: object,
) -> dict[str, list[str]]:
    """Give, by page and width, the rules that it breaks; each page is opened once."""
    found = {}
    with watched(browser, origin, **options) as (page, watch):
        for visit in pages:
            page.set_viewport_size({"width": WIDE, "height": 900})
            visit.open(page, watch)
            for width in widths:
                page.set_viewport_size({"width": width, "height": 900})
                found[f"{visit} at {width} px"] = broken_rules(page)
    return found


def test_the_rules_see_a_planted_fault(page: Page):
    page.goto("/mentions-legales/")
    page.evaluate("document.querySelector('#site-search').labels[0].remove()")
    page.evaluate("document.querySelector('#site-search').removeAttribute('placeholder')")
    page.evaluate("document.querySelector('.prose p').style.color = '#bbb'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert sorted(rule.split(" ")[0] for rule in broken_rules(page)) == [
        "color-contrast",
        "html-has-lang",
        "label",
    ]


def test_every_route_is_met_by_following_links(
    crawled: list[Stop],
    crawled_by_members: dict[str, list[Stop]],
    crawled_managing: list[Stop],
):
    stops = [*crawled, *crawled_managing, *chain(*crawled_by_members.values())]
    met = {stop.route for stop in stops if not is_for_programs(stop.route)}
    due = {route for route in routes() if not is_for_programs(route)} - set(NOT_PAGES)
    assert (sorted(due - met), sorted(met - due)) == ([], [])


def test_no_link_leads_nowhere(
    crawled: list[Stop],
    crawled_by_members: dict[str, list[Stop]],
    crawled_managing: list[Stop],
):
    stops = [*crawled, *crawled_managing, *chain(*crawled_by_members.values())]
    seen = {stop.address: stop.status for stop in stops}
    due = {stop.address: status_of(stop) for stop in stops}
    assert seen == due


def status_of(stop: Stop) -> int:
    """Give how a stop is to answer; a refused file offers the complete grants alone."""
    return 200 if stop.address.endswith("?complete=1") else REFUSED.get(stop.route, 200)


def test_every_kind_of_place_is_met(crawled: list[Stop]):
    homes = {stop.place for stop in crawled if stop.route == "web:home"}
    assert homes == {"metropolis", "commune", "territory"}
    grants = {s.address for s in crawled if s.route == "fund:grant" and s.language == "fr"}
    assert len(grants) == 2
    assert {s.address for s in crawled} >= set(UNLINKED)


def test_no_rule_is_broken_on_the_pages(browser: Browser, origin: str, crawled: list[Stop]):
    none_of(broken(browser, origin, visits(crawled), BOTH))


def test_no_rule_is_broken_where_something_went_wrong(browser: Browser, origin: str):
    none_of(broken(browser, origin, STATES, BOTH))


def test_no_rule_is_broken_where_one_is_signed_in(
    browser: Browser,
    origin: str,
    members: dict[str, StorageState],
    crawled: list[Stop],
    crawled_by_members: dict[str, list[Stop]],
):
    for slug, session in members.items():
        pages = [*own(crawled_by_members[slug], crawled), *STATES_OF_MEMBERS[slug]]
        none_of(broken(browser, origin, pages, BOTH, storage_state=session))


def test_no_rule_is_broken_on_the_pages_of_the_platform(
    browser: Browser, origin: str, managing: StorageState, crawled_managing: list[Stop]
):
    pages = [*visits(crawled_managing), *STATES_MANAGING]
    none_of(broken(browser, origin, pages, BOTH, storage_state=managing))


def test_no_rule_is_broken_in_english(browser: Browser, origin: str, crawled: list[Stop]):
    pages = visits([stop for stop in crawled if stop.route in IN_ENGLISH], "en")
    none_of(broken(browser, origin, pages, [WIDE], locale="en-GB"))


def test_no_rule_is_broken_in_the_dark(
    browser: Browser, origin: str, crawled: list[Stop], signed_in: StorageState
):
    pages = visits([stop for stop in crawled if stop.route in IN_THE_DARK])
    none_of(broken(browser, origin, pages, [WIDE], color_scheme="dark"))
    dark = {"color_scheme": "dark", "storage_state": signed_in}
    none_of(broken(browser, origin, STATES_SIGNED_IN, [NARROW], **dark))
