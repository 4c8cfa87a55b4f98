"""The committee proposes, the Bureau decides; nothing is told or paid before the seal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.services.fund.actions import committee
from communs.services.fund.enums import Duty, SessionState, Stage
from communs.services.fund.models import (
    AgendaItem,
    Scenario,
)
from communs.services.fund.queries import sessions as queries
from tests.services.fund.filing import AT, DAY, Filing, filing, sent, somebody
from tests.services.fund.sitting import opened, planned, proposed, seated, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community) -> Iterator[Filing]:
    with within(metropolis), override("en"):
        yield filing()


@pytest.fixture
def bagneux(db: None) -> Community:
    return Community.objects.get(slug="bagneux")


def test_a_file_goes_from_examined_to_recommended_and_what_was_not_looked_at_waits(
    here: Filing, sceaux: Community
) -> None:
    files = [here.file(sceaux, stage=Stage.REVIEWED) for _n in range(4)]
    session = opened(here, *files)
    assert {stage(one) for one in files} == {Stage.IN_COMMITTEE}
    proposed(session, files[0], "20000.00")
    proposed(session, files[1])
    proposed(session, files[2], deferred=True, reason="Devis manquant")
    closed = committee.close_session(session=session, at=AT, by=None)
    assert closed.state == SessionState.CLOSED
    assert [stage(one) for one in files] == [
        Stage.RECOMMENDED,
        Stage.NOT_RECOMMENDED,
        Stage.DEFERRED,
        Stage.REVIEWED,
    ]
    with pytest.raises(Refused, match="closed"):
        proposed(session, files[0], "1.00")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": Decimal("0.005")}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e12")}, "amount"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("30000.01")}, "amount"),
        ({"amount": None}, "amount"),
        ({"opinion": ""}, "opinion"),
        ({"opinion": "yes"}, "opinion"),
        ({"opinion": "unfavourable", "amount": None}, "reason"),
        ({"opinion": "unfavourable", "reason": "Non", "amount": Decimal(1)}, "amount"),
        ({"deferred": True}, "reason"),
        ({"votes_for": None}, "votes_for"),
        ({"votes_for": 4}, "votes_for"),
        ({"votes_for": 2}, "votes_for"),
    ],
)
def test_an_opinion_that_cannot_be_is_refused_and_names_its_field(
    here: Filing, sceaux: Community, given: dict[str, Any], field: str
) -> None:
    file = here.file(sceaux, stage=Stage.REVIEWED)
    session = opened(here, file)
    with pytest.raises(Refused) as refused:
        proposed(session, file, "20000.00", **given)
    assert refused.value.field == field
    assert AgendaItem.objects.get().decided_at is None


def test_a_session_opens_with_more_than_half_there_in_person(here: Filing) -> None:
    for name in ("Ana", "Bo", "Chloé", "Dina"):
        somebody(name, Duty.MEMBER)
    session = planned(here)
    seated(session, "Ana", Bo="Chloé")
    with pytest.raises(Refused, match="2 there, 3 needed"):
        committee.open_session(session=session, at=AT, by=None)
    seated(session, Bo="Chloé")
    assert committee.open_session(session=session, at=AT, by=None).state == SessionState.OPEN
    assert queries.voices(queries.attendance(session)) == 4


@pytest.mark.parametrize("proxies", [{"Ana": "Ana"}, {"Ana": "Bo", "Chloé": "Bo"}, {"Ana": "Dina"}])
def test_who_stands_in_is_there_and_for_one_other_only(
    here: Filing, proxies: dict[str, str]
) -> None:
    for name in ("Ana", "Bo", "Chloé", "Dina"):
        somebody(name, Duty.MEMBER)
    with pytest.raises(Refused):
        seated(planned(here), "Dina", **proxies)


def test_who_is_kept_away_is_not_counted_and_the_minutes_say_so(
    here: Filing, bagneux: Community
) -> None:
    somebody("Maire", Duty.MEMBER, mandate=bagneux)
    file = here.file(bagneux, stage=Stage.REVIEWED)
    session = opened(here, file)
    with pytest.raises(Refused, match="add up to 3"):
        proposed(session, file, "20000.00", votes_for=4)
    item = proposed(session, file, "20000.00")
    assert (item.present, item.entitled) == (3, 3)
    assert item.recused == [{"name": "Maire", "ground": "mandate", "detail": "Bagneux"}]


def test_without_who_is_kept_away_too_few_may_be_left_to_decide(
    here: Filing, bagneux: Community
) -> None:
    for name in ("Maire", "Adjointe"):
        somebody(name, Duty.MEMBER, mandate=bagneux)
    file = here.file(bagneux, stage=Stage.REVIEWED)
    for name in ("Ana", "Bo"):
        somebody(name, Duty.MEMBER)
    session = planned(here)
    committee.put_on_agenda(session=session, applications=[file], at=AT, by=None)
    seated(session, "Ana")
    committee.open_session(session=session, at=AT, by=None)
    with pytest.raises(Refused, match="quorum is not reached: 1, 2"):
        proposed(session, file, "20000.00", votes_for=1)


def test_a_member_kept_away_sees_neither_the_file_on_the_agenda_nor_in_a_ranking(
    here: Filing, bagneux: Community, sceaux: Community
) -> None:
    mayor = somebody("Maire", Duty.MEMBER, mandate=bagneux)
    theirs, other = (
        here.file(bagneux, stage=Stage.REVIEWED),
        here.file(sceaux, stage=Stage.REVIEWED),
    )
    session = opened(here, theirs, other)
    scenario = committee.make_scenario(session=session, title="Un", rule="fill", at=AT, by=None)
    assert [one.application for one in queries.agenda(session, mayor, on=DAY)] == [other]
    board = queries.board(scenario, mayor, on=DAY)
    assert [one.number for one in board.lines] == [other.number]
    item = AgendaItem.objects.get(application=theirs)
    assert queries.item(item.pk, mayor, on=DAY) is None


def test_rankings_stand_side_by_side_and_the_one_retained_proposes_amounts(
    here: Filing, sceaux: Community
) -> None:
    files = [
        here.file(sceaux, stage=Stage.REVIEWED, requested=euros)
        for euros in ("60000.00", "50000.00", "40000.00")
    ]
    expert = somebody("Experte", Duty.EXPERT)
    for file, value in zip(files, ("5", "4", "4"), strict=True):
        sent(file, here.phase, expert, here.scores(value))
    session = opened(here, *files)
    made = {
        rule: committee.make_scenario(session=session, title=rule, rule=rule, at=AT, by=None)
        for rule in ("strict", "fill", "points", "hand")
    }
    paid = {
        rule: {line.application.title: line.amount for line in one.lines.all() if line.amount}
        for rule, one in made.items()
    }
    assert paid == {
        "strict": {"Projet 1": Decimal("60000.00"), "Projet 3": Decimal("40000.00")},
        "fill": {"Projet 1": Decimal("60000.00"), "Projet 3": Decimal("40000.00")},
        "points": {"Projet 1": Decimal("60000.00"), "Projet 3": Decimal("40000.00")},
        "hand": {},
    }
    board = queries.board(made["fill"], expert_sits(), on=DAY)
    assert [(one.title, one.left) for one in board.lines] == [
        ("Projet 1", Decimal("40000.00")),
        ("Projet 3", Decimal("0.00")),
        ("Projet 2", Decimal("0.00")),
    ]
    committee.retain_scenario(scenario=made["fill"], at=AT, by=None)
    assert [one.amount for one in queries.whole_agenda(session)] == [
        Decimal("60000.00"),
        None,
        Decimal("40000.00"),
    ]
    lines = {
        line.pk: (3 - n, Decimal("50000.00")) for n, line in enumerate(made["hand"].lines.all())
    }
    with pytest.raises(Refused) as refused:
        committee.change_scenario(scenario=made["hand"], lines=lines, by=None)
    assert refused.value.field.startswith("amount_2026-")
    lines = {key: (rank, Decimal("40000.00")) for key, (rank, _amount) in lines.items()}
    changed = committee.change_scenario(scenario=made["hand"], lines=lines, by=None)
    assert [line.application.title for line in changed.lines.order_by("rank")] == [
        "Projet 2",
        "Projet 3",
        "Projet 1",
    ]
    with pytest.raises(Refused, match="more than the envelope"):
        committee.retain_scenario(scenario=changed, at=AT, by=None)
    assert Scenario.objects.get(retained=True) == made["fill"]


def expert_sits() -> Any:
    return somebody("Secrétaire", Duty.SECRETARY)
