"""Sessions in few clicks: what is made is where one lands, and what is known is written already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.actions import committee
from communs.services.fund.enums import Duty, SessionKind, SessionState, Stage
from communs.services.fund.forms import (
    DecisionForm,
    OpinionForm,
    VotesForm,
)
from communs.services.fund.models import (
    AgendaItem,
    Call,
    Decision,
    Deliberation,
    Session,
)
from communs.services.fund.queries import sessions
from tests.services.fund import cases
from tests.services.fund.cases import client_of
from tests.services.fund.filing import AT, Filing, filing, somebody
from tests.services.fund.sitting import opened, planned, proposed, seated, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community) -> Iterator[Filing]:
    with within(metropolis):
        yield filing()


@pytest.fixture
def boss(in_metropolis: Community) -> Client:
    return client_of(cases.appointed(Duty.MANAGER))


def secretary() -> Client:
    return client_of(somebody("Secrétaire", Duty.SECRETARY))


def keeper() -> Client:
    return client_of(somebody("Greffe", Duty.RECORDER))


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_session_planned_for_a_call_takes_its_files_and_leads_to_its_page(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    Call.objects.create(programme=here.programme, code="prepare", title="En préparation")
    client = secretary()
    page = text(client.get(f"/fonds/comite/ajouter/?call={here.call.pk}"))
    assert file.number in page
    assert "En préparation" not in page
    given = {"held_at": "2026-12-01T09:00", "call": str(here.call.pk), "quorum": "50"}
    made = client.post("/fonds/comite/ajouter/", given | {"files": [file.number]})
    session = Session.objects.get(kind=SessionKind.COMMITTEE)
    assert made["Location"] == f"/fonds/comite/{session.pk}/"
    assert [one.application for one in AgendaItem.objects.filter(session=session)] == [file]
    assert stage(file) == Stage.IN_COMMITTEE


def test_a_file_of_another_call_is_not_put_on_the_agenda(here: Filing, sceaux: Community) -> None:
    here.file(sceaux, stage=Stage.REVIEWED)
    other = Call.objects.create(
        programme=here.programme,
        code="autre",
        title="Autre appel",
        state="published",
        opens_at=timezone.now(),
        published_at=timezone.now(),
        form=here.version,
    )
    given = {"held_at": "2026-12-01T09:00", "call": str(other.pk), "quorum": "50"}
    page = secretary().post("/fonds/comite/ajouter/", given | {"files": ["2026-0901"]})
    assert not AgendaItem.objects.exists()
    assert page.status_code in {302, 422}


def attended(session: Session, *, here_too: str, **more: str) -> dict[str, str]:
    members = sessions.members(session.kind, on=timezone.localdate())
    return {f"presence_{one.pk.hex}": here_too for one in members} | more


def test_the_attendance_opens_the_session_only_with_a_quorum(here: Filing) -> None:
    for name in ("Ana", "Bo", "Chloé"):
        somebody(name, Duty.MEMBER)
    session, client = planned(here), secretary()
    address = f"/fonds/seances/{session.pk}/presences/"
    room = f"/fonds/comite/{session.pk}/"
    assert "Notez d’abord les présences" in text(client.get(room))
    assert "Enregistrer et ouvrir la séance" in text(client.get(address))
    client.post(address, attended(session, here_too="excused", open="1"))
    page = text(client.get(room))
    assert "Le quorum n’est pas atteint : 0 sur place, il en faut 2." in page
    assert "0 présent sur 3" in page
    assert "une fois le quorum atteint" in page
    session.refresh_from_db()
    assert (session.state, session.attendances.count()) == (SessionState.PLANNED, 3)
    client.post(address, attended(session, here_too="present", open="1"))
    session.refresh_from_db()
    assert session.state == SessionState.OPEN


def test_a_deliberation_is_written_with_its_files_and_sealed_after_a_last_look(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    session = opened(here, file)
    proposed(session, file, "20000.00")
    committee.close_session(session=session, at=AT, by=None)
    sitting, client = planned(here, SessionKind.BUREAU), keeper()
    made = client.post(
        f"/fonds/bureau/{sitting.pk}/deliberations/",
        {"number": "7", "title": "Attributions", "files": [file.number]},
    )
    act = Deliberation.objects.get()
    page = f"/fonds/bureau/deliberations/{act.pk}/"
    assert made["Location"] == page
    decision = act.decisions.get()
    assert decision.amount == Decimal("20000.00")
    heading = f"Décision du Bureau : {file.number} – {file.title}"
    assert heading in text(client.get(f"/fonds/bureau/decisions/{decision.pk}/"))
    seated(sitting)
    committee.open_session(session=sitting, at=AT, by=None)
    vote = text(client.get(f"{page}vote/"))
    assert "Voix possibles" in vote
    client.post(f"{page}vote/", {"votes_for": "3", "votes_against": "0", "abstentions": "0"})
    look = text(client.get(f"{page}sceau/"))
    assert "plus rien de la délibération ne peut être changé" in look
    assert not act.seals.exists()
    assert client.post(f"{page}sceau/")["Location"] == page
    assert act.seals.count() == 1
    assert "Délibération scellée. Les notifications partent." in text(client.get(page))


def test_a_vote_starts_from_everybody_in_favour_and_a_noted_one_from_itself(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    session = opened(here, file)
    item = AgendaItem.objects.get(session=session)
    form = OpinionForm(item=item, voices=3)
    votes = ("votes_for", "votes_against", "abstentions")
    assert [form[name].initial for name in (*votes, "amount")] == [3, 0, 0, Decimal("30000.00")]
    done = proposed(session, file, "20000.00", votes_for=2, abstentions=1)
    form = OpinionForm(item=done, voices=3)
    assert [form[name].initial for name in (*votes, "amount")] == [2, 0, 1, Decimal("20000.00")]
    assert [VotesForm(noted=Deliberation(), voices=4)[name].initial for name in votes] == [4, 0, 0]


def test_an_amount_that_was_only_offered_is_dropped_where_nothing_is_paid(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    opened(here, file)
    item = AgendaItem.objects.select_related("application").get()
    given = {"opinion": "unfavourable", "amount": "30 000,00", "reason": "Trop flou"}
    given |= {"votes_for": "3", "votes_against": "0", "abstentions": "0"}
    form = OpinionForm(given, item=item, voices=3)
    assert form.is_valid()
    assert form.cleaned_data["amount"] is None
    refused = DecisionForm(
        {"outcome": "refused", "amount": "20 000,00", "reason": "Non"},
        decision=Decision(application=file),
        proposed=Decimal("20000.00"),
    )
    assert refused.is_valid()
    assert refused.cleaned_data["amount"] is None


def test_a_session_is_about_the_only_call_whose_files_wait(here: Filing, sceaux: Community) -> None:
    now = timezone.now()
    Call.objects.create(
        programme=here.programme,
        code="autre",
        title="Autre appel",
        state="published",
        opens_at=now,
        published_at=now,
        form=here.version,
    )
    client = secretary()
    chosen = f'value="{here.call.pk}" selected'
    assert chosen not in text(client.get("/fonds/comite/ajouter/"))
    file = here.file(sceaux, stage=Stage.REVIEWED)
    page = text(client.get("/fonds/comite/ajouter/"))
    assert chosen in page
    assert f'name="files" value="{file.number}"' in page


def test_only_the_committee_puts_files_on_an_agenda(here: Filing, sceaux: Community) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    at = timezone.now()
    with pytest.raises(Refused, match="délibérations"):
        actions.plan_session(
            kind=SessionKind.BUREAU,
            held_at=at + timedelta(days=1),
            applications=[file],
            at=at,
            by=None,
        )
    assert not Session.objects.exists()


def test_a_session_is_closed_after_a_last_look_at_what_it_proposes(
    here: Filing, sceaux: Community
) -> None:
    files = [here.file(sceaux, stage=Stage.REVIEWED) for _n in range(3)]
    session, client = opened(here, *files), secretary()
    proposed(session, files[0], "20000.00")
    proposed(session, files[1])
    room = f"/fonds/comite/{session.pk}/"
    assert f'href="{room}cloture/"' in text(client.get(room))
    look = text(client.get(f"{room}cloture/"))
    kinds = "favorable : 1, favorable avec réserves : 0, défavorable : 1, reporté : 0"
    for fact in ("2 sur 3", kinds, "20 000 €", "100 000 €"):
        assert fact in look
    session.refresh_from_db()
    assert session.state == SessionState.OPEN
    assert client.post(f"{room}cloture/")["Location"] == room
    session.refresh_from_db()
    assert session.state == SessionState.CLOSED
    assert [stage(one) for one in files] == [
        Stage.RECOMMENDED,
        Stage.NOT_RECOMMENDED,
        Stage.REVIEWED,
    ]
    assert "La séance est close." in text(client.get(room))
    assert client.post(f"{room}cloture/").status_code == 422


def test_the_page_of_an_opinion_is_named_after_what_one_does_there(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    item = AgendaItem.objects.get(session=opened(here, file))
    page = text(secretary().get(f"/fonds/comite/points/{item.pk}/avis/"))
    assert "<h1>Noter l’avis</h1>" in page
    assert f"{file.number} – {file.title}" in page
