"""What pages of applications ask of the database: the same for one file and for many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund.enums import Duty
from communs.services.fund.models import Call
from tests.services.fund import cases
from tests.services.fund.cases import client_of, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)
    return cases.call_made()


COSTS = {
    "files": ("/fonds/dossiers/", 12),
    "file": ("/fonds/dossiers/2026-00001/", 20),
    "examine": ("/fonds/dossiers/2026-00001/instruction/", 20),
    "day": ("/fonds/bord/instruction/", 12),
}


@pytest.mark.parametrize("name", COSTS)
def test_a_page_costs_the_same_for_one_file_and_for_six(call: Call, name: str) -> None:
    address, most = COSTS[name]
    staff = client_of(cases.appointed(Duty.INSTRUCTOR))
    costs = []
    for count in (1, 5):
        for _n in range(count):
            cases.sent(call)
        staff.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= most, "\n".join(one["sql"][:160] for one in asked)


def test_what_a_commune_has_to_do_costs_the_same_for_one_file_and_for_six(call: Call) -> None:
    agent = client_of(person_of("sceaux"))
    costs = []
    for count in (1, 5):
        for _n in range(count):
            cases.begun(call)
        with CaptureQueriesContext(connection) as asked:
            assert agent.get("/fonds/bord/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_sending_asks_few_questions_of_the_database(call: Call) -> None:
    made, agent = cases.ready(call), client_of(person_of("sceaux"))
    agent.get(f"/fonds/dossiers/{made.number}/")
    with CaptureQueriesContext(connection) as asked:
        assert agent.post(f"/fonds/dossiers/{made.number}/envoi/").status_code == 302
    assert len(asked) <= 25, "\n".join(one["sql"][:160] for one in asked)
