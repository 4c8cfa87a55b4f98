"""Courbevoie's delivery bays: from the sign to the disc, the round, the manager's hours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.visiting import leave_by, send, sign_in
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser

START = "/courbevoie/livraison/"
RUNS_BAYS = "courbevoie@demo.example"
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}


@pytest.fixture(scope="module")
def manager(browser: Browser, origin: str) -> Iterator[Page]:
    """Who runs the bays of Courbevoie, at a desk."""
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/courbevoie/compte/connexion/", RUNS_BAYS)
        yield page


@pytest.fixture(scope="module")
def sign(manager: Page) -> str:
    """The code on the sign of a bay of two spaces where one may unload at any hour."""
    manager.goto(f"{START}gestion/aires/ajouter/")
    for name, text in {"name": "Aire du parcours", "street": "1 rue du Parcours"}.items():
        manager.locator(f"main [name={name}]").fill(text)
    manager.locator("main [name=spaces]").fill("2")
    send(manager)
    row = manager.get_by_role("row").filter(has_text="Aire du parcours").first
    code = row.locator("td").first.inner_text().split()[-1]
    manager.goto(f"{START}gestion/regles/ajouter/")
    manager.locator("main [name=name]").fill("À toute heure")
    manager.locator("main [name=most_minutes]").fill("30")
    manager.locator("main [name=extension_minutes]").fill("15")
    manager.get_by_label("Aire du parcours").check()
    send(manager)
    expect(manager.locator(".notice")).to_contain_text("en vigueur")
    return code


@pytest.fixture
def driver(browser: Browser, origin: str) -> Iterator[Page]:
    """A driver with a small phone that runs no script."""
    with watched(browser, origin, **PHONE) as (page, _watch):
        yield page


def fits(page: Page) -> None:
    """Fail where a phone would have to be scrolled sideways."""
    width = page.locator("html").bounding_box()
    assert width is not None
    assert width["width"] <= PHONE["viewport"]["width"]


def disc_started(page: Page, code: str) -> str:
    """Go from the sign to a running disc; give its number."""
    page.goto(f"{START}a/{code}/")
    send(page)
    title = page.get_by_role("heading", level=1).inner_text()
    return title.split()[-1]


def test_the_sign_leads_to_the_disc(manager: Page, sign: str) -> None:
    manager.goto(f"{START}aires/{sign}/panneau/")
    square = manager.get_by_role("img", name=re.compile("Code carré")).or_(
        manager.locator("main figure svg")
    )
    expect(square.first).to_be_visible()
    expect(manager.locator("figcaption strong")).to_have_text(sign)
    expect(manager.locator("figcaption")).to_contain_text(f"{START}a/{sign}/")


def test_a_driver_types_the_code_starts_a_disc_adds_minutes_and_leaves(
    driver: Page, sign: str
) -> None:
    driver.goto(START)
    fits(driver)
    driver.get_by_label("Rue, ou code du panneau").fill(f" {sign[:3].lower()}-{sign[3:]} ")
    leave_by(driver.locator("main form[role=search] button"))
    expect(driver).to_have_url(f"{START}a/{sign}/")
    fits(driver)
    leave_by(driver.get_by_role("button", name="Commencer"))  # the third step
    fits(driver)
    left = driver.locator(".figures dd").last
    expect(left).to_have_text(re.compile(r"^(29|30) minutes$"))
    assert driver.locator("meta[http-equiv=refresh]").get_attribute("content") == "60"
    leave_by(driver.get_by_role("button", name="Ajouter 15 minutes"))
    expect(left).to_have_text(re.compile(r"^(44|45) minutes$"))
    leave_by(driver.get_by_role("button", name="Je repars"))
    expect(driver.locator("main")).to_contain_text("Ce disque est terminé")
    expect(driver.get_by_role("button", name="Je repars")).to_have_count(0)


def test_a_page_with_a_script_counts_the_minutes_itself(
    browser: Browser, origin: str, sign: str
) -> None:
    with watched(browser, origin) as (page, _watch):
        page.clock.install()
        number = disc_started(page, sign)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        left = page.locator(".figures dd").last
        expect(left).to_have_text(re.compile(r"^(29|30) minutes$"))
        page.clock.run_for("12:00")
        expect(left).to_have_text(re.compile(r"^(17|18) minutes$"))
        page.clock.run_for("16:30")
        expect(left).to_have_text(re.compile(r"^[12] minutes?$"))
        expect(page.locator("main [role=status].sr")).to_have_text("5 minutes")
        assert asked == []
        leave_by(page.get_by_role("button", name="Je repars"))
        assert number in page.get_by_role("heading", level=1).inner_text()


def test_a_warden_finds_one_valid_disc_and_notes_a_van_without_one(
    manager: Page, driver: Page, sign: str
) -> None:
    driver.goto(f"{START}a/{sign}/")
    driver.locator("[name=plate]").fill("ab-123-cd")
    send(driver)
    number = driver.get_by_role("heading", level=1).inner_text().split()[-1]
    manager.goto(f"{START}tournee/")
    card = manager.locator("article", has=manager.get_by_role("heading", name="Aire du parcours"))
    expect(card).to_contain_text(f"disque {number}")
    manager.locator("main [name=plate]").fill("AB 123 CD")
    send(manager)
    expect(manager.locator(".notice").first).to_contain_text(f"Le disque {number} est valable")
    assert "AB 123 CD" not in manager.locator("main").inner_text()
    manager.goto(f"{START}tournee/{sign}/")
    expect(manager.locator("main")).to_contain_text(number)
    manager.locator("main [name=seen]").select_option("no_disc")
    manager.locator("main [name=taken]").fill("2")
    send(manager)
    expect(manager.locator(".notice").first).to_contain_text("C’est noté")
    leave_by(driver.get_by_role("button", name="Je repars"))


def test_a_full_bay_says_so(driver: Page, sign: str) -> None:
    numbers = [disc_started(driver, sign)]
    second = driver.context.new_page()
    numbers.append(disc_started(second, sign))
    third = driver.context.new_page()
    third.goto(f"{START}a/{sign}/")
    expect(third.locator("main")).to_contain_text("0 libre")
    assert len(set(numbers)) == 2
    for page in (driver, second):
        leave_by(page.get_by_role("button", name="Je repars"))


def test_the_manager_sees_the_booking_that_nobody_came_for_and_the_crowded_fridays(
    manager: Page,
) -> None:
    manager.goto(f"{START}gestion/")
    leave_by(manager.get_by_role("link", name="Réservations des entreprises"))
    missed = manager.get_by_role("row").filter(has_text="personne n’est venu")
    expect(missed).to_have_count(1)
    manager.goto(f"{START}bilan/")
    leave_by(manager.locator("main table").get_by_role("link", name="Aire 1, "))
    saturated = manager.locator("main td", has_text=re.compile("saturé"))
    assert saturated.count() >= 2
    hours = manager.locator("main tbody tr", has_text=re.compile("saturé")).all_inner_texts()
    assert {text.split()[0] for text in hours} & {"8:00", "9:00"}


def test_a_shop_declares_its_deliveries_without_an_account_and_the_manager_accepts(
    manager: Page, driver: Page
) -> None:
    driver.goto(f"{START}commerces/demander/")
    fits(driver)
    for name, text in {"name": "Fromagerie", "address": "9 rue du Parcours"}.items():
        driver.locator(f"main [name={name}]").fill(text)
    driver.locator("main [name=bay]").select_option(index=1)
    for day in driver.locator("main [name=days]").all():
        day.check()
    driver.locator("main [name=begins]").fill("06:00")
    driver.locator("main [name=ends]").fill("22:00")
    send(driver)
    leave_by(driver.get_by_role("link", name="Ouvrir la page"))
    expect(driver.locator("main")).to_contain_text("En attente de réponse")
    manager.goto(f"{START}gestion/commerces/")
    leave_by(manager.get_by_role("button", name="Accepter «\u00a0Fromagerie\u00a0»"))
    driver.reload()
    expect(driver.locator("main")).to_contain_text("Ces livraisons comptent")
