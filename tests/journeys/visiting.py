"""Going to a page that no link leads to: the steps that journeys and visits share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.journeys.watching import Watch

PASSWORD = "demonstration"
OK = 200


def leave_by(link: Locator) -> None:
    """Click what leads to another page, and wait until that page is there.

    A click alone returns before the next page has begun: what is looked at then is the page
    that was left, or a document that has nothing in it yet.
    """
    with link.page.expect_navigation():
        link.click()


def send(page: Page) -> None:
    """Send the first form of the page, and wait for what answers."""
    leave_by(page.locator("main form.form button[type=submit]").first)


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.goto(address)
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    send(page)


def fill_and_send(page: Page, address: str, **typed: str) -> None:
    """Fill in the form of a page and send it."""
    page.goto(address)
    for name, text in typed.items():
        page.locator(f"main [name={name}]").fill(text)
    send(page)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to look at: its address, its status, and what brings it about besides going there."""

    address: str
    status: int = OK
    reach: Callable[[Page], None] | None = None
    name: str = ""
    language: str = "fr"

    def __str__(self) -> str:
        return self.name or self.address

    def open(self, page: Page, watch: Watch) -> None:
        """Go there, with the status announced."""
        if self.status != OK:
            watch.expect(self.status, self.address)
        if self.reach:
            self.reach(page)
            path = self.address.partition("?")[0]
            assert urlsplit(page.url).path.startswith(path), f"{page.url} instead of {self}"
        else:
            page.goto(self.address)
