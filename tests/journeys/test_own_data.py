"""A resident makes an account, sees what is kept, takes a copy, and leaves without a trace."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.letters import wait_for_letter
from tests.journeys.looking import broken_rules
from tests.journeys.server import Server
from tests.journeys.visiting import send

pytestmark = pytest.mark.browser
RESIDENT = "resident@journey.example"
OWN = "/antony/compte/donnees/"


def test_a_resident_comes_looks_and_leaves(page: Page, server: Server, tmp_path: Path) -> None:
    page.goto("/antony/compte/inscription/")
    page.locator("[name=email]").fill(RESIDENT)
    page.locator("[name=name]").fill("Camille Essai")
    send(page)
    code = re.search(r"\d{4}-\d{4}", wait_for_letter(server, RESIDENT, r"\d{4}-\d{4}"))
    page.locator("[name=code]").fill(code.group() if code else "")
    send(page)

    page.goto("/antony/compte/avis/reglages/")
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.locator("[name=call_me]").check()
    send(page)
    page.goto(f"{OWN}accords/")
    broken = broken_rules(page)
    page.get_by_role("button", name="Retirer").click()
    expect(page.locator("main")).to_contain_text("Votre accord est retiré")

    page.goto(OWN)
    broken += broken_rules(page)
    expect(page.locator("main table")).to_contain_text("Comment joindre une personne")
    page.get_by_role("link", name="Prendre Une copie de vos données").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Télécharger mes données").click()
    copy = tmp_path / "copy.zip"
    taken.value.save_as(copy)
    with zipfile.ZipFile(copy) as archive:
        said = json.loads(archive.read("data.json"))
    tables = {one["table"] for one in said["held"]}
    assert {"people.Person.pk", "notifications.Reach.person", "privacy.Consent.person"} <= tables

    page.goto(f"{OWN}effacer/")
    broken += broken_rules(page)
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="Effacer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre compte est effacé")
    broken += broken_rules(page)
    assert broken == []
    page.goto(OWN)
    expect(page).to_have_url(re.compile("/compte/connexion/"))
    wait_for_letter(server, RESIDENT, "sont effacés")
