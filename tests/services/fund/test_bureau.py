"""The Bureau decides and seals; the seal makes grants, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.delivery import deliver
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.notifications.models import Notification
from communs.core.people.models import Person
from communs.services.fund.actions import bureau, committee
from communs.services.fund.engine.sealing import digest
from communs.services.fund.enums import SessionKind, SessionState, Stage
from communs.services.fund.models import (
    Decision,
    Grant,
    Round,
    Seal,
    Session,
)
from communs.services.fund.queries import sessions as queries
from tests.services.fund.filing import AT, DAY, Filing, filing
from tests.services.fund.sitting import opened, planned, proposed, seated, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community) -> Iterator[Filing]:
    with within(metropolis), override("en"):
        yield filing()


@pytest.fixture
def bagneux(db: None) -> Community:
    return Community.objects.get(slug="bagneux")


def at_bureau(here: Filing, *amounts: str | None, bodies: list[Community]) -> Any:
    """A deliberation of an open session of the Bureau on files that the committee looked at."""
    files = [here.file(*bodies, stage=Stage.REVIEWED) for _one in amounts]
    session = opened(here, *files)
    for file, amount in zip(files, amounts, strict=True):
        proposed(session, file, amount)
    committee.close_session(session=session, at=AT, by=None)
    sitting = planned(here, SessionKind.BUREAU)
    act = bureau.write_deliberation(
        session=sitting, number="7", title="Attributions", at=AT, by=None
    )
    bureau.add_to_deliberation(deliberation=act, applications=files, at=AT, by=None)
    seated(sitting)
    committee.open_session(session=sitting, at=AT, by=None)
    return act, files


def test_the_seal_decides_files_and_makes_grants_in_the_register(
    here: Filing, sceaux: Community, antony: Community, bagneux: Community
) -> None:
    act, files = at_bureau(here, "20000.00", None, bodies=[sceaux, antony, bagneux])
    assert {stage(one) for one in files} == {Stage.AT_BUREAU}
    assert not Grant.objects.filter(application__isnull=False).exists()
    bureau.note_vote(deliberation=act, votes_for=2, votes_against=0, abstentions=1, by=None)
    sealed = bureau.seal(deliberation=act, at=AT, by=None)
    assert [stage(one) for one in files] == [Stage.AWARDED, Stage.REFUSED]
    grant = Grant.objects.get(application=files[0])
    assert (grant.amount, grant.beneficiary, grant.seal) == (Decimal("20000.00"), sceaux, sealed)
    assert grant.reference == "essai-2026-01"
    round_ = Round.objects.get(programme=here.programme)
    assert (round_.total, round_.project_count, round_.pooled_count) == (Decimal("20000.00"), 1, 1)
    assert round_.awarded_on == timezone.localdate(act.session.held_at)
    assert sealed.digest == digest(sealed.content, "")
    assert Session.objects.get(pk=act.session_id).state == SessionState.SEALED
    assert Event.objects.filter(name="fund.deliberation_sealed").count() == 1
    assert queries.left_in(here.envelope) == Decimal("80000.00")


def test_a_file_shows_what_it_was_awarded_once_the_act_is_sealed_and_not_before(
    here: Filing, sceaux: Community, antony: Community, bagneux: Community
) -> None:
    act, (file,) = at_bureau(here, "20000.01", bodies=[sceaux, antony, bagneux])
    for partner, share in zip(file.partners.order_by("id"), (40, 30, 30), strict=True):
        partner.share = Decimal(share)
        partner.save(update_fields=["share"])
    client = Client()
    with within(sceaux):
        lead = Person.objects.create_user("lead@example.org", name="Sceaux")
        Membership.objects.create(person=lead, role=Role.ADMINISTRATOR)
    client.force_login(lead)
    page, api = f"/en/fonds/dossiers/{file.number}/", f"/api/fonds/dossiers/{file.number}"
    address = f"/bureau/deliberations/{act.pk}/"

    def parts() -> list[str]:
        return [one["amount"] for one in client.get(api).json()["partners"]]

    before = client.get(page).content.decode()
    assert "Awarded:" not in before
    assert address not in before
    assert client.get(api).json()["granted"] is None
    assert parts() == ["12000.00", "9000.00", "9000.00"]
    bureau.note_vote(deliberation=act, votes_for=2, votes_against=0, abstentions=1, by=None)
    assert "Awarded:" not in client.get(page).content.decode()
    bureau.seal(deliberation=act, at=AT, by=None)
    after = client.get(page).content.decode()
    assert "Awarded: €20,000.01" in after
    assert address in after
    told = client.get(api).json()
    assert (told["granted"], told["deliberation"]) == ("20000.01", "7")
    assert parts() == ["8000.01", "6000.00", "6000.00"]
    for amount in ("€8,000.01", "€6,000"):
        assert amount in after
        assert amount in client.get(f"{page}partenaires/").content.decode()


def test_a_sealed_act_changes_no_more_by_any_way(here: Filing, sceaux: Community) -> None:
    act, _files = at_bureau(here, "20000.00", bodies=[sceaux])
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    bureau.seal(deliberation=act, at=AT, by=None)
    decision = Decision.objects.get()
    for change in (
        lambda: bureau.set_decision(
            decision=decision, outcome="awarded", amount=Decimal(1), by=None
        ),
        lambda: bureau.take_from_deliberation(decision=decision, at=AT, by=None),
        lambda: bureau.seal(deliberation=act, at=AT, by=None),
        lambda: bureau.note_vote(
            deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None
        ),
    ):
        with pytest.raises(Refused, match="sealed"):
            change()
    table = Seal._meta.db_table
    refused = pytest.raises(DatabaseError, match="only added to")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET digest = 'x'")


def test_what_cannot_be_sealed_is_not(here: Filing, sceaux: Community) -> None:
    act, files = at_bureau(here, "30000.00", bodies=[sceaux])
    with pytest.raises(Refused, match="how the Bureau voted"):
        bureau.seal(deliberation=act, at=AT, by=None)
    bureau.note_vote(deliberation=act, votes_for=1, votes_against=1, abstentions=1, by=None)
    with pytest.raises(Refused, match="not in favour"):
        bureau.seal(deliberation=act, at=AT, by=None)
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    here.envelope.amount = Decimal("29999.99")
    here.envelope.save()
    with pytest.raises(Refused, match=r"holds 29999\.99"):
        bureau.seal(deliberation=act, at=AT, by=None)
    assert (
        stage(files[0]),
        Seal.objects.count(),
        Grant.objects.filter(seal__isnull=False).count(),
    ) == (
        Stage.AT_BUREAU,
        0,
        0,
    )


def test_the_database_takes_no_grant_of_a_file_without_a_seal(
    here: Filing, sceaux: Community
) -> None:
    act, files = at_bureau(here, "20000.00", bodies=[sceaux])
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    bureau.seal(deliberation=act, at=AT, by=None)
    grant = Grant.objects.get(application=files[0])
    for change in ({"seal": None}, {"amount": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(**change)


def test_each_seal_holds_the_one_before(here: Filing, sceaux: Community) -> None:
    act, _files = at_bureau(here, "20000.00", bodies=[sceaux])
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    first = bureau.seal(deliberation=act, at=AT, by=None)
    file = here.file(sceaux, stage=Stage.RECOMMENDED)
    sitting = committee.plan_session(
        kind=SessionKind.BUREAU, held_at=AT + timedelta(days=40), call=here.call, at=AT, by=None
    )
    other = bureau.write_deliberation(session=sitting, number="8", title="Suite", at=AT, by=None)
    (row,) = bureau.add_to_deliberation(deliberation=other, applications=[file], at=AT, by=None)
    bureau.set_decision(decision=row, outcome="postponed", reason="Attendre l’avis", by=None)
    seated(sitting)
    committee.open_session(session=sitting, at=AT, by=None)
    bureau.note_vote(deliberation=other, votes_for=3, votes_against=0, abstentions=0, by=None)
    second = bureau.seal(deliberation=other, at=AT + timedelta(days=1), by=None)
    assert (second.previous, second.digest) == (first.digest, digest(second.content, first.digest))
    assert stage(file) == Stage.POSTPONED
    with pytest.raises(Refused, match="this number already"):
        bureau.write_deliberation(
            session=planned_later(here), number="8", title="X", at=AT, by=None
        )


def planned_later(here: Filing) -> Session:
    return committee.plan_session(
        kind=SessionKind.BUREAU, held_at=AT + timedelta(days=80), call=here.call, at=AT, by=None
    )


def delivered() -> None:
    """Deliver what happened, twice: hearing it again tells nobody twice."""
    for _turn in range(2):
        while deliver(timezone.now()):
            pass


def test_applicants_are_told_once_sealed_what_was_decided_on_each_of_their_files(
    here: Filing, sceaux: Community
) -> None:
    agent = Person.objects.create_user("agent@example.org", name="Agent")
    with within(sceaux):
        Membership.objects.create(person=agent, role=Role.ADMINISTRATOR, since=DAY)
    act, files = at_bureau(here, "20000.00", None, bodies=[sceaux])
    delivered()
    with within(sceaux):
        before = Notification.objects.filter(person=agent).count()
    assert before == 0
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    bureau.seal(deliberation=act, at=AT, by=None)
    delivered()
    with within(sceaux):
        told = Notification.objects.filter(person=agent).order_by("notice")
        assert [(one.notice, one.data["number"], one.data["reason"]) for one in told] == [
            ("fund.application_awarded", files[0].number, ""),
            ("fund.application_refused", files[1].number, "Trop flou"),
        ]


def test_sealed_acts_are_open_data_and_acts_being_written_are_not(
    here: Filing, sceaux: Community
) -> None:
    act, files = at_bureau(here, "20000.00", None, bodies=[sceaux])
    client = Client()
    known = client.get("/api/fonds/deliberations").json()
    assert client.get(f"/api/fonds/deliberations/{act.pk}").status_code == 404
    assert client.get(f"/fonds/bureau/deliberations/{act.pk}/").status_code == 404
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    sealed = bureau.seal(deliberation=act, at=AT, by=None)
    told = client.get("/api/fonds/deliberations").json()
    (new,) = [one for one in told if one["key"] not in {other["key"] for other in known}]
    assert new == client.get(f"/api/fonds/deliberations/{act.pk}").json()
    assert (new["number"], new["seal"], new["votes_for"]) == ("7", sealed.digest, 3)
    decided = [
        (one["application"], one["outcome"], one["amount"], one["reason"])
        for one in new["decisions"]
    ]
    assert decided == [
        (files[0].number, "awarded", "20000.00", ""),
        (files[1].number, "refused", None, "Trop flou"),
    ]
    lines = client.get("/fonds/bureau/deliberations.csv").content.decode().splitlines()
    assert lines[0].lstrip("\ufeff").split(",")[:2] == ["deliberation", "session"]
    assert any(files[0].number in line and "20000.00" in line for line in lines)
    assert client.get(f"/fonds/bureau/deliberations/{act.pk}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/fonds/bureau/deliberations/{act.pk}.docx").content[:2] == b"PK"


@pytest.mark.parametrize(("text", "sealed"), [("", 0), ("Avenant à la convention C-1.", 1)])
def test_an_act_without_a_file_is_sealed_only_where_it_says_something(
    here: Filing, text: str, sealed: int
) -> None:
    sitting = planned(here, SessionKind.BUREAU)
    act = bureau.write_deliberation(
        session=sitting, number="9", title="Avenant", text=text, at=AT, by=None
    )
    seated(sitting)
    committee.open_session(session=sitting, at=AT, by=None)
    bureau.note_vote(deliberation=act, votes_for=3, votes_against=0, abstentions=0, by=None)
    if sealed:
        bureau.seal(deliberation=act, at=AT, by=None)
    else:
        with pytest.raises(Refused, match="nothing yet"):
            bureau.seal(deliberation=act, at=AT, by=None)
    assert Seal.objects.filter(deliberation=act).count() == sealed
