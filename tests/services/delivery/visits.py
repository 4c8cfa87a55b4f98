"""Pages of delivery bays that no link leads to, and how to bring them about."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.visiting import Visit, fill_and_send, leave_by, send

SHOWN = "courbevoie"
# Routes that no page links to, each with why.
NOT_PAGES = {
    **dict.fromkeys(
        (
            "delivery:cancel_booking",
            "delivery:end_carrier",
            "delivery:extend",
            "delivery:leave",
            "delivery:hook_remove",
            "delivery:hook_resume",
            "delivery:hook_test",
            "delivery:lift_own",
            "delivery:make_key",
            "delivery:moderate",
            "delivery:run_pause_lift",
            "delivery:run_shop_answer",
            "delivery:run_shop_page",
        ),
        "sent by a form",
    ),
    **dict.fromkeys(
        ("delivery:arrive", "delivery:bookings"),
        "for a carrier’s account; tests/services/delivery/test_bookings.py",
    ),
    "delivery:hook": "for a carrier’s account; tests/services/delivery/test_calls.py",
    "delivery:run_curb_file": "a file was sent first; tests/services/delivery/test_curblr.py",
    **dict.fromkeys(
        ("delivery:shop", "delivery:pause_own"),
        "opened by a secret; tests/services/delivery/test_shops.py",
    ),
    "delivery:ticket": "a disc was started first; see STATES",
}


def _disc_started(page: Page) -> None:
    page.goto("/courbevoie/livraison/")
    leave_by(page.locator("main a[href*='/livraison/aires/']").first)
    leave_by(page.locator("main a[href*='/livraison/a/']").first)
    if page.locator("main [name=vehicle]").count():  # at night no disc can be started
        send(page)


def _shop_of_nothing(page: Page) -> None:
    fill_and_send(page, "/courbevoie/livraison/commerces/demander/", name="")


STATES = [
    Visit("/courbevoie/livraison/?q=bezons"),
    Visit("/courbevoie/livraison/?q=zzzzzz"),
    Visit("/courbevoie/livraison/a/nulle-part/", 404),
    Visit("/courbevoie/livraison/commerces/demander/", 422, _shop_of_nothing, "a shop, refused"),
    Visit("/courbevoie/livraison/commerces/nulle-part/", 404),
    Visit("/courbevoie/livraison/", reach=_disc_started, name="a disc started, or none now"),
]

STATES_OF_MEMBERS: list[Visit] = []
