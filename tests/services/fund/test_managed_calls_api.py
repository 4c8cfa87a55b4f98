"""A manager's program prepares a call as the pages do: with the same rights and refusals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund import actions, queries
from communs.services.fund.enums import CallState, Duty
from communs.services.fund.models import Call, Criterion, Envelope, Phase, Programme, Site
from tests.services.fund import cases
from tests.services.fund.cases import CLOSES, client_of
from tests.services.fund.preparing import CALLS, GESTION, Program, new

pytestmark = pytest.mark.django_db


def test_a_call_is_prepared_and_published(boss: Program, money: Envelope) -> None:
    begun = boss.ask("post", CALLS, {"programme": "ESSAI", "title": "FMIN 2027"}, status=201)
    (phase,) = begun.pop("phases")
    assert phase == {
        "id": str(Phase.objects.get().pk),
        "title": phase["title"],
        "begins_on": None,
        "ends_on": None,
        "scores": True,
        "sees_others": "after_own",
        "sees_names": False,
    }
    assert begun == {
        "code": "fmin-2027",
        "title": "FMIN 2027",
        "summary": "",
        "text": "",
        "kind": "subsidy",
        "state": "draft",
        "programme": "ESSAI",
        "opens_at": None,
        "closes_at": None,
        "is_open": False,
        "published_at": None,
        "challenges": [],
        "example": False,
        "lacking": [
            {"field": "opens_at", "detail": "Say when the call opens."},
            {"field": "form", "detail": "Choose the form that applicants fill."},
            {"field": "rules", "detail": "Choose the funding rules."},
            {
                "field": "",
                "detail": "Add the criteria by which applications are judged first.",
            },
        ],
        "rules": None,
        "form": None,
        "envelope": None,
        "criteria": [],
        "sites": [],
    }
    one = f"{CALLS}/fmin-2027"
    said = " ".join(lack["detail"] for lack in begun["lacking"])
    assert boss.refused("post", f"{one}/publication") == ("opens_at", f"Not published: {said}")
    written = new(summary="Une phrase.", text="Un texte.\nLong.", envelope=str(money.pk))
    boss.ask("put", one, written)
    criterion = {"title": "Utilité", "explanation": "Pour qui.", "weight": 3, "scale": 10}
    made = boss.ask("post", f"{one}/criteres", criterion, status=201)
    assert made == criterion | {"id": str(Criterion.objects.get().pk), "code": "utilite"}
    days = {"begins_on": "2026-12-02", "ends_on": "2026-12-20"}
    second = {"title": "Ensemble", **days, "scores": False, "sees_others": "always"}
    other = boss.ask("post", f"{one}/phases", second | {"sees_names": True}, status=201)
    assert other == second | {"sees_names": True, "id": other["id"]}
    assert Client().get("/api/fonds/appels").json() == []
    shown = boss.ask("post", f"{one}/publication")
    assert boss.ask("get", one) == shown
    assert shown == begun | written | {
        "opens_at": "2026-11-01T08:00:00Z",
        "closes_at": "2026-11-30T23:00:00Z",
        "state": "published",
        "is_open": True,
        "published_at": "2026-11-23T10:00:00Z",
        "lacking": [],
        "rules": {"code": "essai", "version": 1, "title": "Règles", "example": False},
        "form": {"key": "essai", "version": 1, "title": "Formulaire d’essai"},
        "criteria": [made],
        "phases": [phase, other],
    }
    (public,) = Client().get("/api/fonds/appels").json()
    assert (public["code"], public["is_open"]) == ("fmin-2027", True)


def test_a_call_for_solutions_asks_for_sites(boss: Program, money: Envelope) -> None:
    criteria = [{"title": "Utilité", "weight": 2}, {"title": "Partage"}]
    given = new(kind="solutions", rules=None, criteria=criteria)
    begun = boss.ask("post", CALLS, given, status=201)
    assert begun["phases"] == []
    assert [(one["code"], one["weight"], one["scale"]) for one in begun["criteria"]] == [
        ("utilite", 2, 5),
        ("partage", 1, 5),
    ]
    lacks = [{"field": "", "detail": "Add the sites to which solutions answer first."}]
    assert begun["lacking"] == lacks
    one = f"{CALLS}/fmin-2027"
    assert boss.refused("post", f"{one}/publication")[0] is None
    site = {"commune": "sceaux", "title": "Marché", "challenge": "Un défi.", "place": "Centre"}
    made = boss.ask("post", f"{one}/sites", site, status=201)
    assert made == site | {"id": str(Site.objects.get().pk)}
    again = ("title", "This commune has a site of this name already.")
    assert boss.refused("post", f"{one}/sites", site) == again
    nowhere = ("commune", "No commune or territory has this short name.")
    assert boss.refused("post", f"{one}/sites", site | {"commune": "nulle-part"}) == nowhere
    shown = boss.ask("post", f"{one}/publication")
    assert (shown["sites"], shown["lacking"]) == ([made], [])
    boss.ask("delete", f"{one}/sites/{made['id']}", status=204)
    assert not Site.objects.exists()


def test_a_subsidy_has_no_sites(boss: Program, money: Envelope) -> None:
    boss.ask("post", CALLS, new(), status=201)
    site = {"commune": "sceaux", "title": "Marché", "challenge": "Un défi."}
    refused = boss.refused("post", f"{CALLS}/fmin-2027/sites", site)
    assert refused == (None, "Only a call for solutions has sites.")
    assert not Site.objects.exists()


def test_the_list_has_every_call_whatever_its_state(boss: Program) -> None:
    gone, open_one = cases.call_made("Ancien"), cases.call_made("Ouvert")
    actions.archive_call(call=gone, at=CLOSES, by=None)
    boss.ask("post", CALLS, {"programme": "TEST", "title": "Prochain"}, status=201)
    rows = boss.ask("get", CALLS)
    states = [(one["code"], one["state"], one["is_open"], len(one["lacking"])) for one in rows]
    assert sorted(states) == [
        ("ancien", "archived", False, 0),
        ("ouvert", "published", True, 0),
        ("prochain", "draft", False, 4),
    ]
    shown = next(one for one in rows if one["code"] == open_one.code)
    assert shown == {
        "code": "ouvert",
        "title": "Ouvert",
        "summary": "",
        "kind": "subsidy",
        "state": "published",
        "programme": "TEST",
        "opens_at": "2026-10-24T10:00:00Z",
        "closes_at": "2026-12-23T10:00:00Z",
        "is_open": True,
        "published_at": "2026-10-24T10:00:00Z",
        "challenges": [],
        "example": False,
        "lacking": [],
    }


def test_what_a_body_may_name_is_listed(boss: Program, money: Envelope) -> None:
    actions.add_rules(code="essai", title="Règles", terms=cases.TERMS, example=True, by=None)
    part = actions.add_envelope(
        programme=money.programme,
        title="Part",
        year=2026,
        amount=money.amount,
        parent=money,
        by=None,
    )
    found = boss.ask("get", f"{GESTION}/reglages")
    assert {"acronym": "ESSAI", "name": "Programme d’essai"} in found["programmes"]
    year = {"programme": "ESSAI", "year": 2026, "amount": "100.00"}
    assert found["envelopes"] == [
        {"id": str(part.pk), "title": "Part", "parent": str(money.pk), **year},
        {"id": str(money.pk), "title": "Tout", "parent": None, **year},
    ]
    assert found["rules"] == [
        {"code": "essai", "version": 2, "title": "Règles", "example": True},
        {"code": "essai", "version": 1, "title": "Règles", "example": False},
    ]
    assert found["forms"] == [{"key": "essai", "version": 1, "title": "Formulaire d’essai"}]


def test_a_call_that_is_over_is_archived(boss: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    call = cases.call_made()
    one = f"{CALLS}/{call.code}"
    early = (None, "This call still takes applications: close it first.")
    assert boss.refused("post", f"{one}/archive") == early
    shown = boss.ask("get", one)
    monkeypatch.setattr(timezone, "now", lambda: CLOSES)
    boss.client.force_login(cases.appointed(Duty.MANAGER))  # a month later
    gone = boss.ask("post", f"{one}/archive")
    assert gone == shown | {"state": "archived", "is_open": False}
    assert boss.refused("post", f"{one}/archive") == (None, "Only a published call is archived.")


def test_only_who_manages_the_fund_prepares_calls(here: Community) -> None:
    call = cases.call_made()
    actions.add_phase(call=call, phase={"title": "Avis"}, by=None)
    phase, criterion = call.phases.get(), call.criteria.get()
    one = f"{CALLS}/{call.code}"
    whole = new(programme="TEST", summary="", text="", envelope=None)
    site = {"commune": "sceaux", "title": "Marché", "challenge": "Un défi."}
    asked: tuple[tuple[str, str, Any], ...] = (
        ("get", f"{GESTION}/reglages", None),
        ("get", CALLS, None),
        ("post", CALLS, whole),
        ("get", one, None),
        ("put", one, whole),
        ("post", f"{one}/publication", None),
        ("post", f"{one}/archive", None),
        ("post", f"{one}/criteres", {"title": "Autre"}),
        ("delete", f"{one}/criteres/{criterion.pk}", None),
        ("post", f"{one}/phases", {"title": "Autre"}),
        ("delete", f"{one}/phases/{phase.pk}", None),
        ("post", f"{one}/sites", site),
        ("delete", f"{one}/sites/{uuid4()}", None),
    )
    tables = (Call, Criterion, Phase, Site, Programme)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    for person in (cases.appointed(Duty.INSTRUCTOR), cases.person_of("sceaux")):
        for method, path, body in asked:
            Program(client_of(person)).ask(method, path, body, status=404)
    for method, path, body in asked:
        Program(Client()).ask(method, path, body, status=401)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_a_call_in_preparation_is_nowhere_else(boss: Program, money: Envelope) -> None:
    boss.ask("post", CALLS, new(), status=201)
    assert Client().get("/api/fonds/appels/fmin-2027").status_code == 404
    boss.ask("get", f"{CALLS}/rien", status=404)
    assert queries.call("fmin-2027") is None


def test_the_list_costs_the_same_for_one_call_and_for_four(boss: Program) -> None:
    costs = []
    for count in (1, 3):
        for n in range(count):
            made = cases.call_made(f"Appel {count} {n}", closes_at=None)
            Call.objects.filter(pk=made.pk).update(state=CallState.DRAFT)
        boss.ask("get", CALLS)
        with CaptureQueriesContext(connection) as asked:
            boss.ask("get", CALLS)
        costs.append(len(asked))
    assert costs[0] == costs[1]
