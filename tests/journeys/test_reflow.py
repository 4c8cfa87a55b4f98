"""Every page fits a narrow screen and large text, and is built as a reader expects."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Browser, StorageState

from tests.journeys.crawling import Stop
from tests.journeys.looking import Look, look_at, none_of
from tests.journeys.test_accessibility import own, visits
from tests.journeys.visiting import Visit
from tests.journeys.visits import STATES, STATES_MANAGING, STATES_OF_MEMBERS
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

Looks = dict[Visit, Look]


@pytest.fixture(scope="package")
def looks(
    browser: Browser,
    origin: str,
    crawled: list[Stop],
    members: dict[str, StorageState],
    crawled_by_members: dict[str, list[Stop]],
    managing: StorageState,
    crawled_managing: list[Stop],
) -> Looks:
    """Every page and every state, looked at once."""
    english = [stop for stop in crawled if stop.place == "metropolis"]
    public = [*visits(crawled), *visits(english, "en"), *STATES]
    managers = [*visits(crawled_managing), *STATES_MANAGING]
    found = _looked_at(browser, origin, public)
    found |= _looked_at(browser, origin, managers, storage_state=managing)
    for slug, session in members.items():
        seen = [*own(crawled_by_members[slug], crawled), *STATES_OF_MEMBERS[slug]]
        found |= _looked_at(browser, origin, seen, storage_state=session)
    return found


def _looked_at(browser: Browser, origin: str, pages: list[Visit], **options: object) -> Looks:
    found = {}
    with watched(browser, origin, **options) as (page, watch):
        for visit in pages:
            page.set_viewport_size({"width": 1280, "height": 900})
            visit.open(page, watch)
            found[visit] = look_at(page)
    return found


def in_order(levels: list[int]) -> bool:
    """Tell whether headings begin at the first level and skip none on the way down."""
    return levels[:1] == [1] and all(next_ <= level + 1 for level, next_ in pairwise(levels))


def test_no_page_scrolls_sideways(looks: Looks):
    none_of(
        {
            f"{visit} at {where}": what
            for visit, look in looks.items()
            for where, what in look.wider.items()
        }
    )


def test_nothing_sticks_out_of_its_sheet(looks: Looks):
    none_of({str(visit): look.out for visit, look in looks.items()})


def test_every_target_is_at_least_24_pixels(looks: Looks):
    none_of({str(visit): look.small for visit, look in looks.items()})


def test_the_main_targets_are_at_least_44_pixels_high(looks: Looks):
    none_of({str(visit): look.low for visit, look in looks.items()})


def test_each_page_has_one_main_heading(looks: Looks):
    assert {str(visit): look.h1 for visit, look in looks.items() if len(look.h1) != 1} == {}


def test_each_page_has_one_main_landmark(looks: Looks):
    assert {str(visit): look.mains for visit, look in looks.items() if look.mains != 1} == {}


def test_headings_are_in_order(looks: Looks):
    found = {str(visit): look.levels for visit, look in looks.items() if not in_order(look.levels)}
    assert found == {}


def test_each_page_says_its_language(looks: Looks):
    wrong = {str(visit): look.lang for visit, look in looks.items() if look.lang != visit.language}
    assert wrong == {}


def test_no_two_pages_have_the_same_title(looks: Looks):
    """Different questions to one page may share its title; different pages may not."""
    by_title: dict[tuple[str, str], set[str]] = {}
    for visit, look in looks.items():
        if visit.status not in {400, 404}:
            by_title.setdefault((visit.language, look.title), set()).add(look.path)
    assert {title: paths for title, paths in by_title.items() if len(paths) > 1} == {}


def test_the_first_stop_of_the_keyboard_skips_to_the_content(looks: Looks):
    """A page that says what is wrong begins there, in the content."""
    due = ["#main", "main"]
    begun = {visit: look for visit, look in looks.items() if not look.at_errors}
    with_head = {visit: look for visit, look in begun.items() if look.heads}
    assert len(with_head) > len(looks) / 2
    assert {str(visit): look.skip for visit, look in with_head.items() if look.skip != due} == {}
