"""Pictures of the main pages for people to look at.

    python tests/journeys/shots.py FOLDER --at http://127.0.0.1:8000

Writes one PNG for each page, width, light or dark, French or English, from a running server.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "home": "/",
    "communes": "/communes/",
    "communes-2018": "/communes/?date=2018-11-27",
    "commune": "/levallois-perret/",
    "territory": "/grand-orly-seine-bievre/",
    "services": "/services/",
    "data": "/donnees/",
    "register": "/fonds/registre/",
    "register-nearest": "/fonds/registre/?q=stationement",
    "register-refused": "/fonds/registre/?theme=rien",
    "map": "/fonds/registre/carte/",
    "grant": "/fonds/registre/fmin-2018-12/",
    "round": "/fonds/attributions/2018-11-27/",
    "rounds": "/fonds/attributions/",
    "beneficiary": "/fonds/beneficiaires/alfortville/",
    "scdl": "/fonds/donnees/subventions-scdl-2.1.csv",
    "search": "/recherche/?q=levallois",
    "search-empty": "/recherche/?q=zzzzzz",
    "sign-in": "/compte/connexion/",
    "missing": "/nulle-part/",
    "service-off": "/antony/fonds/registre/",
    "accessibility": "/accessibilite/",
    "privacy": "/donnees-personnelles/",
    "legal": "/mentions-legales/",
}
ADMIN_PAGES = {
    "settings": "/antony/reglages/",
    "settings-look": "/antony/reglages/apparence/",
    "settings-service": "/antony/reglages/services/fund/",
}
WIDTHS = {1280: 900, 360: 740}


def launch(playwright: Playwright) -> Browser:
    """Start Debian's chromium: it calls nobody, and draws maps without a graphics card."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


def shoot(browser: Browser, at: str, folder: Path) -> int:
    """Take every picture; give how many."""
    taken = 0
    for width, height in WIDTHS.items():
        for scheme in ("light", "dark"):
            for prefix, locale in (("", "fr-FR"), ("/en", "en-GB")):
                context = browser.new_context(
                    base_url=at,
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    locale=locale,
                )
                taken += _series(context.new_page(), folder, prefix, f"{width}-{scheme}-{locale}")
                context.close()
    return taken


def _series(page: Page, folder: Path, prefix: str, suffix: str) -> int:
    for name, address in PAGES.items():
        _take(page, f"{prefix}{address}", folder / f"{name}-{suffix}.png")
    _sign_in(page)
    for name, address in ADMIN_PAGES.items():
        _take(page, f"{prefix}{address}", folder / f"{name}-{suffix}.png")
    return len(PAGES) + len(ADMIN_PAGES)


def _take(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.screenshot(path=file, full_page=True)


def _sign_in(page: Page) -> None:
    page.goto("/antony/compte/connexion/")
    page.locator("[name=login]").fill("antony@demo.example")
    page.locator("[name=password]").fill("demonstration")
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").first.click()


def main() -> None:
    """Read the arguments, write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--at", default="http://127.0.0.1:8000", help="a running server")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        taken = shoot(browser, asked.at, asked.folder)
        browser.close()
    sys.stdout.write(f"{taken} pictures in {asked.folder}\n")


if __name__ == "__main__":
    main()
