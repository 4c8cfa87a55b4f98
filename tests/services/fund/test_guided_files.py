"""Pages that lead a file's writers, and its readers, to what comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.services.fund import queries
from communs.services.fund.enums import Duty, SessionKind, Stage
from communs.services.fund.models import Application, Appointment, Call
from tests.pages import links, text
from tests.services.fund import cases
from tests.services.fund.cases import client_of, person_of
from tests.services.fund.filing import Filing, filing, sent, somebody
from tests.services.fund.sitting import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)
    return cases.call_made()


@pytest.fixture
def here(in_metropolis: Community) -> Filing:
    return filing()


@pytest.fixture
def lead(in_metropolis: Community) -> Client:
    return client_of(person_of("sceaux"))


def at(file: Application, page: str = "") -> str:
    return f"/fonds/dossiers/{file.number}/{page}"


def told(answer: Any) -> str:
    return text(answer).replace("\u00a0", " ")


def staff(name: str, *duties: str, **more: Any) -> Client:
    person = somebody(name, *duties, **more)
    Appointment.objects.filter(person=person).update(since=cases.OPENS.date())
    return client_of(person)


def test_a_page_of_the_form_keeps_the_tabs_of_the_file_and_the_way_to_it(
    call: Call, lead: Client
) -> None:
    made = cases.begun(call)
    page = lead.get(at(made, "formulaire/besoin/")).content.decode()
    way, _end, rest = (
        page.partition("</nav>")[2].partition('class="breadcrumb"')[2].partition("</nav>")
    )
    assert [word in way for word in ("/fonds/", "/fonds/dossiers/", made.title)] == [True] * 3
    assert "Accueil" not in way
    tabs = rest.partition('class="tabs"')[2].partition("</nav>")[0]
    assert at(made, "plan/") in tabs
    assert tabs.count('aria-current="page"') == 1
    assert f'{at(made, "formulaire/")}" aria-current="page"' in tabs


def test_the_last_page_of_the_form_leads_to_the_plan_until_it_is_written(
    call: Call, lead: Client
) -> None:
    made = cases.begun(call)
    given = {"asked": "besoin_constate", "v.besoin_constate": "Un besoin.", "do": "next"}
    page = at(made, "formulaire/besoin/")
    assert lead.post(page, given).headers["Location"] == at(made, "plan/")
    assert "Passer au plan de financement" in told(lead.get(page))
    cases.planned(made)
    assert lead.post(page, given).headers["Location"] == at(made, "envoi/")


def test_an_empty_plan_asks_for_costs_first_and_names_no_rule_that_nothing_breaks(
    call: Call, lead: Client
) -> None:
    made = cases.begun(call)
    told_of_plan = told(lead.get(at(made, "plan/")))
    assert "écrivez d’abord ce que coûte le projet" in told_of_plan
    assert "inconnu de 0 €" not in told_of_plan
    assert "de 0 € hors taxes" not in told_of_plan
    standing = told(lead.get(at(made)))
    assert "Écrivez d’abord les dépenses qui comptent" in standing
    assert "Plafond avec 1 partenaire" not in standing


def test_the_same_file_begun_again_within_the_hour_is_the_draft_that_is_there(
    call: Call, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/fonds/appels/{call.code}/deposer/"
    given = {"applicant": str(Community.objects.get(slug="sceaux").pk), "title": "Prêt d’objets"}
    first = lead.post(page, given).headers["Location"]
    later = cases.AT + timedelta(minutes=59)
    monkeypatch.setattr(timezone, "now", lambda: later)
    again = lead.post(page, given | {"title": " Prêt  d’objets "}, follow=True)
    assert again.redirect_chain == [(first, 302)]
    assert "Vous avez commencé ce dossier il y a peu" in told(again)
    assert Application.objects.count() == 1
    lead.post(page, given | {"title": "Un autre"})
    monkeypatch.setattr(timezone, "now", lambda: cases.AT + timedelta(hours=2))
    lead.post(page, given)
    assert Application.objects.count() == 3


def test_what_waits_for_opinions_says_how_many_were_sent(
    here: Filing, sceaux: Community, django_assert_max_num_queries: Any
) -> None:
    instructor = staff("Instructrice", Duty.INSTRUCTOR)
    owner = Appointment.objects.get(person__name="Instructrice").person
    file = here.file(sceaux, title="Examiné")
    sent(file, here.phase, somebody("P", Duty.EXPERT), here.scores("3"))
    Application.objects.update(instructor=owner, opinions_asked=2)
    answer = instructor.get("/fonds/bord/instruction/")
    words = told(answer)
    assert "Attendre les avis, puis terminer l’examen (1)" in words
    assert "1 avis rendu sur 2" in words
    assert at(file, "avis/") in links(answer)
    assert "Rien dans « Délai de réponse dépassé »" in words
    for _n in range(4):
        here.file(sceaux)
    Application.objects.update(instructor=owner)
    with django_assert_max_num_queries(12):
        assert "(5)" in told(instructor.get("/fonds/bord/instruction/"))


def test_an_instructor_for_whom_nothing_waits_reads_one_sentence(here: Filing) -> None:
    words = told(staff("Instructrice", Duty.INSTRUCTOR).get("/fonds/bord/instruction/"))
    assert "Rien ne vous attend." in words
    assert "(0)" not in words


def test_the_page_of_opinions_is_a_tab_of_the_file_and_it_is_selected(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux)
    page = staff("Instructrice", Duty.INSTRUCTOR).get(at(file, "avis/")).content.decode()
    assert f'{at(file, "avis/")}" aria-current="page"' in page


def test_a_list_of_files_leads_to_each_by_one_link_that_names_it(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, title="Prêt d’objets")
    answer = staff("Instructrice", Duty.INSTRUCTOR).get("/fonds/dossiers/")
    assert links(answer).count(at(file)) == 1
    assert f"{file.number} – Prêt d’objets" in told(answer)


def test_a_list_says_to_each_reader_what_it_is(here: Filing, sceaux: Community) -> None:
    own = "Ceux que vos organismes écrivent ou ont écrits."
    member = told(staff("Élue", Duty.MEMBER, mandate=sceaux).get("/fonds/dossiers/"))
    assert "Les dossiers recevables, que le comité et le Bureau jugent ou ont décidés" in member
    assert own not in member
    assert "à payer" in told(staff("Finances", Duty.FINANCE).get("/fonds/dossiers/"))
    assert "confiés à examiner" in told(staff("Experte", Duty.EXPERT).get("/fonds/dossiers/"))
    assert own in told(client_of(person_of("sceaux")).get("/fonds/dossiers/"))


def test_the_way_to_a_session_says_the_same_as_its_title(here: Filing) -> None:
    for kind, duty, name in (
        (SessionKind.COMMITTEE, Duty.SECRETARY, "Comité du 5 mai 2026"),
        (SessionKind.BUREAU, Duty.RECORDER, "Bureau du 5 mai 2026"),
    ):
        session = planned(here, kind)
        words = told(
            staff(f"Secrétaire {kind}", duty).get(f"/fonds/seances/{session.pk}/presences/")
        )
        assert name in words


def test_a_decided_file_waits_for_nobody(here: Filing, sceaux: Community) -> None:
    here.file(sceaux, stage=Stage.AWARDED)
    words = told(staff("Instructrice", Duty.INSTRUCTOR).get("/fonds/bord/instruction/"))
    assert "Rien ne vous attend." in words


TYPED = {
    "expense_1_type": "materiel",
    "expense_1_label": "Tablettes",
    "expense_1_before_tax": "80 000",
    "resource_1_funder": "own",
    "resource_1_amount": "40 000",
    "requested": "40 000",
}


def drawn(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_plan_changed_in_another_tab_is_shown_before_it_can_be_written_over(
    call: Call, lead: Client
) -> None:
    made = cases.begun(call)
    page, opened = at(made, "plan/"), queries.version_of(made)
    first = TYPED | {"seen": opened, "expense_1_label": "Bornes du premier onglet"}
    assert lead.post(page, first).status_code == 302
    second = lead.post(page, TYPED | {"seen": opened, "requested": "30 000"})
    shown = drawn(second)
    assert second.status_code == 422
    assert "ont changé entre-temps, dans un autre onglet ou par une autre personne" in shown
    kept = shown.partition("Le plan tel qu’il est enregistré maintenant")[2].partition("<fieldset")
    assert [one in kept[0] for one in ("Bornes du premier onglet", "40 000 €", "Sceaux")] == [
        True
    ] * 3
    assert 'value="30 000"' in kept[2]
    assert cases.whole(made).expenses.get().label == "Bornes du premier onglet"
    seen = queries.version_of(cases.whole(made))
    assert f'value="{seen}"' in shown
    assert lead.post(page, TYPED | {"seen": seen}).status_code == 302


def figure(page: str, label: str) -> str:
    after = page.partition("Ce qu’en dit le règlement")[2] or page
    return after.partition(f"<dt>{label}")[2].partition("<dd>")[2].partition("</dd>")[0]


def test_what_a_plan_costs_is_unknown_until_it_is_written_and_never_nothing(
    call: Call, lead: Client
) -> None:
    made = cases.begun(call)
    page, labels = at(made, "plan/"), ("Coût du projet", "Dépenses prises en compte", "Au plus")
    unknown = '<span class="unknown">inconnu</span>'
    empty = drawn(lead.get(page))
    assert [figure(empty, one) for one in labels] == [unknown] * 3
    seen = queries.version_of(made)
    wrong = TYPED | {"seen": seen, "expense_1_before_tax": "80 000,005"}
    refused = drawn(lead.post(page, wrong))
    assert [figure(refused, one) for one in labels] == [unknown] * 3
    lead.post(page, TYPED | {"seen": seen})
    assert figure(drawn(lead.get(page)), "Coût du projet") == "80 000 €"
