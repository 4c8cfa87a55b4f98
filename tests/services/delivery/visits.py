"""Pages of delivery bays that no link leads to, and how to bring them about."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.visiting import Visit, leave_by, send

SHOWN = "courbevoie"
# Routes that no page links to, each with why.
NOT_PAGES = {
    **dict.fromkeys(
        (
            "delivery:cancel_booking",
            "delivery:end_carrier",
            "delivery:extend",
            "delivery:leave",
            "delivery:make_key",
            "delivery:moderate",
        ),
        "sent by a form",
    ),
    **dict.fromkeys(
        ("delivery:arrive", "delivery:bookings"),
        "for a carrier’s account; tests/services/delivery/test_bookings.py",
    ),
    "delivery:ticket": "a disc was started first; see STATES",
}


def _disc_started(page: Page) -> None:
    page.goto("/courbevoie/livraison/")
    leave_by(page.locator("main a[href*='/livraison/aires/']").first)
    leave_by(page.locator("main a[href*='/livraison/a/']").first)
    if page.locator("main [name=vehicle]").count():  # at night no disc can be started
        send(page)


STATES = [
    Visit("/courbevoie/livraison/?q=bezons"),
    Visit("/courbevoie/livraison/?q=zzzzzz"),
    Visit("/courbevoie/livraison/a/nulle-part/", 404),
    Visit("/courbevoie/livraison/", reach=_disc_started, name="a disc started, or none now"),
]

STATES_OF_MEMBERS: list[Visit] = []
