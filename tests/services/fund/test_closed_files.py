"""A file that was sent or withdrawn keeps nothing more, and says so to a tab left open."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund import actions, queries
from communs.services.fund.enums import Stage
from communs.services.fund.models import Application, Call, Step
from tests.pages import text
from tests.services.fund import cases
from tests.services.fund.cases import client_of, person_of

pytestmark = pytest.mark.django_db
SENT = "Ce dossier a été envoyé le 23 novembre 2026, 11:00."
LOST = "le dossier ne peut plus être modifié"


@pytest.fixture
def call(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)
    return cases.call_made()


@pytest.fixture
def lead(in_metropolis: Community) -> Client:
    return client_of(person_of("sceaux"))


def at(file: Application, page: str = "") -> str:
    return f"/fonds/dossiers/{file.number}/{page}"


def told(answer: Any) -> str:
    return text(answer).replace("\u00a0", " ")


def typed(file: Application) -> dict[str, dict[str, str]]:
    """What a tab that was opened before would send, and a word that stands in it."""
    partner = file.partners.first()
    assert partner is not None
    return {
        "plan/": {
            "expense_1_type": "materiel",
            "expense_1_label": "Des bornes",
            "expense_1_before_tax": "12 345,67",
            "seen": queries.version_of(file),
        },
        "projet/": {"title": "Des bornes", "summary": "", "challenges": "inclusive"},
        "formulaire/besoin/": {"asked": "besoin_constate", "v.besoin_constate": "Des bornes"},
        "partenaires/": {f"partner_{partner.pk.hex}_share": "Des bornes"},
        "partenaires/inviter/": {"share": "Des bornes"},
    }


PAGES = ["plan/", "projet/", "formulaire/besoin/", "partenaires/", "partenaires/inviter/"]


@pytest.mark.parametrize("page", PAGES)
def test_what_an_old_tab_sends_after_the_file_was_sent_is_shown_again_and_not_kept(
    call: Call, lead: Client, page: str
) -> None:
    made = cases.sent(call)
    before = queries.version_of(made), made.title, made.answers.values
    answer = lead.post(at(made, page), typed(made)[page])
    assert answer.status_code == 409
    words = told(answer)
    for sentence in (SENT, LOST, "Des bornes"):
        assert sentence in words
    kept = cases.whole(made)
    assert (queries.version_of(kept), kept.title, kept.answers.values) == before


def test_a_plan_that_is_not_kept_shows_its_amounts_and_its_choices_in_words(
    call: Call, lead: Client
) -> None:
    made = cases.sent(call)
    words = told(lead.post(at(made, "plan/"), typed(made)["plan/"]))
    assert "12 345,67" in words
    assert "Matériel" in words


def test_a_withdrawn_file_says_that_it_was_withdrawn(call: Call, lead: Client) -> None:
    made = cases.planned(cases.begun(call))
    actions.withdraw(application=made, reason="Plus tard", at=cases.AT, by=None)
    answer = lead.post(at(made, "plan/"), typed(cases.whole(made))["plan/"])
    assert answer.status_code == 409
    assert "Ce dossier a été retiré le 23 novembre 2026, 11:00." in told(answer)


def test_an_organisation_that_signs_a_file_already_sent_is_told_so(
    call: Call, lead: Client
) -> None:
    made = cases.sent(call)
    partner = made.partners.get(organisation__name="Sceaux")
    page = at(made, f"signature/{partner.pk}/")
    answer = lead.post(page, {"agreed": "on", "seen": queries.version_of(made)})
    assert answer.status_code == 409
    assert SENT in told(answer)


def test_the_script_that_keeps_answers_is_told_that_the_file_was_sent(
    call: Call, lead: Client
) -> None:
    made = cases.sent(call)
    given = {"asked": "besoin_constate", "v.besoin_constate": "Autre", "autosave": "1"}
    answer = lead.post(at(made, "formulaire/besoin/"), given)
    assert (answer.status_code, answer.json()) == (
        409,
        {"refused": SENT.replace(" :", "\u00a0:")},
    )


def test_a_page_to_write_in_leads_back_to_a_file_that_was_sent(call: Call, lead: Client) -> None:
    made = cases.sent(call)
    for page in ("projet/", "partenaires/inviter/", "envoi/"):
        answer = lead.get(at(made, page), follow=True)
        assert answer.redirect_chain == [(at(made), 302)]
        assert SENT in told(answer)


def test_a_file_sent_twice_is_sent_once_and_says_when(call: Call, lead: Client) -> None:
    made = cases.ready(call)
    assert "Votre dossier est envoyé" in told(lead.post(at(made, "envoi/"), follow=True))
    again = lead.post(at(made, "envoi/"), follow=True)
    assert again.redirect_chain == [(at(made), 302)]
    words = told(again)
    assert SENT in words
    for sentence in ("Rien ne s’y oppose", "Le chef de file envoie le dossier"):
        assert sentence not in words
    assert Step.objects.filter(application=made, after=Stage.SUBMITTED).count() == 1


def test_a_stranger_learns_nothing_of_a_file_that_was_sent(call: Call) -> None:
    made = cases.sent(call)
    stranger = client_of(person_of("courbevoie"))
    for page in (*PAGES, "envoi/"):
        assert stranger.post(at(made, page), {}).status_code == 404
