"""The same applications for programs: the same functions, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund.enums import Duty, Stage
from communs.services.fund.models import Application, Call
from tests.services.fund import cases
from tests.services.fund.cases import client_of, person_of

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def call(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)
    return cases.call_made()


def put(client: Client, address: str, body: Any) -> Any:
    return client.put(f"/api/fonds/{address}", body, content_type=JSON)


def post(client: Client, address: str, body: Any = None) -> Any:
    return client.post(f"/api/fonds/{address}", body or {}, content_type=JSON)


def test_calls_are_listed_with_their_rules(call: Call, client: Client) -> None:
    (row,) = client.get("/api/fonds/appels").json()
    assert row == client.get(f"/api/fonds/appels/{call.code}").json()
    assert (row["code"], row["is_open"], row["kind"]) == ("appel-dessai", True, "subsidy")
    assert row["rules"]["ceilings"][1] == {"partners": 3, "amount": "60000.00"}
    assert client.get("/api/fonds/appels/nulle-part").status_code == 404


def test_a_program_writes_an_application_from_the_first_word_to_sending(call: Call) -> None:
    agent = client_of(person_of("sceaux"))
    made = post(agent, "dossiers", {"call": call.code, "commune": "sceaux", "title": "Prêt"})
    assert (made.status_code, made.json()["stage"]) == (201, "draft")
    number = made.json()["number"]
    file = Application.objects.get(number=number)
    from communs.core.forms import filling

    filling.keep(
        answers=file.answers,
        page="besoin",
        posted={"besoin_constate": {"": ["Un besoin."]}},
        revision=0,
        at=cases.AT,
        by=None,
    )
    project = {"title": "Prêt", "summary": "Prêter.", "challenges": ["inclusive"]}
    described = put(agent, f"dossiers/{number}/projet", project)
    empty = agent.get(f"/api/fonds/dossiers/{number}/plan").json()
    assert (empty["cost"], empty["eligible"]) == (None, None)
    plan = {
        "expenses": [{"type": "materiel", "label": "Tablettes", "before_tax": "40000"}],
        "resources": [{"funder": "own", "amount": "20000.00"}],
        "requested": "20 000,00",
        "seen": described.json()["version"],
    }
    written = put(agent, f"dossiers/{number}/plan", plan).json()
    assert [(one["code"], one["ok"]) for one in written["rules"]] == [
        ("rate", True),
        ("ceiling", True),
        ("owner_share", True),
        ("balance", True),
    ]
    assert (written["requested"], written["highest"]) == ("20000.00", "20000.00")
    assert (written["cost"], written["eligible"]) == ("40000.00", "40000.00")
    waiting = agent.get(f"/api/fonds/dossiers/{number}/obstacles").json()
    assert [one["code"] for one in waiting] == ["signature"]
    refused = post(agent, f"dossiers/{number}/envoi")
    assert refused.status_code == 409
    assert "Sceaux n’a pas signé." in refused.json()["title"] + refused.json().get("detail", "")
    (partner,) = described.json()["partners"]
    signing = f"dossiers/{number}/partenaires/{partner['id']}/signature"
    assert post(agent, signing, {"seen": written["version"]}).status_code == 200
    answer = post(agent, f"dossiers/{number}/envoi").json()
    assert (answer["stage"], answer["requested"]) == ("submitted", "20000.00")
    assert answer["partners"][0]["amount"] == "20000.00"


@pytest.mark.parametrize("amount", ["0.005", "-1", "1e12", "NaN", "", "Infinity", "0"])
def test_an_amount_that_is_none_is_refused_with_its_field(call: Call, amount: str) -> None:
    made, agent = cases.begun(call), client_of(person_of("sceaux"))
    from communs.services.fund import queries

    plan = {"expenses": [], "resources": [], "requested": amount}
    plan |= {"seen": queries.version_of(made)}
    answer = put(agent, f"dossiers/{made.number}/plan", plan)
    assert (answer.status_code, answer.json()["field"]) == (409, "requested")
    assert cases.whole(made).requested is None


def test_instruction_by_a_program(call: Call) -> None:
    made, staff = cases.sent(call), client_of(cases.appointed(Duty.INSTRUCTOR))
    at = f"dossiers/{made.number}"
    asked = post(staff, f"{at}/demandes", {"items": [{"what": "Un devis"}]}).json()
    assert (asked["stage"], asked["missing"][0]["what"]) == ("incomplete", "Un devis")
    agent = client_of(person_of("sceaux"))
    item = asked["missing"][0]["id"]
    answered = put(agent, f"{at}/demandes/{item}", {"answer": "Le voici."}).json()
    assert answered["missing"][0]["answer"] == "Le voici."
    assert post(agent, f"{at}/envoi").json()["stage"] == "submitted"
    assert post(staff, f"{at}/completude", {}).status_code == 422
    done = post(staff, f"{at}/completude", {"early_start": False}).json()
    assert (done["stage"], done["early_start"]) == ("complete", False)
    refused = post(staff, f"{at}/recevabilite", {"eligible": False})
    assert (refused.status_code, refused.json()["field"]) == (409, "reason")
    assert post(staff, f"{at}/recevabilite", {"eligible": True}).json()["stage"] == "under_review"
    assert post(staff, f"{at}/sans-suite", {"reason": "Doublon."}).status_code == 404


def test_what_is_not_for_a_program_is_not_there(call: Call, client: Client) -> None:
    made = cases.begun(call)
    address = f"/api/fonds/dossiers/{made.number}"
    assert client.get(address).status_code == 401
    for person in (person_of("courbevoie"), cases.appointed(Duty.INSTRUCTOR)):
        stranger = client_of(person)
        for way in ("", "/plan", "/obstacles"):
            assert stranger.get(address + way).status_code == 404
        assert post(stranger, f"dossiers/{made.number}/envoi").status_code == 404
    wrong = {"call": call.code, "commune": "antony", "title": "Volé"}
    assert post(client_of(person_of("sceaux")), "dossiers", wrong).status_code == 404
    assert Application.objects.count() == 1


def test_a_list_counts_only_what_its_reader_may_read(call: Call) -> None:
    cases.sent(call, "sceaux", cost="40000.00", asked="20000.00")
    cases.begun(call, "bagneux")
    lists = {
        slug: client_of(person_of(slug)).get("/api/fonds/dossiers").json()
        for slug in ("sceaux", "bagneux")
    }
    told = {slug: [one["number"] for one in found["applications"]] for slug, found in lists.items()}
    assert told == {"sceaux": ["2026-00001"], "bagneux": ["2026-00002"]}
    assert [found["count"] for found in lists.values()] == [1, 1]
    staff = client_of(cases.appointed(Duty.INSTRUCTOR)).get("/api/fonds/dossiers").json()
    assert (staff["count"], staff["applications"][0]["partners"]) == (1, ["Sceaux"])


def test_applicants_are_not_told_what_the_committee_proposes(call: Call) -> None:
    made = cases.sent(call)
    Application.objects.filter(pk=made.pk).update(stage=Stage.RECOMMENDED, complete_at=cases.AT)
    address = f"/api/fonds/dossiers/{made.number}"
    stages = [
        client_of(person).get(address).json()["stage"]
        for person in (person_of("sceaux"), cases.appointed(Duty.INSTRUCTOR))
    ]
    assert stages == ["in_committee", "recommended"]
