"""Pages whose address is a secret: an invitation accepted, a panel joined, answered, left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.letters import wait_for_letter
from tests.journeys.looking import broken_rules
from tests.journeys.server import Server
from tests.journeys.visiting import leave_by, send, sign_in
from tests.journeys.watching import watched

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
INVITED = "courbevoie@demo.example"


def test_an_invitation_is_accepted_by_its_letter(
    browser: Browser, origin: str, server: Server
) -> None:
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/bagneux/compte/connexion/", "bagneux@demo.example")
        page.goto("/bagneux/reglages/membres/inviter/")
        page.locator("[name=email]").fill(INVITED)
        page.locator("[name=role]").last.check()
        send(page)
    letter = wait_for_letter(server, INVITED, "/invitation/")
    address = re.search(r"http://\S+(/bagneux/invitation/\S+)", letter)
    assert address is not None
    with watched(browser, origin) as (page, _watch):
        sign_in(page, "/bagneux/compte/connexion/", INVITED)
        page.goto(address[1])
        assert broken_rules(page) == []
        leave_by(page.get_by_role("button", name="Accepter"))
        assert page.url.startswith(f"{origin}/bagneux/")
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Erreur")


def test_a_resident_joins_a_panel_answers_and_leaves(browser: Browser, origin: str) -> None:
    with watched(browser, origin, **PHONE) as (page, watch):
        page.goto("/fonds/experimentations/?state=live")
        leave_by(page.locator("main tbody th a").first)
        leave_by(page.get_by_role("link", name="Tester ce service"))
        page.get_by_label("Prénom").fill("Camille")
        page.locator("[name=agrees]").check()
        leave_by(page.get_by_role("button", name="Participer"))
        own = page.url.removeprefix(origin)
        assert own in page.locator("main code").inner_text()
        assert broken_rules(page) == []
        for name in ("useful", "easy"):
            page.locator(f"[name={name}][value='4']").check()
        leave_by(page.get_by_role("button", name="Envoyer"))
        expect(page.locator("main .notice").first).to_contain_text("c’est noté")
        leave_by(page.get_by_role("button", name="Quitter le panel"))
        expect(page.locator("main .notice").first).to_contain_text("panel")
        watch.expect(404, own)
        page.goto(own)
