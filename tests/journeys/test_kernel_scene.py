"""The kernel's scene in a browser, on a server of its own, down to a backup put back elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.core.people import provider as mock
from tests.core.people.elsewhere import AGENT
from tests.core.people.provider import Provider
from tests.journeys.looking import broken_rules
from tests.journeys.server import Server
from tests.journeys.visiting import send, sign_in
from tests.journeys.visits import ADMINISTRATOR, MANAGER
from tests.journeys.watching import watched
from tests.launcher.starting import environment

pytestmark = pytest.mark.browser
CORRECTED = "Le marché des capteurs a été attribué à l’automne."
EDITOR = """
from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.services.fund import queries
with within(Community.objects.get(slug="metropole")):
    person = Person.objects.create_user("%s", name="Sasha Martin")
    Membership.objects.create(person=person, role=Role.EDITOR)
    print(queries.shown_facts().first().grant.reference)
"""
SEAL = """
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.jobs import seal
with within(Community.objects.get(slug="metropole")):
    seal.call()
"""
FACT = f"""
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.services.fund.models import Fact
with within(Community.objects.get(slug="metropole")):
    print(Fact.objects.filter(text_fr="{CORRECTED}").count())
"""


@pytest.fixture(scope="module")
def idp() -> Iterator[Provider]:
    """An identity provider of agents, on loopback."""
    with mock.running() as running:
        running.claims = dict(AGENT)
        yield running


@pytest.fixture(scope="module")
def own(idp: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that offers the provider."""
    offered = {
        "key": "proconnect", "label": "ProConnect", "kind": "proconnect", "issuer": idp.address,
        "client_id": mock.CLIENT, "client_secret": mock.SECRET,
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("scene")
    running = Server(folder, COMMUNS_OIDC=json.dumps([offered]))
    yield running
    running.stop()


def communs(folder: Path, *words: str) -> str:
    """Run a command on an installation; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "communs.project.cli", *words],
        env=environment(COMMUNS_DATA=str(folder), PYTHONPATH=os.pathsep.join(sys.path)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_editor_corrects_a_fact_and_everything_follows(
    browser: Browser, own: Server, idp: Provider, tmp_path: Path
) -> None:
    made = EDITOR % AGENT["email"]
    grant = f"/fonds/registre/{communs(own.data, 'shell', '--no-imports', '-c', made).strip()}/"
    with watched(browser, own.origin, elsewhere=(idp.address,)) as (page, _watch):
        page.goto(f"/compte/connexion/?next={grant}")
        page.get_by_role("button", name="ProConnect").click()
        expect(page).to_have_url(f"{own.origin}{grant}")
        title = page.get_by_role("heading", level=1).inner_text()
        page.locator("a[href$='/modifier/']").first.click()
        address = page.url
        page.locator("[name=text_fr]").fill(CORRECTED)
        page.locator("[name=when]").fill("2019-10")
        page.locator("[name=source]").fill("Délibération du 3 octobre 2019")
        broken = broken_rules(page)
        send(page)
        expect(page.locator("main")).to_contain_text(CORRECTED)
        expect(page.locator("main")).to_contain_text("Délibération du 3 octobre 2019")
        page.goto("/recherche/?q=marché+attribué+automne")
        expect(page.locator("main")).to_contain_text(title)
    with watched(browser, own.origin) as (page, _watch):
        sign_in(page, "/compte/connexion/", MANAGER)
        page.goto("/reglages/journal/")
        expect(page.locator("main")).to_contain_text("Sasha Martin")
        broken += broken_rules(page)
    with watched(browser, own.origin) as (page, watch):
        sign_in(page, "/antony/compte/connexion/", ADMINISTRATOR)
        path = urlsplit(address).path
        watch.expect(404, path)
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    assert broken == []

    communs(own.data, "shell", "--no-imports", "-c", SEAL)
    assert "intact" in communs(own.data, "verify-journal", "metropole")
    backup = tmp_path / "communs.tar.gz"
    communs(own.data, "backup", str(backup))
    communs(own.data, "restore", str(backup), "--into", str(tmp_path / "elsewhere"))
    told = communs(tmp_path / "elsewhere", "shell", "--no-imports", "-c", FACT)
    assert told.strip() == "1"
    assert "intact" in communs(tmp_path / "elsewhere", "verify-journal", "metropole")
