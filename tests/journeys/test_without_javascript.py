"""Everything works where scripts do not run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.visiting import leave_by, sign_in
from tests.journeys.visits import ADMINISTRATOR, GRANTS, MANAGER
from tests.journeys.watching import Watch, watched

pytestmark = pytest.mark.browser

ROWS = "main table tbody tr"


@pytest.fixture
def options() -> dict[str, object]:
    return {"java_script_enabled": False}


@pytest.fixture
def ten_on_a_page(browser: Browser, origin: str) -> Iterator[None]:
    """The register by tens, so that it has pages."""
    _set_page_size(browser, origin, "10")
    yield
    _set_page_size(browser, origin, "50")


def _set_page_size(browser: Browser, origin: str, size: str) -> None:
    with watched(browser, origin, java_script_enabled=False) as (page, _watch):
        sign_in(page, "/compte/connexion/", MANAGER)
        page.goto("/reglages/services/fund/")
        page.get_by_label("Subventions par page du registre").fill(size)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page).to_have_url("/reglages/")


def test_the_register_is_searched_and_filtered(page: Page):
    page.goto("/fonds/registre/")
    page.get_by_label("Chercher dans le registre").fill("stationement")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".notice")).to_contain_text("stationnement")
    expect(page.locator(f"{ROWS} th")).to_have_text(["Stationnement intelligent", "Smart parking"])
    page.get_by_label("Territoire").select_option("vallee-sud-grand-paris")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(f"{ROWS} th")).to_have_text(["Stationnement intelligent"])
    page.get_by_role("link", name="Tout effacer").click()
    expect(page.locator(ROWS)).to_have_count(GRANTS)


@pytest.mark.usefixtures("ten_on_a_page")
def test_the_register_has_pages(page: Page):
    page.goto("/fonds/registre/")
    counts, seen = [], []
    for following in (True, True, False):
        counts.append(page.locator(ROWS).count())
        seen += [link.get_attribute("href") for link in page.locator(f"{ROWS} th a").all()]
        if following:
            leave_by(page.get_by_role("link", name="Suivant"))
    assert counts == [10, 10, GRANTS - 20]
    assert len(set(seen)) == GRANTS
    expect(page.get_by_role("link", name="Suivant")).to_have_count(0)
    page.get_by_role("link", name="Page 1").click()
    expect(page).to_have_url("/fonds/registre/?page=1")


def test_the_language_is_switched(page: Page):
    page.goto("/communes/?date=2018-11-27")
    page.locator(".site-tools").get_by_role("link", name="English").click()
    expect(page).to_have_url("/en/communes/?date=2018-11-27")
    page.locator(".site-tools").get_by_role("link", name="Français").click()
    expect(page).to_have_url("/communes/?date=2018-11-27")


def test_an_administrator_signs_in_and_out(page: Page, watch: Watch):
    watch.expect(422, "/antony/compte/connexion/")
    sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR, "wrong")
    expect(page.locator("#error-summary li")).to_have_text(
        ["Cette adresse électronique et ce mot de passe ne vont pas ensemble."]
    )
    page.locator("[name=password]").fill("demonstration")
    page.locator("main form.form button[type=submit]").first.click()
    expect(page).to_have_url("/antony/")
    expect(page.locator(".person-name")).to_contain_text("Administration d’Antony (fictive)")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator(".site-tools").get_by_role("link", name="Se connecter")).to_be_visible()


def test_what_was_saved_is_told_and_kept(page: Page):
    sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR)
    page.goto("/antony/reglages/services/fund/")
    page.locator("[name=contact_email]").fill("fonds@demo.example")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_url("/antony/reglages/")
    expect(page.locator("main")).to_contain_text("Réglages enregistrés")
    page.goto("/antony/reglages/services/fund/")
    expect(page.locator("[name=contact_email]")).to_have_value("fonds@demo.example")


def test_the_map_is_a_drawing_and_a_list(page: Page):
    page.goto("/fonds/registre/carte/")
    expect(page.locator("main svg[role=group] path.map-shape")).to_have_count(131)
    expect(page.locator(ROWS)).to_have_count(19)  # 16 communes and 3 territories
    page.get_by_role("link", name="la même chose en liste").click()
    expect(page).to_have_url("/fonds/registre/carte/#list")


def test_the_menu_of_a_narrow_screen_opens(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/")
    entry = page.locator("#site-menu").get_by_role("link", name="Registre")
    expect(entry).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    entry.click()
    expect(page).to_have_url("/fonds/registre/")
