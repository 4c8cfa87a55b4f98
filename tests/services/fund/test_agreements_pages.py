"""Pages of agreements: who sees which, and the whole way from an award to a paid advance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.services.fund import queries
from communs.services.fund.enums import Duty, PaymentState
from communs.services.fund.models import (
    Agreement,
    AgreementTemplate,
    Appointment,
    Claim,
    Interest,
    Payment,
    Recovery,
)
from communs.services.fund.queries import piloting
from tests.pages import text as text_of
from tests.services.fund.agreeing import PDF, Agreed, awarded, paid
from tests.services.fund.filing import DAY, filing, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(metropolis: Community, sceaux: Community) -> Iterator[Agreed]:
    with within(metropolis):
        yield awarded(filing(), sceaux)


def staff(name: str, *duties: str) -> Person:
    person = somebody(name, *duties)
    Appointment.objects.filter(person=person).update(since=date(2020, 1, 1))
    return person


@pytest.fixture
def instructor(award: Agreed) -> Person:
    person = staff("Instructrice", Duty.INSTRUCTOR)
    award.file.instructor = person
    award.file.save(update_fields=["instructor"])
    return person


@pytest.fixture
def finance(award: Agreed) -> Person:
    return staff("Financier", Duty.FINANCE)


def editor_of(slug: str) -> Person:
    person = Person.objects.create_user(f"e@{slug}.example", name="Rédaction")
    with within(Community.objects.get(slug=slug)):
        Membership.objects.create(person=person, role=Role.EDITOR)
    return person


def opened(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(award: Agreed, tail: str = "") -> str:
    return f"/fonds/dossiers/{award.file.number}/convention/{tail}"


def posted(client: Client, address: str, **given: Any) -> None:
    answer = client.post(address, given)
    assert answer.status_code == 302, (answer.status_code, answer.content.decode()[:3000])


def upload(name: str = "signe.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def test_an_award_becomes_a_signed_agreement_and_a_paid_advance_through_the_pages(
    award: Agreed, instructor: Person, finance: Person
) -> None:
    agent, payer = opened(instructor), opened(finance)
    today = timezone.localdate()
    posted(agent, page(award, "rediger/"), template=award.template.pk, starts_on=today)
    posted(agent, page(award, "envoi/"))
    signed: dict[str, Any] = {"signed_on": today, "checked_by_hand": "on"}
    posted(agent, page(award, "signature/"), **signed, file=upload())
    payment = Payment.objects.get()
    refused = agent.post(page(award, f"paiements/{payment.pk}/mandat/"), {"reference": "M-1"})
    assert refused.status_code == 404
    posted(payer, page(award, f"paiements/{payment.pk}/controle/"))
    posted(payer, page(award, f"paiements/{payment.pk}/mandat/"), reference="M-1", on=today)
    board = payer.get("/fonds/bord/finances/").content.decode()
    assert award.file.number in board
    posted(payer, page(award, f"paiements/{payment.pk}/versement/"), on=today)
    payment.refresh_from_db()
    assert (payment.state, payment.amount, payment.moved_by) == (
        PaymentState.PAID,
        Decimal("16480.00"),
        finance.pk,
    )
    shown = text_of(agent.get(page(award)))
    assert "versé le" in shown
    assert "24\u202f720\xa0€" in shown


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field(
    award: Agreed, instructor: Person
) -> None:
    award.sent()
    agent = opened(instructor)
    day = timezone.localdate() + timedelta(days=2)
    answer = agent.post(page(award, "signature/"), {"signed_on": day, "file": upload()})
    assert answer.status_code == 422
    content = answer.content.decode()
    assert "Une signature ne se note pas avant son jour." in content
    assert f'value="{day.isoformat()}"' in content
    assert "signe.pdf" in content


def test_a_partner_claims_and_the_one_who_pays_checks(
    award: Agreed, instructor: Person, finance: Person
) -> None:
    paid(award.signed())
    writer = opened(editor_of("sceaux"))
    shown = text_of(writer.get(page(award)))
    assert "Demander le versement" in shown
    organisation = award.file.partners.get().organisation_id
    wrong = writer.post(page(award, "demandes/"), {"organisation": organisation, "spent": "0,005"})
    assert wrong.status_code == 422
    assert "il n’y a rien de plus petit qu’un centime" in wrong.content.decode()
    known = {"organisation": organisation, "spent": "20 000,50", "note": "Deux ateliers"}
    posted(writer, page(award, "demandes/"), **known, evidence_1=upload("factures.pdf"))
    claim = Claim.objects.get()
    assert (claim.spent, claim.note) == (Decimal("20000.50"), "Deux ateliers")
    address = page(award, f"demandes/{claim.pk}/controle/")
    assert writer.post(address, {"accepted": "1"}).status_code == 404
    assert opened(instructor).post(address, {"accepted": "1"}).status_code == 404
    posted(opened(finance), address, accepted="20 000,50")
    claim.refresh_from_db()
    assert (claim.state, claim.accepted, claim.checked_by) == (
        "accepted",
        Decimal("20000.50"),
        finance.pk,
    )


def test_nobody_else_learns_that_there_is_an_agreement(award: Agreed) -> None:
    award.signed()
    strangers = [editor_of("antony"), staff("Membre", Duty.MEMBER), staff("Experte", Duty.EXPERT)]
    for person in strangers:
        client = opened(person)
        for tail in ("", "demandes/", "signature/", "fin/"):
            assert client.get(page(award, tail)).status_code == 404, (person, tail)
        assert client.get(f"/fonds/dossiers/{award.file.number}/convention.pdf").status_code == 404
        assert client.get("/fonds/conventions/").status_code == 404
        assert client.get("/fonds/bord/finances/").status_code == 404


def test_whom_a_file_concerns_does_not_pay_it(award: Agreed, finance: Person) -> None:
    award.signed()
    client = opened(finance)
    assert award.file.number in client.get("/fonds/bord/finances/").content.decode()
    organisation = award.file.partners.get().organisation
    Interest.objects.create(
        person=finance, organisation=organisation, words="J’y travaille", since=date(2020, 1, 1)
    )
    client = opened(Person.objects.get(pk=finance.pk))
    assert award.file.number not in client.get("/fonds/bord/finances/").content.decode()
    assert award.file.number not in client.get("/fonds/conventions/").content.decode()
    payment = Payment.objects.get()
    assert client.post(page(award, f"paiements/{payment.pk}/controle/")).status_code == 404


def test_another_files_payment_is_not_found(
    award: Agreed, finance: Person, antony: Community
) -> None:
    award.signed()
    other = awarded(award.filing, antony)
    other.signed()
    payment = Payment.objects.get(instalment__agreement__grant=other.grant)
    client = opened(finance)
    assert client.post(page(award, f"paiements/{payment.pk}/controle/")).status_code == 404


def test_the_paper_is_a_pdf_with_codes_and_a_word_document(
    award: Agreed, instructor: Person
) -> None:
    award.sent()
    client = opened(instructor)
    base = f"/fonds/dossiers/{award.file.number}/convention"
    pdf = client.get(f"{base}.pdf")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.get(f"{base}.docx").content[:2] == b"PK"


def test_an_amendment_goes_through_its_pages(award: Agreed, instructor: Person) -> None:
    agreement = award.signed()
    client = opened(instructor)
    assert agreement.ends_on is not None
    ends_on = agreement.ends_on + timedelta(days=30)
    posted(client, page(award, "avenants/prolonger/"), ends_on=ends_on, reason="Retard")
    amendment = agreement.amendments.get()
    assert client.get(page(award, f"avenants/{amendment.pk}.pdf")).content[:5] == b"%PDF-"
    known = {"signed_on": timezone.localdate(), "checked_by_hand": "on"}
    posted(client, page(award, f"avenants/{amendment.pk}/signature/"), **known, file=upload())
    agreement.refresh_from_db()
    assert agreement.ends_on == ends_on
    posted(client, page(award, "avenants/prolonger/"), ends_on=date(2030, 1, 1), reason="Retard")
    second = agreement.amendments.get(position=2)
    assert client.get(page(award, f"avenants/{second.pk}/vote/")).status_code == 200
    posted(client, page(award, f"avenants/{second.pk}/abandon/"))
    for tail in ("avenants/depart/", "avenants/repartition/", "fin/", "numerisation/"):
        expected = 404 if tail == "numerisation/" else 200
        assert client.get(page(award, tail)).status_code == expected, tail


def test_what_was_paid_too_much_comes_back_through_the_page(
    award: Agreed, instructor: Person, finance: Person
) -> None:
    agreement = award.signed()
    paid(agreement)
    given = {"reason": "Projet arrêté", "recover": "480,00"}
    posted(opened(instructor), page(award, "fin/"), **given)
    recovery = Recovery.objects.get()
    assert (recovery.amount, recovery.reason) == (Decimal("480.00"), "Projet arrêté")
    on = timezone.localdate()
    posted(opened(finance), page(award, f"trop-percus/{recovery.pk}/"), on=on, reference="T-1")
    recovery.refresh_from_db()
    assert (recovery.received_on, recovery.reference) == (on, "T-1")


def test_a_manager_writes_a_template_and_gives_it_to_a_call(award: Agreed, manager: Person) -> None:
    client = opened(manager)
    given: dict[str, Any] = {
        "title": "Convention simple",
        "duration_months": 12,
        "clauses": "# Objet\n{community} verse {amounts}.",
        "vote_extension": 6,
        "vote_budget": 20,
        "kind_1": "balance",
        "percent_1": "100",
    }
    answer = client.post("/fonds/gestion/modeles/ajouter/", given)
    assert answer.status_code == 422
    assert "{amounts} ne correspond à rien ici" in answer.content.decode()
    posted(
        client,
        "/fonds/gestion/modeles/ajouter/",
        **(given | {"clauses": "# Objet\n{community} verse {amount}.\n# Fin\nRien."}),
    )
    made = AgreementTemplate.objects.get(code="convention-simple")
    assert made.clauses == [
        {"heading": "Objet", "text": "{community} verse {amount}."},
        {"heading": "Fin", "text": "Rien."},
    ]
    assert made.votes == {"partner_leaves": False, "extension": 6, "budget_shift": 20}
    assert (
        "{community} verse {amount}."
        in client.get(f"/fonds/gestion/modeles/{made.pk}/").content.decode()
    )
    posted(client, f"/fonds/gestion/modeles/{made.pk}/appel/", call=award.filing.call.pk)
    assert "Essai 2026" in text_of(client.get("/fonds/gestion/modeles/"))


def test_the_manager_reads_what_the_fund_comes_to(award: Agreed, manager: Person) -> None:
    paid(award.signed())
    shown = text_of(opened(manager).get("/fonds/bord/pilotage/"))
    for words in ("Enveloppes", "41\u202f200\xa0€", "16\u202f480\xa0€", "58\u202f800\xa0€"):
        assert words in shown, words


def test_a_manager_does_not_count_a_file_they_are_kept_from(award: Agreed, manager: Person) -> None:
    def counted(person: Person) -> tuple[dict[str, dict[str, int]], int, int]:
        call = queries.calls_counted(person, on=DAY).get()
        ends = piloting.outcomes_by_kind(person, on=DAY)
        return ends, call.sent_count, len(piloting.days_to_decision(person, on=DAY))

    assert counted(manager) == ({"subsidy": {"awarded": 1}}, 1, 1)
    organisation = award.file.partners.get().organisation
    Interest.objects.create(person=manager, organisation=organisation, words="Un lien", since=DAY)
    assert counted(Person.objects.get(pk=manager.pk)) == ({}, 0, 0)


def test_a_list_costs_the_same_for_one_and_for_five(
    award: Agreed, instructor: Person, django_assert_max_num_queries: Any, antony: Community
) -> None:
    award.sent()
    client = opened(instructor)
    client.get("/fonds/conventions/")
    with django_assert_max_num_queries(25) as first:
        client.get("/fonds/conventions/")
    for _n in range(4):
        awarded(award.filing, antony).sent()
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get("/fonds/conventions/")
    assert Agreement.objects.count() == 5


def test_programs_read_and_pay_as_the_pages_do(
    award: Agreed, instructor: Person, finance: Person
) -> None:
    agent, payer = opened(instructor), opened(finance)
    today = timezone.localdate().isoformat()
    base = f"/api/fonds/dossiers/{award.file.number}/convention"
    secret = {"content_type": "application/json", "headers": {"X-CSRFToken": "unused"}}
    given = {"template": award.template.code, "starts_on": today}
    drafted = agent.post(base, given, **secret)
    assert (drafted.status_code, drafted.json()["state"]) == (201, "drafted")
    assert agent.post(base, given, **secret).status_code == 409
    assert agent.post(f"{base}/envoi", **secret).json()["state"] == "sent"
    known: dict[str, Any] = {"signed_on": timezone.localdate(), "checked_by_hand": "on"}
    posted(agent, page(award, "signature/"), **known, file=upload())
    (waiting,) = payer.get("/api/fonds/paiements").json()
    assert (waiting["amount"], waiting["state"], waiting["kind"]) == ("16480.00", "due", "advance")
    one = f"{base}/paiements/{waiting['id']}"
    assert agent.post(f"{one}/controle", **secret).status_code == 404
    assert payer.post(f"{one}/controle", **secret).json()["state"] == "checked"
    early = payer.post(f"{one}/mandat", {"reference": "M-7", "on": "2020-01-01"}, **secret)
    assert (early.status_code, early.json()["field"]) == (409, "on")
    order = {"reference": "M-7", "on": today}
    assert payer.post(f"{one}/mandat", order, **secret).json()["reference"] == "M-7"
    assert payer.post(f"{one}/versement", {"on": today}, **secret).json()["paid_on"] == today
    found = agent.get(base).json()
    assert (found["paid"], found["remaining"], found["to_recover"]) == (
        "16480.00",
        "24720.00",
        "0.00",
    )
    listed = agent.get("/api/fonds/conventions?state=signed").json()
    assert [(row["number"], row["paid"]) for row in listed["agreements"]] == [
        (f"C-{award.file.number}", "16480.00")
    ]
    stranger = opened(editor_of("antony"))
    assert stranger.get(base).status_code == 404
    nothing = {"count": 0, "offset": 0, "limit": 50, "agreements": []}
    assert stranger.get("/api/fonds/conventions").json() == nothing
    assert stranger.get("/api/fonds/paiements").json() == []
    assert stranger.get("/fonds/conventions/").status_code == 404
    nobody = opened(Person.objects.create_user("r@resident.example", name="Résidente"))
    assert nobody.get("/api/fonds/conventions").status_code == 404
    own = opened(editor_of("sceaux")).get("/api/fonds/conventions").json()
    assert own == listed
