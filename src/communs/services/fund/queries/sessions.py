"""Reads of sessions: who is there, what is on the agenda, what a ranking pays, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet, Sum

from communs.core.kit.periods import in_force
from communs.services.fund.engine.examination import quorum, ranking
from communs.services.fund.enums import (
    Duty,
    Outcome,
    Presence,
    SessionKind,
    SessionState,
    Stage,
)
from communs.services.fund.models import (
    AgendaItem,
    Application,
    Appointment,
    Attendance,
    Decision,
    Deliberation,
    Envelope,
    Partner,
    Scenario,
    ScenarioLine,
    Session,
)
from communs.services.fund.queries.examination import Barred, barred

NOTHING = Decimal(0)
_LINE = (
    "pk",
    "application_id",
    "rank",
    "amount",
    "application__number",
    "application__title",
    "application__requested",
    "application__score",
)
_VOTING = {
    SessionKind.COMMITTEE: (Duty.MEMBER, Duty.CHAIR),
    SessionKind.BUREAU: (Duty.BUREAU,),
}


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many are entitled to vote, how many are there, how many must be."""

    entitled: int
    present: int
    needed: int

    @property
    def reached(self) -> bool:
        """Tell whether the body may decide."""
        return self.entitled > 0 and self.present >= self.needed


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a ranking: the file, what it gets, what is spent with it and left after it."""

    line: UUID
    file: UUID
    rank: int
    amount: Decimal | None
    number: str
    title: str
    requested: Decimal | None
    score: Decimal | None
    spent: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Board:
    """A ranking as somebody may read it; its totals count every file."""

    lines: list[Ranked]
    limit: Decimal
    spent: Decimal
    paid: int

    @property
    def left(self) -> Decimal:
        """What the ranking leaves of what there is to share out."""
        return self.limit - self.spent


def sessions(kind: str) -> QuerySet[Session]:
    """Give the sessions of a body, the latest first, with how many files each has."""
    rows = Session.objects.filter(kind=kind).select_related("call", "envelope")
    counts = {name: Count(name, distinct=True) for name in ("items", "deliberations")}
    told = {"files": counts["items"], "acts": counts["deliberations"]}
    return rows.annotate(**told).order_by("-held_at", "-id")


def files_read(person: Any, *, on: date) -> dict[UUID, int]:
    """Give, by session of the committee, how many files of its agenda somebody may read."""
    readable = Application.objects.readable_by(person, on=on)
    rows = AgendaItem.objects.filter(application__in=readable).order_by().values("session")
    return dict(rows.annotate(count=Count("id")).values_list("session", "count"))


def files_decided(person: Any, *, on: date) -> dict[UUID, int]:
    """Give, by session of the Bureau, how many files put to its vote somebody may read."""
    readable = Application.objects.readable_by(person, on=on)
    rows = Decision.objects.filter(application__in=readable).order_by()
    counted = rows.values("deliberation__session").annotate(count=Count("id"))
    return dict(counted.values_list("deliberation__session", "count"))


def session(key: UUID, kind: str) -> Session | None:
    """Give a session of a body, or None."""
    rows = Session.objects.filter(kind=kind).select_related("call__programme", "envelope")
    return rows.filter(pk=key).first()


def members(kind: str, *, on: date) -> QuerySet[Appointment]:
    """Give who votes in a body that day: those of its members who may vote."""
    rows = Appointment.objects.filter(in_force(on), votes=True, duty__in=_VOTING[SessionKind(kind)])
    return rows.select_related("person", "mandate").order_by("person__name", "id")


def attendance(of: Session) -> list[Attendance]:
    """Give who is there, away or represented, by name."""
    rows = Attendance.objects.filter(session=of).select_related("member__person", "proxy")
    return list(rows.order_by("name", "id"))


def quorum_of(of: Session, attended: Iterable[Attendance], without: Iterable[UUID] = ()) -> Quorum:
    """Count the quorum, leaving out who is kept away (by account): those in person count."""
    away = set(without)
    counted = [one for one in attended if one.member is None or one.member.person_id not in away]
    present = sum(one.presence == Presence.PRESENT for one in counted)
    return Quorum(len(counted), present, quorum.needed(len(counted), of.quorum))


def voices(attended: Sequence[Attendance], away: Iterable[UUID] = ()) -> int:
    """Count the votes there can be: who is there, and whom they stand in for, but nobody away."""
    kept = set(away)
    counted = [one for one in attended if one.member is None or one.member.person_id not in kept]
    present = {one.pk for one in counted if one.presence == Presence.PRESENT}
    return len(present) + sum(one.proxy_id in present for one in counted)


def agenda(of: Session, person: Any, *, on: date) -> list[AgendaItem]:
    """Give the agenda as somebody may read it: a file that is not theirs to read is not on it."""
    readable = Application.objects.readable_by(person, on=on)
    rows = AgendaItem.objects.filter(session=of, application__in=readable)
    partners = Partner.objects.filter(left_at=None).select_related("organisation")
    rows = rows.select_related("application__call").prefetch_related(
        Prefetch("application__partners", partners)
    )
    return list(rows.order_by("position", "id"))


def whole_agenda(of: Session) -> list[AgendaItem]:
    """Give the agenda with every file, for what counts over all of them."""
    rows = AgendaItem.objects.filter(session=of).select_related("application__call")
    return list(rows.order_by("position", "id"))


def item(key: UUID, person: Any, *, on: date) -> AgendaItem | None:
    """Give a file on an agenda that somebody may read, or None."""
    readable = Application.objects.readable_by(person, on=on)
    rows = AgendaItem.objects.filter(pk=key, application__in=readable)
    return rows.select_related("session", "application__call").first()


def waiting_for_committee(
    person: Any, *, call: UUID | None = None, on: date
) -> QuerySet[Application]:
    """Give the examined files that could go on the agenda of a session, of a call or of any."""
    rows = Application.objects.readable_by(person, on=on).filter(stage=Stage.REVIEWED)
    if call is not None:
        rows = rows.filter(call=call)
    return rows.select_related("call").order_by("number")


def waiting_for_bureau(person: Any, *, on: date) -> QuerySet[Application]:
    """Give the files on which the committee gave its opinion, and those postponed."""
    stages = (Stage.RECOMMENDED, Stage.NOT_RECOMMENDED, Stage.POSTPONED)
    rows = Application.objects.readable_by(person, on=on).filter(stage__in=stages)
    return rows.select_related("call").order_by("number")


def recused(items: Iterable[AgendaItem | Decision], *, on: date) -> dict[UUID, list[Barred]]:
    """Give, by file, the members who are kept away from it."""
    return barred([one.application for one in items], on=on)


def scenarios(of: Session) -> list[Scenario]:
    """Give the rankings of a session, in the order in which they were made."""
    return list(Scenario.objects.filter(session=of).order_by("id"))


def scenario(key: UUID) -> Scenario | None:
    """Give a ranking, or None."""
    rows = Scenario.objects.select_related("session__call", "session__envelope")
    return rows.filter(pk=key).first()


def board(of: Scenario, person: Any, *, on: date) -> Board:
    """Give a ranking with its running total; what one may not read is left out.

    The total counts every file, so that what is left is true for whoever reads. Two queries.
    """
    rows = ScenarioLine.objects.filter(scenario=of).order_by("rank")
    lines: list[tuple[Any, ...]] = list(rows.values_list(*_LINE))
    keys = Application.objects.readable_by(person, on=on).filter(agenda__session=of.session_id)
    readable = set(keys.order_by().values_list("pk", flat=True))
    found, spent = [], NOTHING
    for line in lines:
        spent += line[3] or NOTHING
        if line[1] in readable:
            found.append(Ranked(*line, spent, of.limit - spent))  # type: ignore[call-arg]
    return Board(found, of.limit, spent, sum(line[3] is not None for line in lines))


def candidates(items: Sequence[AgendaItem]) -> list[ranking.Candidate]:
    """Give an agenda's files as a rule ranks them: score, and the amount proposed or asked."""
    return [
        ranking.Candidate(
            str(one.application_id),
            one.application.score,
            one.amount or one.application.requested or NOTHING,
        )
        for one in items
    ]


def spent_of(envelope: Envelope | None) -> Decimal:
    """Give what sealed decisions have taken from an envelope, its parts included."""
    if envelope is None:
        return NOTHING
    keys = [envelope.pk, *Envelope.objects.filter(parent=envelope).values_list("pk", flat=True)]
    rows = Decision.objects.filter(
        outcome=Outcome.AWARDED,
        deliberation__session__envelope__in=keys,
        deliberation__seals__isnull=False,
    )
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def awarded_by(decisions: Iterable[Decision]) -> Decimal:
    """Give what decisions award in all."""
    return sum((one.amount or NOTHING for one in decisions), NOTHING)


def left_in(envelope: Envelope | None) -> Decimal | None:
    """Give what an envelope still holds; None where a session has none."""
    return None if envelope is None else envelope.amount - spent_of(envelope)


def deliberations(of: Session) -> list[Deliberation]:
    """Give the acts of a session with their decisions and seals."""
    decisions = Decision.objects.select_related("application__call").order_by("position", "id")
    rows = Deliberation.objects.filter(session=of)
    return list(rows.prefetch_related(Prefetch("decisions", decisions), "seals").order_by("number"))


def sealed_acts() -> list[Deliberation]:
    """Give the acts that are sealed, the latest first; they are public."""
    decisions = Decision.objects.select_related("application").order_by("position", "id")
    rows = Deliberation.objects.filter(seals__isnull=False).select_related("session")
    rows = rows.prefetch_related("seals", Prefetch("decisions", decisions))
    return list(rows.order_by("-session__held_at", "number"))


def deliberation(key: UUID) -> Deliberation | None:
    """Give an act with its session, its decisions and its seal, or None."""
    decisions = Decision.objects.select_related("application__call").order_by("position", "id")
    rows = Deliberation.objects.select_related("session__call__programme", "session__envelope")
    return rows.prefetch_related(Prefetch("decisions", decisions), "seals").filter(pk=key).first()


def decisions_for(of: Deliberation, person: Any, *, on: date) -> list[Decision]:
    """Give an act's decisions; before the seal, those only on files that somebody may read."""
    every = list(of.decisions.all())
    if of.seals.all():
        return every
    readable = Application.objects.readable_by(person, on=on)
    keys = set(readable.filter(decisions__in=every).values_list("pk", flat=True))
    return [one for one in every if one.application_id in keys]


def decision(key: UUID) -> Decision | None:
    """Give a decision, or None."""
    return Decision.objects.select_related("deliberation", "application").filter(pk=key).first()


def proposal(application: Application) -> AgendaItem | None:
    """Give what the committee said last of a file."""
    rows = AgendaItem.objects.filter(application=application, decided_at__isnull=False)
    return rows.select_related("session").order_by("-decided_at").first()


def next_sessions() -> QuerySet[Session]:
    """Give the sessions that are not over, the nearest first."""
    open_ones = (SessionState.PLANNED, SessionState.OPEN)
    return Session.objects.filter(state__in=open_ones).order_by("held_at")
