"""What an experiment proved, from its verdict to another commune that runs it, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.desks import plain
from tests.journeys.fund_people import People
from tests.journeys.server import Server
from tests.journeys.test_keyboard import tab_to, type_in

pytestmark = pytest.mark.browser

TRIED = "/fonds/experimentations/stationner-une-heure-et-demie-au-plus-demonstration/"
COMMON = "/fonds/communs/parking-antony/"
SEND = "main form.form button[type=submit]"
FINDING = "Les places tournent plus vite là où le disque est court."
EXPECTED = "Nous essaierons au printemps."


@pytest.fixture(scope="module")
def people(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """The demonstration's people on a server of their own: what they decide stays there."""
    server = Server(tmp_path_factory.mktemp("copy"))
    everybody = People(browser, server)
    yield everybody
    everybody.close()
    server.stop()


def said(page: Page) -> str:
    return plain(page.locator("main").inner_text())


def enter(page: Page, selector: str) -> None:
    """Go to a link or a button by the keyboard, and press Enter."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def heard(page: Page, address: str, words: str) -> str:
    """Read a page until what happened elsewhere has come to it."""
    page.goto(address)
    for _turn in range(30):
        if words in said(page):
            break
        page.wait_for_timeout(1000)
        page.reload()
    return said(page)


def test_a_manager_evaluates_and_decides_by_the_keyboard(people: People) -> None:
    page = people.at("gestion-fonds", TRIED)
    assert "Ce qu’elle a prouvé" in said(page)
    enter(page, f"main a[href='{TRIED}evaluer/']")
    enter(page, SEND)
    proposed = said(page)
    assert "Verdict : pas encore rendu Proposé par les chiffres : à adapter" in proposed
    assert "Ils sont comme ils étaient : leur empreinte est la même." in proposed
    enter(page, "main a[href$='/verdict/']")
    type_in(page, "main [name=finding]", FINDING)
    enter(page, SEND)
    assert "Verdict : à adapter par une personne" in said(page)
    assert f"Ce qui a été appris {FINDING}" in said(page)
    assert "Évaluation n° 2 à adapter" in said(people.at("gestion-fonds", TRIED))


def test_another_commune_asks_tries_and_installs_by_the_keyboard(people: People) -> None:
    page = people.at("bagneux", "/fonds/communs/")
    enter(page, f"main a[href='{COMMON}']")
    assert "Les preuves Verdict à adapter Essayé à Antony" in said(page)
    enter(page, f"main a[href='{COMMON}demander/']")
    type_in(page, "main [name=message]", EXPECTED)
    enter(page, SEND)
    assert EXPECTED in said(page)
    assert "Bagneux demandée" in said(page)
    enter(page, "main a[href*='/bagneux/reglages/configurations/catalogue/']")
    assert "Aperçu : Stationnement (Antony)" in said(page)
    assert "Rien n’a encore changé." in said(page)
    _switch_on(page)
    enter(page, "main button[value=try]")
    assert "Essai à blanc : elle peut être installée" in said(page)
    _switch_on(page)
    enter(page, "main button[value=install]")
    assert "La configuration est installée." in said(page)
    assert "En vigueur : version 1, préparée par Antony." in said(page)


def _switch_on(page: Page) -> None:
    box = page.locator("main [name=switch_on]")
    if box.count() and not box.is_checked():
        tab_to(page, "main [name=switch_on]")
        page.keyboard.press("Space")


def test_everybody_reads_that_the_other_commune_runs_it(people: People) -> None:
    page = people.at("gestion-fonds")
    assert "Bagneux en service" in heard(page, COMMON, "Bagneux en service")
    assert EXPECTED in said(page)
    assert "Où il reste de la place" in said(people.at("bagneux", "/bagneux/stationnement/"))
