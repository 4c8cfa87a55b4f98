"""Who has a task in the fund, or writes for a commune, gives their programs keys of the fund."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.people.models import Person
from communs.services.fund.enums import Duty
from communs.services.fund.rules import CLAIM, LEAD, MANAGE, READ, WRITE
from tests.pages import text
from tests.services.fund import cases
from tests.services.fund.cases import client_of

pytestmark = pytest.mark.django_db
KEYS = "/reglages/cles/"


@pytest.fixture(autouse=True)
def here(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)


def keyed(person: Person, *permissions: str) -> dict[str, Any]:
    """Make a key on the page, and give the headers of its program."""
    until = (cases.AT + timedelta(days=30)).date().isoformat()
    given = {"name": "Tableur", "permissions": permissions, "until": until}
    shown = client_of(person).post(KEYS, given)
    assert shown.status_code == 200, text(shown)
    found = re.search(r"communs_[0-9a-f]{32}_[\w-]{43}", shown.content.decode())
    assert found is not None
    return {"HTTP_AUTHORIZATION": f"Bearer {found[0]}"}


def test_an_agent_of_a_commune_begins_a_file_by_program() -> None:
    call = cases.call_made()
    agent = cases.person_of("sceaux")
    assert 'href="/reglages/cles/"' in client_of(agent).get("/compte/").content.decode()
    program = keyed(agent, READ, WRITE, LEAD, CLAIM)
    given = {"call": call.code, "commune": "sceaux", "title": "Prêt d’objets"}
    made = Client().post("/api/fonds/dossiers", given, "application/json", **program)
    assert made.status_code == 201, made.content
    listed = Client().get("/api/fonds/dossiers", **program).json()
    assert [one["number"] for one in listed["applications"]] == [made.json()["number"]]


def test_a_key_may_no_more_than_was_chosen() -> None:
    boss = cases.appointed(Duty.MANAGER)
    assert Client().get("/api/fonds/gestion/appels", **keyed(boss, MANAGE)).status_code == 200
    assert Client().get("/api/fonds/gestion/appels", **keyed(boss, READ)).status_code == 404


def test_who_may_do_nothing_here_is_offered_no_key() -> None:
    resident = Person.objects.create_user("r@case.example", name="Résidente")
    assert client_of(resident).get(KEYS).status_code == 404
    assert "/reglages/cles/" not in client_of(resident).get("/compte/").content.decode()
    agent = cases.person_of("sceaux")
    assert client_of(agent).get("/antony/reglages/cles/").status_code == 404
