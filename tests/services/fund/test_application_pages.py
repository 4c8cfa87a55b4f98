"""What a page refuses keeps what was typed; who may not read a file finds nothing there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.communities.models import Community
from communs.core.people.models import Person
from communs.services.fund import actions, queries
from communs.services.fund.enums import Duty, PartnerRole, Stage
from communs.services.fund.models import Application, Call
from tests.services.fund import cases
from tests.services.fund.cases import client_of, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(in_metropolis: Community, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setattr(timezone, "now", lambda: cases.AT)
    return cases.call_made()


@pytest.fixture
def sceaux_agent(in_metropolis: Community) -> Client:
    return client_of(person_of("sceaux"))


def at(file: Application, page: str = "") -> str:
    return f"/fonds/dossiers/{file.number}/{page}"


def test_an_agent_begins_a_file_for_their_commune(call: Call, sceaux_agent: Client) -> None:
    page = f"/fonds/appels/{call.code}/deposer/"
    key = str(Community.objects.get(slug="sceaux").pk)
    refused = sceaux_agent.post(page, {"applicant": key, "title": "  "})
    assert refused.status_code == 422
    answer = sceaux_agent.post(page, {"applicant": key, "title": "Prêt d’objets"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fonds/dossiers/2026-00001/")
    made = Application.objects.get()
    assert (made.title, made.stage) == ("Prêt d’objets", Stage.DRAFT)
    assert [one.organisation.name for one in made.partners.all()] == ["Sceaux"]


def test_nobody_begins_a_file_for_a_commune_that_is_not_theirs(
    call: Call, sceaux_agent: Client
) -> None:
    antony = str(Community.objects.get(slug="antony").pk)
    page = f"/fonds/appels/{call.code}/deposer/"
    answer = sceaux_agent.post(page, {"applicant": antony, "title": "Volé"})
    assert (answer.status_code, Application.objects.count()) == (422, 0)


PLAN = {
    "expense_1_type": "materiel",
    "expense_1_label": "Tablettes",
    "expense_1_before_tax": "80 000,00",
    "expense_1_with_tax": "",
    "expense_3_type": "materiel",
    "expense_3_label": "",
    "expense_3_before_tax": "0,005",
    "resource_1_funder": "own",
    "resource_1_label": "",
    "resource_1_amount": "1e12",
    "requested": "-1",
}


def test_a_plan_that_is_refused_keeps_every_word_and_names_each_fault(
    call: Call, sceaux_agent: Client
) -> None:
    made = cases.begun(call)
    answer = sceaux_agent.post(f"/en{at(made, 'plan/')}", PLAN | {"seen": queries.version_of(made)})
    page = answer.content.decode()
    assert answer.status_code == 422
    for typed in ("Tablettes", "80 000,00", "0,005", "1e12", "-1"):
        assert f'value="{typed}"' in page
    for sentence in (
        "Write at most two decimals: there is nothing smaller than a cent.",
        "Write what this line pays for.",
        "Write an amount in euros, such as 1,250.50.",
        "Write an amount above 0 €, without a minus sign.",
    ):
        assert sentence in page.replace("\u00a0", " ")
    assert cases.whole(made).expenses.count() == 0


def test_a_plan_is_kept_line_by_line_and_lines_left_empty_do_not_count(
    call: Call, sceaux_agent: Client
) -> None:
    made = cases.begun(call)
    good = PLAN | {
        "expense_3_label": "Pose",
        "expense_3_before_tax": "20",
        "resource_1_amount": "40 020",
        "requested": "40000",
        "seen": queries.version_of(made),
    }
    assert sceaux_agent.post(at(made, "plan/"), good).status_code == 302
    kept = cases.whole(made)
    lines = [
        (one.position, one.label, str(one.before_tax), one.with_tax) for one in kept.expenses.all()
    ]
    assert lines == [(1, "Tablettes", "80000.00", None), (2, "Pose", "20.00", None)]
    assert str(kept.requested) == "40000.00"


def test_what_the_action_refuses_of_a_line_stands_at_that_line(
    call: Call, sceaux_agent: Client
) -> None:
    made = cases.begun(call)
    wrong = PLAN | {
        "expense_3_label": "Pose",
        "expense_3_before_tax": "20",
        "expense_3_with_tax": "10",
        "resource_1_amount": "40 020",
        "requested": "40000",
        "seen": queries.version_of(made),
    }
    answer = sceaux_agent.post(at(made, "plan/"), wrong)
    assert answer.status_code == 422
    assert 'id="id_expense_3_with_tax_error"' in answer.content.decode()


def test_more_lines_are_given_without_losing_any(call: Call, sceaux_agent: Client) -> None:
    made = cases.begun(call)
    answer = sceaux_agent.post(at(made, "plan/"), PLAN | {"seen": "x", "more": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="0,005"' in page
    assert "expense_5_label" in page


def test_the_rules_are_told_while_one_writes_and_nothing_is_kept(
    call: Call, sceaux_agent: Client
) -> None:
    made = cases.begun(call)
    typed = PLAN | {"expense_3_before_tax": "", "expense_3_type": "", "requested": "46400"}
    typed |= {"resource_1_amount": "33600", "seen": queries.version_of(made)}
    answer = sceaux_agent.post(f"/en{at(made, 'plan/verifier/')}", typed)
    page = answer.content.decode().replace("\u00a0", " ")
    assert (
        "Asked: €46,400, that is 58 % of €80,000 before tax; at most 50 %, that is €40,000." in page
    )
    assert "From 3 partners on, up to €40,000 could be granted instead of €30,000." in page
    assert cases.whole(made).requested is None


def test_sending_what_is_not_ready_names_every_rule_and_loses_nothing(
    call: Call, sceaux_agent: Client
) -> None:
    made = cases.ready(call, asked="46400.00")
    answer = sceaux_agent.post(at(made, "envoi/"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "rien de ce que vous avez écrit n’est perdu" in page
    assert "soit 58\u00a0% de 80\u202f000\u00a0€ hors taxes" in page
    assert cases.whole(made).stage == Stage.DRAFT


def test_a_file_that_was_sent_has_its_dated_receipt(call: Call, sceaux_agent: Client) -> None:
    made = cases.ready(call)
    assert sceaux_agent.get(at(made, "recepisse.pdf")).status_code == 404
    assert sceaux_agent.post(at(made, "envoi/")).status_code == 302
    answer = sceaux_agent.get(at(made, "recepisse.pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content[:5] == b"%PDF-"
    document = __import__("communs.services.fund.views.receipts", fromlist=["document"]).document(
        cases.whole(made)
    )
    assert document.blocks[0].text == (
        "Ce dossier a été reçu le 23 novembre 2026, 11:00 (heure de Paris)."
    )


def test_a_file_that_lies_about_what_it_is_signs_nothing(call: Call, sceaux_agent: Client) -> None:
    made = cases.begun(call)
    partner = made.partners.get()
    page = at(made, f"signature/{partner.pk}/")
    seen = queries.version_of(made)
    for name, content in (("acte.pdf", b"MZ\x90\x00not a pdf"), ("acte.exe", b"MZ\x90\x00")):
        upload = SimpleUploadedFile(name, content, "application/pdf")
        answer = sceaux_agent.post(page, {"mandate": upload, "agreed": "on", "seen": seen})
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
    assert cases.whole(made).partners.get().signed_at is None


def test_a_file_that_is_too_large_is_refused_in_words(call: Call, sceaux_agent: Client) -> None:
    made = cases.begun(call)
    page = at(made, f"signature/{made.partners.get().pk}/")
    huge = SimpleUploadedFile("acte.pdf", b"%PDF-1.4" + b"0" * 10_500_000, "application/pdf")
    seen = queries.version_of(made)
    answer = sceaux_agent.post(page, {"mandate": huge, "agreed": "on", "seen": seen})
    assert answer.status_code == 422
    assert "10\u00a0Mo" in answer.content.decode()
    assert cases.whole(made).partners.get().signed_at is None


def test_an_administrator_signs_and_an_editor_does_not(call: Call) -> None:
    made = cases.begun(call)
    partner, seen = made.partners.get(), queries.version_of(made)
    page, sent = at(made, f"signature/{partner.pk}/"), {"agreed": "on", "seen": seen}
    editor = client_of(person_of("sceaux", Role.EDITOR))
    assert editor.get(at(made)).status_code == 200
    assert editor.post(page, sent).status_code == 404
    administrator = client_of(person_of("sceaux"))
    assert administrator.post(page, {"seen": seen}).status_code == 422
    assert administrator.post(page, sent).status_code == 302
    kept = cases.whole(made).partners.get()
    assert (kept.signed_at, kept.signed_by) == (cases.AT, person_of("sceaux"))


def test_a_partner_signs_for_itself_alone(call: Call) -> None:
    made = cases.begun(call)
    bagneux = cases.joined(made, "bagneux")
    page = at(made, f"signature/{bagneux.pk}/")
    sent = {"agreed": "on", "seen": queries.version_of(cases.whole(made))}
    assert client_of(person_of("sceaux")).post(page, sent).status_code == 404
    assert client_of(person_of("bagneux")).post(page, sent).status_code == 302


PAGES = ("", "formulaire/", "plan/", "partenaires/", "signature/")
WRITTEN = (*PAGES, "projet/", "formulaire/besoin/", "envoi/")
LED = ("partenaires/inviter/", "retrait/")
EXAMINED = (
    "instruction/",
    "instruction/attribuer/",
    "instruction/demander/",
    "instruction/completude/",
    "instruction/recevable/",
    "instruction/irrecevable/",
    "instruction/reprise/",
)


def statuses(person: Person | None, file: Application, pages: Any) -> set[int]:
    client = client_of(person) if person else Client()
    return {client.get(at(file, page)).status_code for page in pages}


def test_a_draft_is_its_writers_alone(call: Call) -> None:
    made = cases.begun(call)
    cases.joined(made, "bagneux")
    cases.joined(made, "antony", PartnerRole.OBSERVER)
    for who in (person_of("sceaux"), person_of("sceaux", Role.EDITOR)):
        assert statuses(who, made, (*WRITTEN, *LED)) <= {200, 302}
    assert statuses(person_of("bagneux"), made, WRITTEN) <= {200, 302}
    assert statuses(person_of("bagneux"), made, LED) == {404}
    assert statuses(person_of("antony"), made, PAGES) == {200}
    assert statuses(person_of("antony"), made, (*LED, "projet/", "envoi/")) == {404}
    strangers = [
        person_of("sceaux", Role.AGENT),
        person_of("courbevoie"),
        cases.appointed(Duty.INSTRUCTOR),
        cases.appointed(Duty.MANAGER),
        cases.appointed(Duty.MEMBER),
        Person.objects.get(email="metropole@demo.example"),
    ]
    for person in strangers:
        assert statuses(person, made, (*WRITTEN, *LED, *EXAMINED, "recepisse.pdf")) == {404}
    assert statuses(None, made, WRITTEN) == {302}


def test_what_was_sent_is_read_by_who_examines_files(call: Call) -> None:
    made = cases.sent(call)
    for duty in (Duty.INSTRUCTOR, Duty.MANAGER):
        assert statuses(cases.appointed(duty), made, (*PAGES, *EXAMINED)) == {200}
    assert statuses(cases.appointed(Duty.ADVISER), made, PAGES) == {200}
    assert statuses(cases.appointed(Duty.ADVISER), made, EXAMINED) == {404}
    for duty in (Duty.MEMBER, Duty.FINANCE, Duty.EXPERT):
        assert statuses(cases.appointed(duty), made, (*PAGES, *EXAMINED)) == {404}
    assert statuses(person_of("bagneux"), made, EXAMINED) == {404}
    assert statuses(person_of("courbevoie"), made, PAGES) == {404}


def test_a_task_that_is_over_opens_nothing(call: Call) -> None:
    from communs.services.fund.models import Appointment

    made, instructor = cases.sent(call), cases.appointed(Duty.INSTRUCTOR)
    actions.end_appointment(
        appointment=Appointment.objects.get(person=instructor), on=cases.AT.date(), by=None
    )
    assert statuses(instructor, made, (*PAGES, *EXAMINED)) == {404}


def test_a_list_shows_what_its_reader_may_read_and_counts_nothing_else(call: Call) -> None:
    for slug in ("sceaux", "bagneux"):
        cases.sent(call, slug, asked="20000.00", cost="40000.00")
    draft = cases.begun(call, "antony", title="Secret")
    seen = {
        "sceaux": client_of(person_of("sceaux")).get("/fonds/dossiers/").content.decode(),
        "staff": client_of(cases.appointed(Duty.INSTRUCTOR))
        .get("/fonds/dossiers/")
        .content.decode(),
        "nobody": client_of(person_of("courbevoie")).get("/fonds/dossiers/").content.decode(),
    }
    assert [n in seen["sceaux"] for n in ("2026-00001", "2026-00002", draft.number)] == [
        True,
        False,
        False,
    ]
    assert [n in seen["staff"] for n in ("2026-00001", "2026-00002", draft.number)] == [
        True,
        True,
        False,
    ]
    assert "2 résultats" in seen["staff"].replace("\u00a0", " ")
    assert "Aucun dossier ici" in seen["nobody"]


def test_a_list_is_searched_and_filtered(call: Call) -> None:
    first = cases.sent(call, "sceaux", asked="20000.00", cost="40000.00")
    second = cases.sent(call, "bagneux", asked="20000.00", cost="40000.00")
    cases.complete(second)
    staff = client_of(cases.appointed(Duty.INSTRUCTOR))

    def numbers(query: str) -> list[bool]:
        page = staff.get(f"/fonds/dossiers/?{query}").content.decode()
        return [one.number in page for one in (first, second)]

    assert numbers("q=bagneux") == [False, True]
    assert numbers("q=2026-00001") == [True, False]
    assert numbers("stage=complete") == [False, True]
    assert numbers("instructor=mine") == [False, False]
    assert numbers("instructor=nobody") == [True, True]
    assert numbers("call=nulle-part") == [True, True]
    assert numbers(f"call={call.code}&stage=submitted") == [True, False]


def test_a_form_that_changed_under_a_draft_is_shown_before_the_draft_moves(
    call: Call, sceaux_agent: Client
) -> None:
    from communs.core.forms import actions as forms

    made = cases.begun(call)
    page = at(made, "formulaire/nouvelle-version/")
    assert sceaux_agent.get(page).status_code == 404
    form = made.answers.version.form
    asked = {"key": "autre", "kind": "text", "label": "Une autre question", "required": True}
    (first,) = cases.DEFINITION["pages"]
    wider = {"pages": [first | {"sections": [{"key": "nouvelle", "fields": [asked]}]}]}
    forms.change_form(form=form, definition=wider, revision=form.revision, at=cases.AT, by=None)
    forms.publish(form=form, at=cases.AT, by=None)
    assert "Un besoin." in sceaux_agent.get(at(made, "formulaire/besoin/")).content.decode()
    shown = sceaux_agent.get(page).content.decode()
    for words in ("Une autre question", "Un besoin.", "Passer mon brouillon à cette version"):
        assert words in shown
    assert cases.whole(made).answers.version.number == 1
    assert sceaux_agent.post(page).status_code == 302
    assert cases.whole(made).answers.version.number == 2
