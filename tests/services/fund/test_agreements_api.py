"""Programs carry an agreement from its draft to the end: paper, signature, amendments, claims."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.services.fund.enums import Duty, Stage
from communs.services.fund.models import (
    Agreement,
    Amendment,
    Claim,
    Payment,
    Recovery,
    ScannedPage,
    Signature,
)
from tests.launcher.starting import NBSP
from tests.services.fund.agreeing import PDF, Agreed, awarded, paid, printed, scan, sealed
from tests.services.fund.cases import client_of
from tests.services.fund.filing import AT, DAY, filing, somebody

pytestmark = pytest.mark.django_db
WHY = "Le chantier de la place dure plus longtemps."


@pytest.fixture
def award(
    metropolis: Community, sceaux: Community, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Agreed]:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    with within(metropolis), override("en"):
        bagneux = Community.objects.get(slug="bagneux")
        yield awarded(filing(), sceaux, bagneux, shares=("60", "40"))


@pytest.fixture
def agent(award: Agreed) -> Client:
    person = somebody("Instructrice", Duty.INSTRUCTOR)
    award.file.instructor = person
    award.file.save(update_fields=["instructor"])
    return client_of(person)


@pytest.fixture
def payer(award: Agreed) -> Client:
    return client_of(somebody("Financier", Duty.FINANCE))


def editor_of(slug: str) -> Client:
    person = Person.objects.create_user(f"e@{slug}.example", name="Rédaction")
    with within(Community.objects.get(slug=slug)):
        Membership.objects.create(person=person, role=Role.EDITOR)
    return client_of(person)


def at(award: Agreed, tail: str = "") -> str:
    return f"/api/fonds/dossiers/{award.file.number}/convention{tail}"


def read(client: Client, address: str) -> Any:
    found = client.get(address)
    assert found.status_code == 200, found.content
    return found.json()


def sent(client: Client, address: str, status: int = 200, **given: Any) -> Any:
    found = client.post(address, given, content_type="application/json")
    assert found.status_code == status, found.content
    return found.json()


def sent_as_form(client: Client, address: str, status: int = 200, **given: Any) -> Any:
    """Send fields and files, as a browser or curl would."""
    found = client.post(address, given)
    assert found.status_code == status, found.content
    return found.json()


def upload(content: bytes = PDF, name: str = "signe.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def looked_at() -> dict[str, Any]:
    """Give what stands for signed pages that somebody looked at."""
    return {"signed_on": DAY, "checked_by_hand": "true", "file": upload()}


def refused(found: Any) -> tuple[str, str]:
    return found["field"], found["detail"].replace(NBSP, " ")


def test_pages_that_come_back_by_the_api_make_the_signature(award: Agreed, agent: Client) -> None:
    sent(agent, at(award), 201, template=award.template.code, starts_on=DAY)
    assert sent(agent, at(award, "/envoi"))["state"] == "sent"
    printed_here = agent.get(at(award, "/document"))
    assert (printed_here["Content-Type"], printed_here.content[:5]) == ("application/pdf", b"%PDF-")
    agreement = Agreement.objects.get()
    pages = printed(agreement)
    everyone = list(range(1, len(pages) + 1))
    assert read(agent, at(award))["missing_pages"] == everyone
    early = sent_as_form(agent, at(award, "/signature"), 409, signed_on=DAY)
    assert refused(early) == ("file", "Pages qui ne sont pas revenues : 1, 2.")
    told = sent_as_form(agent, at(award, "/pages"), file=upload(scan(*pages)))
    assert told == {
        "found": {agreement.number: everyone},
        "missing": {agreement.number: []},
        "doubled": [],
        "unread": [],
        "foreign": [],
    }
    assert read(agent, at(award))["missing_pages"] == []
    signed = sent_as_form(agent, at(award, "/signature"), signed_on=DAY)
    assert (signed["state"], signed["signed_on"]) == ("signed", DAY.isoformat())
    assert [(one["kind"], one["amount"], one["state"]) for one in signed["payments"]] == [
        ("advance", "16480.00", "due")
    ]


def test_pages_of_several_agreements_come_back_at_once(award: Agreed, agent: Client) -> None:
    agreement = award.sent()
    told = sent_as_form(
        agent, "/api/fonds/conventions/pages", file=upload(scan(*printed(agreement)))
    )
    assert told["missing"] == {agreement.number: []}
    assert ScannedPage.objects.count() == agreement.pages


def test_a_scan_that_is_none_is_refused_at_its_field_and_nothing_is_kept(
    award: Agreed, agent: Client
) -> None:
    award.sent()
    missing = agent.post(at(award, "/pages"), {})
    assert missing.status_code == 422
    assert "file" in str(missing.json())
    mistyped = sent_as_form(agent, at(award, "/pages"), 409, file=upload(b"MZ\x90\x00", "a.pdf"))
    assert mistyped["field"] == "file"
    blank = sent_as_form(agent, at(award, "/pages"), 409, file=upload())
    assert blank["field"] == "file"
    assert ScannedPage.objects.count() == 0
    assert Signature.objects.count() == 0


def test_no_pages_are_waited_for_before_it_is_sent(award: Agreed, agent: Client) -> None:
    award.drafted()
    told = sent_as_form(agent, at(award, "/pages"), 409, file=upload())
    assert told["detail"] == "Aucune page signée n’est attendue ici."


def test_a_paper_that_one_looked_at_takes_the_place_of_pages(award: Agreed, agent: Client) -> None:
    award.sent()
    unlooked = sent_as_form(agent, at(award, "/signature"), 409, signed_on=DAY, file=upload())
    assert refused(unlooked) == (
        "checked_by_hand",
        "Indiquez que vous avez regardé chaque page et chaque signature.",
    )
    assert sent_as_form(agent, at(award, "/signature"), **looked_at())["state"] == "signed"


def test_more_time_is_written_signed_and_in_force(award: Agreed, agent: Client) -> None:
    award.signed()
    end = date(2027, 7, 3)
    (written,) = sent(agent, at(award, "/avenants/prolongation"), 201, ends_on=end, reason=WHY)[
        "amendments"
    ]
    row = Amendment.objects.get()
    assert {name: written[name] for name in written if name != "missing_pages"} == {
        "id": str(row.pk),
        "position": 1,
        "kind": "extension",
        "state": "to_sign",
        "reason": WHY,
        "needs_vote": False,
        "deliberation": None,
        "ends_on": "2027-07-03",
        "leaves": None,
        "parts": [],
        "written_at": "2026-05-04T08:00:00Z",
        "settled_at": None,
    }
    assert written["missing_pages"] == [1]
    address = at(award, f"/avenants/{row.pk}")
    assert agent.get(f"{address}/document").content[:5] == b"%PDF-"
    whole = sent_as_form(agent, f"{address}/signature", **looked_at())
    assert (whole["ends_on"], whole["amendments"][0]["state"]) == ("2027-07-03", "in_force")
    assert whole["amendments"][0]["missing_pages"] == []


def test_a_partner_leaves_once_a_sealed_act_that_names_the_agreement_says_so(
    award: Agreed, agent: Client
) -> None:
    agreement = award.signed()
    lead, other = read(agent, at(award))["parties"]
    assert (lead["amount"], other["amount"]) == ("24720.00", "16480.00")
    stays = sent(agent, at(award, "/avenants/depart"), 409, party=lead["id"], reason=WHY)
    assert refused(stays) == ("party", "Le chef de file reste : terminez plutôt la convention.")
    unknown = sent(agent, at(award, "/avenants/depart"), 409, party=uuid.uuid4(), reason=WHY)
    assert refused(unknown) == ("party", "Aucune partie à la convention n’a cette clé.")
    written = sent(agent, at(award, "/avenants/depart"), 201, party=other["id"], reason=WHY)
    (amendment,) = written["amendments"]
    assert (amendment["state"], amendment["leaves"]) == ("to_vote", other["id"])
    assert amendment["parts"] == [{"party": lead["id"], "name": lead["name"], "amount": "41200.00"}]
    address = at(award, f"/avenants/{amendment['id']}")
    deaf = sealed(award.filing, title="Autre chose").deliberation_id
    assert sent(agent, f"{address}/vote", 409, deliberation=deaf)["field"] == "deliberation"
    act = sealed(award.filing, title=f"Avenant à la convention {agreement.number}").deliberation_id
    (voted,) = sent(agent, f"{address}/vote", deliberation=act)["amendments"]
    assert (voted["state"], voted["deliberation"]) == ("to_sign", str(act))
    whole = sent_as_form(agent, f"{address}/signature", **looked_at())
    assert [(one["amount"], one["left_at"] is None) for one in whole["parties"]] == [
        ("41200.00", True),
        ("0.00", False),
    ]


def test_parts_are_shared_out_otherwise_to_the_cent_or_refused(
    award: Agreed, agent: Client
) -> None:
    award.signed()
    lead, other = (one["id"] for one in read(agent, at(award))["parties"])
    address = at(award, "/avenants/repartition")

    def shift(status: int, *amounts: str) -> Any:
        parts = [
            {"party": one, "amount": amount}
            for one, amount in zip((lead, other), amounts, strict=False)
        ]
        return sent(agent, address, status, parts=parts, reason=WHY)

    for amount in ("0.005", "-1", "NaN", "1e12"):
        assert shift(409, amount)["field"] == "parts"
    assert "elles doivent faire la subvention" in shift(409, "24720.01")["detail"]
    twice = {"parts": [{"party": lead, "amount": "1.00"}] * 2, "reason": WHY}
    assert refused(sent(agent, address, 409, **twice)) == (
        "parts",
        "Une partie est nommée deux fois.",
    )
    assert Amendment.objects.count() == 0
    (written,) = shift(201, "25000.00", "16200.00")["amendments"]
    assert [one["amount"] for one in written["parts"]] == ["25000.00", "16200.00"]
    given_up = sent(agent, at(award, f"/avenants/{written['id']}/abandon"))
    assert given_up["amendments"][0]["state"] == "abandoned"


def test_a_partner_claims_with_evidence_for_itself(award: Agreed, payer: Client) -> None:
    paid(award.signed())
    writer = editor_of("sceaux")
    address = at(award, "/demandes")
    wrong = sent_as_form(writer, address, 409, spent="0.005")
    assert wrong["field"] == "spent"
    theirs = award.file.partners.order_by("id").last()
    assert theirs is not None
    other = {"spent": "20000.50", "organisation": theirs.organisation_id}
    assert sent_as_form(writer, address, 409, **other)["field"] == "organisation"
    many = {"spent": "1.00", "evidence": [upload() for _ in range(4)]}
    assert refused(sent_as_form(writer, address, 409, **many)) == (
        "evidence",
        "Trois fichiers au plus.",
    )
    assert Claim.objects.count() == 0
    given = {
        "spent": "20000.50",
        "note": "Deux ateliers",
        "evidence": [upload(), upload(name="b.pdf")],
    }
    whole = sent_as_form(writer, address, 201, **given)
    (claimed,) = whole["claims"]
    assert (claimed["kind"], claimed["organisation"], claimed["spent"], claimed["state"]) == (
        "interim",
        "Sceaux",
        "20000.50",
        "made",
    )
    again = sent_as_form(writer, address, 409, spent="1.00")
    assert again["detail"] == "Aucun versement ne peut être demandé maintenant."
    accepted = sent(payer, at(award, f"/demandes/{claimed['id']}/controle"), accepted="20000.00")
    assert accepted["claims"][0]["accepted"] == "20000.00"


def test_an_agreement_ends_and_what_was_paid_comes_back(
    award: Agreed, agent: Client, payer: Client
) -> None:
    paid(award.signed())
    too_much = sent(agent, at(award, "/fin"), 409, reason=WHY, recover="16480.01")
    assert refused(too_much) == (
        "recover",
        "On ne peut pas réclamer plus que ce qui a été versé.",
    )
    ended = sent(agent, at(award, "/fin"), reason=WHY, recover="6480.00")
    (asked,) = ended["recoveries"]
    assert (ended["state"], ended["to_recover"], asked["amount"]) == (
        "cancelled",
        "6480.00",
        "6480.00",
    )
    address = at(award, f"/remboursements/{asked['id']}")
    assert agent.post(address, {"on": DAY}, content_type="application/json").status_code == 404
    received = sent(payer, address, on=DAY, reference="T-9")
    assert [(one["received_on"], one["reference"]) for one in received["recoveries"]] == [
        (DAY.isoformat(), "T-9")
    ]
    assert received["to_recover"] == "0.00"
    assert Recovery.objects.get().received_on == DAY


@pytest.mark.parametrize("who", ["lead", "elsewhere", "nobody"])
def test_nobody_else_signs_amends_or_ends(award: Agreed, agent: Client, who: str) -> None:
    agreement = award.signed()
    sent(agent, at(award, "/avenants/prolongation"), 201, ends_on=date(2027, 7, 3), reason=WHY)
    key = Amendment.objects.get().pk
    client = {"lead": "sceaux", "elsewhere": "antony"}.get(who)
    asks = editor_of(client) if client else Client()
    status = 404 if client else 401
    party = str(agreement.parties.order_by("-position")[0].pk)
    bodies: dict[str, dict[str, Any]] = {
        "/fin": {"reason": WHY},
        "/avenants/prolongation": {"ends_on": "2028-01-01", "reason": WHY},
        "/avenants/depart": {"party": party, "reason": WHY},
        "/avenants/repartition": {"parts": [{"party": party, "amount": "1.00"}], "reason": WHY},
        f"/avenants/{key}/vote": {"deliberation": str(uuid.uuid4())},
        f"/avenants/{key}/abandon": {},
    }
    for tail, given in bodies.items():
        answer = asks.post(at(award, tail), given, content_type="application/json")
        assert (tail, answer.status_code) == (tail, status)
    for address in (
        at(award, "/pages"),
        at(award, "/signature"),
        at(award, f"/avenants/{key}/signature"),
        "/api/fonds/conventions/pages",
    ):
        answer = asks.post(address, {"signed_on": DAY, "file": upload()})
        assert (address, answer.status_code) == (address, status)
    reads = 200 if who == "lead" else status
    assert asks.get(at(award, "/document")).status_code == reads
    assert asks.get(at(award, f"/avenants/{key}/document")).status_code == reads
    agreement.refresh_from_db()
    assert (agreement.state, Amendment.objects.get().state) == ("signed", "to_sign")
    assert (Payment.objects.count(), Signature.objects.count()) == (1, 1)


def test_a_key_of_another_file_is_not_found(
    award: Agreed, agent: Client, sceaux: Community
) -> None:
    award.signed()
    sent(agent, at(award, "/avenants/prolongation"), 201, ends_on=date(2027, 7, 3), reason=WHY)
    key = Amendment.objects.get().pk
    other = awarded(award.filing, sceaux)
    other.file.instructor = award.file.instructor
    other.file.save(update_fields=["instructor"])
    other.signed()
    assert other.file.stage == Stage.AWARDED
    answer = agent.post(at(other, f"/avenants/{key}/abandon"))
    assert answer.status_code == 404
