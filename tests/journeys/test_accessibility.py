"""No rule of axe-core (WCAG 2.2 level AA, good practice) is broken on any page, in any state."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.journeys.crawling import Stop, routes
from tests.journeys.looking import broken_rules, none_of
from tests.journeys.visits import STATES, STATES_MANAGING, STATES_SIGNED_IN, UNLINKED, Visit
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

WIDE, NARROW = 1280, 360
BOTH = (WIDE, NARROW)
# Routes that no page links to, each with why.
NOT_PAGES = {
    "notifications:bell": "a part of the header, asked for by a script",
    "notifications:read": "sent by a form",
    "notifications:unsubscribe": "the link of an e-mail",
    "notifications:message": "the demonstration has told nobody anything yet",
    "fund:index": "leads to the register",
    "fund:map_geojson": "what the interactive map draws",
    "api:api-root": "the API's root answers nothing",
    "api:community": "an answer for programs",
    "api:bundle": "an answer for programs",
    "api:bundles": "an answer for programs",
    "api:bundle_installations": "an answer for programs",
    "api:bundle_preview": "an answer for programs",
    "api:bundle_roll_back": "an answer for programs",
    "bundles:receive": "sent by a form; a refusal is in STATES_SIGNED_IN",
    "bundles:received": "a file was sent first; see STATES_SIGNED_IN",
    "bundles:installation": "a configuration was installed first; see STATES_SIGNED_IN",
    "api:fund_grant": "an answer for programs",
    "api:fund_register": "an answer for programs",
    "api:fund_rounds": "an answer for programs",
    "api:territories": "an answer for programs",
    "api:fund_fact": "an answer for programs",
    "api:fund_facts": "an answer for programs",
    "api:indicator_compare": "an answer for programs",
    "api:search": "an answer for programs",
    "api:withdraw_fact": "an answer for programs",
    "metrics": "for machines that watch over the server",
    "robots": "for search engines",
    "security_contact": "a text at an address that a standard gives",
    "well_known_password": "leads to the password’s page",
    "files:image": "a file",
    "files:show": "a file",
    "web:search_suggestions": "a part of the search box, asked for by a script",
    "web:journal_check": "sent by a form",
    "web:journal_export": "sent by a form",
    "web:member_end": "sent by a form",
    "web:member_role": "sent by a form",
    "web:take_token_back": "sent by a form",
    "web:invitation": "the link of an e-mail; a dead one is in STATES_SIGNED_IN",
    "web:member_invitation": "the demonstration has invited nobody; see STATES_SIGNED_IN",
    "web:deliveries": "linked when something failed; see STATES_SIGNED_IN",
    "web:delegation_end": "for who lends a role to a colleague",
    **dict.fromkeys(
        (
            "web:wizard",
            "web:wizard_account",
            "web:wizard_checks",
            "web:wizard_metropolis",
            "web:wizard_services",
        ),
        "only before the first run; see test_wizard.py",
    ),
    "web:colours": "a style sheet",
    "web:health": "for machines that watch over the server",
    "web:sign_in": "leads to the sign-in page",
    "account_request_login_code": "leads to the sign-in page",
    "account_inactive": "shown to who has a closed account; see STATES",
    "account_logout": "a form leads there; see STATES_SIGNED_IN",
    "account_confirm_login_code": "a form leads there; see STATES",
    "account_confirm_password_reset_code": "a form leads there; see STATES",
    "account_complete_password_reset": "a code leads there",
    "account_email_verification_sent": "a form leads there, to the same page as a sign-in code’s",
    "account_reauthenticate": "sensitive pages lead there; see STATES_SIGNED_IN",
    "account_set_password": "for who has no password",
    "people:again": "for who has no password",
    "identity_leave": "no identity provider is set",
    "identity_return": "no identity provider is set",
    "socialaccount_signup": "no identity provider is set",
    "mfa_login_webauthn": "an answer for the passkey's script",
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_edit_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_list_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
        ),
        "for who has a second factor",
    ),
}
REFUSED = {"fund:register_scdl": 409}  # its data lack what the schema requires
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


def own(stops: Iterable[Stop]) -> list[Visit]:
    """Give what only who is signed in sees: the home, the account and the settings."""
    return [
        visit
        for visit in visits(stops)
        if visit.address == "/antony/"
        or "/reglages/" in visit.address
        or "/compte/" in visit.address
    ]


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
    crawled: list[Stop], crawled_signed_in: list[Stop], crawled_managing: list[Stop]
):
    met = {stop.route for stop in crawled + crawled_signed_in + crawled_managing}
    assert met == routes() - set(NOT_PAGES)


def test_no_link_leads_nowhere(
    crawled: list[Stop], crawled_signed_in: list[Stop], crawled_managing: list[Stop]
):
    stops = crawled + crawled_signed_in + crawled_managing
    seen = {stop.address: stop.status for stop in stops}
    due = {stop.address: REFUSED.get(stop.route, 200) for stop in stops}
    assert seen == due


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
    browser: Browser, origin: str, signed_in: StorageState, crawled_signed_in: list[Stop]
):
    pages = [*own(crawled_signed_in), *STATES_SIGNED_IN]
    none_of(broken(browser, origin, pages, BOTH, storage_state=signed_in))


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
