"""The committee's sessions: agenda, attendance, rankings, opinions; secret until the seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.services.fund.actions.moving import hold, move
from communs.services.fund.engine.examination import ranking
from communs.services.fund.enums import (
    Opinion,
    Presence,
    RankingRule,
    SessionKind,
    SessionState,
    Stage,
)
from communs.services.fund.models import (
    AgendaItem,
    Application,
    Attendance,
    Call,
    Envelope,
    Scenario,
    ScenarioLine,
    Session,
)
from communs.services.fund.queries import sessions as queries

_CENT, _MOST = Decimal("0.01"), Decimal(10**9)


@action("fund.session_planned")
def plan_session(
    *,
    kind: str,
    held_at: datetime,
    place: str = "",
    call: Call | None = None,
    envelope: Envelope | None = None,
    quorum: int = 50,
    applications: Sequence[Application] = (),
    at: datetime,
    by: Any,
) -> Session:
    """Plan a session of the committee, with its first files or none, or of the Bureau."""
    if not 0 <= quorum <= 100:  # noqa: PLR2004 -- percent
        raise Refused(_("The quorum is a share from 0 to 100 %."), field="quorum")
    if Session.objects.filter(kind=kind, held_at=held_at).exists():
        raise Refused(_("There is a session at this time already."), field="held_at")
    row = Session.objects.create(
        kind=SessionKind(kind),
        held_at=held_at,
        place=clean_line(place),
        call=call,
        envelope=envelope or (call.envelope if call else None),
        quorum=quorum,
    )
    if applications:
        _put(row, applications, at, by)
    record(row, kind=str(kind), held_at=held_at.isoformat())
    return row


@action("fund.agenda_written")
def put_on_agenda(
    *, session: Session, applications: Sequence[Application], at: datetime, by: Any
) -> Session:
    """Put examined files on a committee's agenda: they are before the committee from now on."""
    held = _hold(session, SessionState.PLANNED, SessionState.OPEN)
    if not applications:
        raise Refused(_("Choose at least one file."), field="files")
    _put(held, applications, at, by)
    record(held, added=[one.number for one in applications])
    return held


def _put(held: Session, applications: Sequence[Application], at: datetime, by: Any) -> None:
    if held.kind != SessionKind.COMMITTEE:
        raise Refused(_("The Bureau decides by deliberations."))
    last = AgendaItem.objects.filter(session=held).aggregate(last=Max("position"))["last"] or 0
    for position, one in enumerate(applications, start=last + 1):
        move(application=hold(one), to=Stage.IN_COMMITTEE, at=at, by=by)
        AgendaItem.objects.create(session=held, application=one, position=position)


@action("fund.agenda_shortened")
def take_off_agenda(*, item: AgendaItem, at: datetime, by: Any) -> None:
    """Take a file off the agenda on which nothing was said: it waits for another session."""
    session = _hold(item.session, SessionState.PLANNED, SessionState.OPEN)
    if item.decided_at is not None:
        raise Refused(_("The committee gave its opinion on this file: it stays."))
    move(application=hold(item.application), to=Stage.REVIEWED, at=at, by=by)
    record(session, removed=item.application.number)
    item.delete()


@action("fund.attendance_noted")
def note_attendance(
    *,
    session: Session,
    presences: Mapping[UUID, str],
    proxies: Mapping[UUID, UUID] | None = None,
    on: date,
    by: Any,
) -> list[Attendance]:
    """Note who is there: by appointment, a presence and, for who is represented, by whom.

    A member stands in for one other at most, and must be there.
    """
    held = _hold(session, SessionState.PLANNED, SessionState.OPEN)
    given = dict(proxies or {})
    members = {one.pk: one for one in queries.members(held.kind, on=on)}
    _refuse_proxies(presences, given)
    Attendance.objects.filter(session=held).delete()
    rows = {
        key: Attendance(
            session=held,
            member=member,
            name=member.person.name or member.person.email,
            group=member.group or (member.mandate.name if member.mandate else ""),
            presence=Presence(presences.get(key, Presence.EXCUSED)),
        )
        for key, member in members.items()
    }
    Attendance.objects.bulk_create(rows.values())
    for key, proxy in given.items():
        if key in rows and proxy in rows:
            rows[key].proxy = rows[proxy]
            rows[key].save(update_fields=["proxy"])
    present = sum(one.presence == Presence.PRESENT for one in rows.values())
    record(held, members=len(rows), present=present)
    return list(rows.values())


def _refuse_proxies(presences: Mapping[UUID, str], proxies: Mapping[UUID, UUID]) -> None:
    for key, presence in presences.items():
        if presence == Presence.REPRESENTED and key not in proxies:
            raise Refused(_("Say who stands in for each member who is represented."))
    if len(set(proxies.values())) < len(proxies):
        raise Refused(_("A member stands in for one other at most."))
    for key, proxy in proxies.items():
        if presences.get(key) == Presence.REPRESENTED and (
            key == proxy or presences.get(proxy) != Presence.PRESENT
        ):
            raise Refused(_("Who stands in for a member must be there."))


@action("fund.session_opened")
def open_session(*, session: Session, at: datetime, by: Any) -> Session:
    """Open a session: only with enough members there; its papers say at which hour."""
    held = _hold(session, SessionState.PLANNED)
    count = queries.quorum_of(held, queries.attendance(held))
    if not count.reached:
        words = _("The quorum is not reached: %(present)s there, %(needed)s needed.")
        raise Refused(words % {"present": count.present, "needed": count.needed})
    held.state, held.opened_at = SessionState.OPEN, at
    held.save(update_fields=["state", "opened_at"])
    record(held, present=count.present, entitled=count.entitled)
    return held


@action("fund.scenario_made")
def make_scenario(
    *, session: Session, title: str, rule: str, limit: Decimal | None = None, at: datetime, by: Any
) -> Scenario:
    """Rank a session's files against its envelope, by a rule; by hand begins in order of score."""
    held = _hold(session, SessionState.PLANNED, SessionState.OPEN)
    line = clean_line(title)
    if not line:
        raise Refused(_("Give this ranking a name."), field="title")
    if Scenario.objects.filter(session=held, title=line).exists():
        raise Refused(_("Another ranking has this name already."), field="title")
    room = limit if limit is not None else queries.left_in(held.envelope)
    if room is None or room <= 0:
        raise Refused(_("Say how many euros there are to share out."), field="limit")
    made = Scenario.objects.create(
        session=held, title=line, rule=RankingRule(rule), limit=room, at=at
    )
    items = queries.whole_agenda(held)
    found = ranking.by_score(queries.candidates(items))
    paid = ranking.RULES[rule](found, room) if rule in ranking.RULES else frozenset()
    ScenarioLine.objects.bulk_create(
        ScenarioLine(
            scenario=made,
            application_id=UUID(one.key),
            rank=rank,
            amount=one.amount if one.key in paid and one.amount > 0 else None,
        )
        for rank, one in enumerate(sorted(found, key=lambda c: c.key not in paid), start=1)
    )
    record(held, scenario=line, rule=str(rule), paid=len(paid))
    return made


@action("fund.scenario_changed")
def change_scenario(
    *, scenario: Scenario, lines: Mapping[UUID, tuple[int, Decimal | None]], by: Any
) -> Scenario:
    """Rank by hand: for each line, its rank and what the file would get; None pays nothing."""
    held = Scenario.objects.select_for_update().select_related("session").get(pk=scenario.pk)
    _hold(held.session, SessionState.PLANNED, SessionState.OPEN)
    rows = {one.pk: one for one in held.lines.select_related("application")}
    changed = {rows[key]: values for key, values in lines.items() if key in rows}
    for one, (_rank, amount) in changed.items():
        refuse_amount(amount, one.application, f"amount_{one.application.number}")
    order = sorted(rows.values(), key=lambda one: (changed.get(one, (one.rank,))[0], one.rank))
    for rank, one in enumerate(order, start=1):
        one.rank, one.amount = rank, changed[one][1] if one in changed else one.amount
    ScenarioLine.objects.bulk_update(order, ["rank", "amount"])
    held.rule = RankingRule.HAND
    held.save(update_fields=["rule"])
    record(held.session, scenario=held.title)
    return held


@action("fund.scenario_retained")
def retain_scenario(*, scenario: Scenario, at: datetime, by: Any) -> Scenario:
    """Take a ranking as the committee's: what it pays is proposed for each file, still secret."""
    held = Scenario.objects.select_for_update().select_related("session").get(pk=scenario.pk)
    session = _hold(held.session, SessionState.OPEN)
    lines = list(held.lines.select_related("application"))
    total = sum((one.amount or queries.NOTHING for one in lines), queries.NOTHING)
    if total > held.limit:
        raise Refused(_("This ranking pays more than the envelope holds."))
    Scenario.objects.filter(session=session, retained=True).update(retained=False)
    held.retained = True
    held.save(update_fields=["retained"])
    for one in lines:
        rows = AgendaItem.objects.filter(session=session, application=one.application)
        rows.filter(decided_at=None).update(amount=one.amount)
    record(session, scenario=held.title, total=str(total))
    return held


@action("fund.opinion_given")
def give_opinion(
    *,
    item: AgendaItem,
    opinion: str = "",
    amount: Decimal | None = None,
    reason: str = "",
    deferred: bool = False,
    votes_for: int | None = None,
    votes_against: int | None = None,
    abstentions: int | None = None,
    on: date,
    at: datetime,
    by: Any,
) -> AgendaItem:
    """Note what the committee proposes for a file, with the vote of who is not kept away."""
    rows = AgendaItem.objects.select_related("application", "session")
    row = rows.select_for_update(of=("self",)).get(pk=item.pk)
    session = _hold(row.session, SessionState.OPEN)
    why = clean_line(reason)
    _refuse_opinion(opinion, amount, why, row.application, deferred=deferred)
    attended = queries.attendance(session)
    away = queries.recused([row], on=on)[row.application_id]
    count = queries.quorum_of(session, attended, [one.person.pk for one in away])
    if not count.reached:
        words = _("Without who is kept away, the quorum is not reached: %(present)s, %(needed)s.")
        raise Refused(words % {"present": count.present, "needed": count.needed})
    votes = (votes_for, votes_against, abstentions)
    _refuse_votes(votes, queries.voices(attended, [one.person.pk for one in away]))
    row.opinion, row.amount = ("", None) if deferred else (Opinion(opinion), amount)
    row.reason, row.deferred, row.decided_at = why, deferred, at
    row.votes_for, row.votes_against, row.abstentions = votes
    row.present, row.entitled = count.present, count.entitled
    named = {one.member.person_id for one in attended if one.member is not None}
    row.recused = [
        {"name": one.person.name, "ground": str(one.ground), "detail": one.detail}
        for one in away
        if one.person.pk in named
    ]
    row.save()
    record(session, file=row.application.number)
    return row


def _refuse_opinion(
    opinion: str, amount: Decimal | None, why: str, application: Application, *, deferred: bool
) -> None:
    if deferred:
        if not why:
            raise Refused(_("Say why the file is deferred."), field="reason")
        return
    if opinion not in Opinion.values:
        raise Refused(_("Choose what the committee proposes."), field="opinion")
    if opinion == Opinion.UNFAVOURABLE:
        if not why:
            raise Refused(_("Say why: the reason is given with the decision."), field="reason")
        if amount is not None:
            raise Refused(_("A file that is not proposed gets no amount."), field="amount")
    elif amount is None:
        raise Refused(_("Say the amount that is proposed."), field="amount")
    refuse_amount(amount, application, "amount")


def refuse_amount(amount: Decimal | None, application: Application, field: str) -> None:
    """Refuse more than was asked, and what is no amount of euros and cents."""
    if amount is None:
        return
    if not amount.is_finite() or not 0 < amount <= _MOST or amount != amount.quantize(_CENT):
        words = _("An amount is more than 0 €, in euros and cents; leave it empty for none.")
        raise Refused(words, field=field)
    if application.requested is not None and amount > application.requested:
        raise Refused(_("This is more than the file asks."), field=field)


def _refuse_votes(votes: tuple[int | None, int | None, int | None], voices: int) -> None:
    if any(one is None for one in votes):
        raise Refused(_("Write the votes: for, against, abstentions."), field="votes_for")
    if sum(one or 0 for one in votes) != voices:
        words = _("The votes add up to %(voices)s: those there and those they stand in for.")
        raise Refused(words % {"voices": voices}, field="votes_for")


@action("fund.session_closed")
def close_session(*, session: Session, at: datetime, by: Any) -> Session:
    """Close a committee's session: files get their stage; what was not looked at waits again."""
    held = _hold(session, SessionState.OPEN)
    if held.kind != SessionKind.COMMITTEE:
        raise Refused(_("The Bureau’s session is over once its deliberations are sealed."))
    for row in queries.whole_agenda(held):
        to = _stage_of(row)
        move(application=hold(row.application), to=to, at=at, reason=row.reason, by=by)
    AgendaItem.objects.filter(session=held, decided_at=None).delete()
    held.state, held.closed_at = SessionState.CLOSED, at
    held.save(update_fields=["state", "closed_at"])
    record(held, kind=held.kind)
    return held


def _stage_of(row: AgendaItem) -> Stage:
    if row.decided_at is None:
        return Stage.REVIEWED
    if row.deferred:
        return Stage.DEFERRED
    return Stage.NOT_RECOMMENDED if row.opinion == Opinion.UNFAVOURABLE else Stage.RECOMMENDED


def _hold(session: Session, *states: str) -> Session:
    """Give a session as it is now, held until the action ends; refused in another state."""
    rows = Session.objects.select_related("call", "envelope").select_for_update(of=("self",))
    held = rows.get(pk=session.pk)
    if held.state not in states:
        known = {"state": SessionState(held.state).label}
        raise Refused(_("This session is %(state)s: that can no longer be done.") % known)
    return held
