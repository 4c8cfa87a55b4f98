"""The Bureau's deliberations: decisions, vote, seal; only the seal makes a grant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line, clean_text
from communs.services.fund.actions.awarding import award
from communs.services.fund.actions.committee import refuse_amount
from communs.services.fund.actions.moving import hold, move
from communs.services.fund.engine.sealing import digest
from communs.services.fund.enums import Opinion, Outcome, SessionKind, SessionState, Stage
from communs.services.fund.models import (
    Application,
    Decision,
    Deliberation,
    Seal,
    Session,
)
from communs.services.fund.queries import sessions as queries

_STAGES = {
    Outcome.AWARDED: Stage.AWARDED,
    Outcome.REFUSED: Stage.REFUSED,
    Outcome.POSTPONED: Stage.POSTPONED,
}


@action("fund.deliberation_written")
def write_deliberation(
    *,
    session: Session,
    number: str,
    title: str,
    text: str = "",
    applications: Sequence[Application] = (),
    at: datetime,
    by: Any,
) -> Deliberation:
    """Begin an act of the Bureau, with files or before them: its number is its own, for good."""
    held = _hold(session)
    name, line = clean_line(number), clean_line(title)
    if not name:
        raise Refused(_("Give the deliberation its number."), field="number")
    if not line:
        raise Refused(_("Say what it is about."), field="title")
    if Deliberation.objects.filter(number=name).exists():
        raise Refused(_("Another deliberation has this number already."), field="number")
    row = Deliberation.objects.create(session=held, number=name, title=line, text=clean_text(text))
    _put(row, applications, at, by)
    record(row, number=name)
    return row


@action("fund.decision_added")
def add_to_deliberation(
    *, deliberation: Deliberation, applications: Sequence[Application], at: datetime, by: Any
) -> list[Decision]:
    """Put files before the Bureau, each with what the committee proposed."""
    held = hold_deliberation(deliberation)
    if not applications:
        raise Refused(_("Choose at least one file."), field="files")
    rows = _put(held, applications, at, by)
    record(held, files=[one.application.number for one in rows])
    return rows


def _put(
    held: Deliberation, applications: Sequence[Application], at: datetime, by: Any
) -> list[Decision]:
    """Add files to an act, each with what the committee proposed."""
    last = Decision.objects.filter(deliberation=held).aggregate(last=Max("position"))["last"] or 0
    rows = []
    for position, one in enumerate(applications, start=last + 1):
        file = hold(one)
        move(application=file, to=Stage.AT_BUREAU, at=at, by=by)
        rows.append(_proposed(held, file, position))
    return rows


def _proposed(deliberation: Deliberation, file: Application, position: int) -> Decision:
    """Write the decision that the committee proposed, to be confirmed by the Bureau."""
    proposal = queries.proposal(file)
    paid = proposal is not None and proposal.opinion != Opinion.UNFAVOURABLE
    amount = proposal.amount if proposal is not None and paid else None
    reason = proposal.reason if proposal is not None else ""
    return Decision.objects.create(
        deliberation=deliberation,
        application=file,
        position=position,
        outcome=Outcome.AWARDED if amount else Outcome.REFUSED,
        amount=amount,
        reason="" if amount else reason or _("To be written."),
    )


@action("fund.decision_removed")
def take_from_deliberation(*, decision: Decision, at: datetime, by: Any) -> None:
    """Take a file off a deliberation that is not sealed: it waits for another session."""
    held = hold_deliberation(decision.deliberation)
    file = hold(decision.application)
    proposed = queries.proposal(file)
    against = proposed is not None and proposed.opinion == Opinion.UNFAVOURABLE
    move(
        application=file,
        to=Stage.NOT_RECOMMENDED if against else Stage.RECOMMENDED,
        at=at,
        by=by,
    )
    decision.delete()
    record(held, file=file.number)


@action("fund.decision_set")
def set_decision(
    *,
    decision: Decision,
    outcome: str,
    amount: Decimal | None = None,
    reason: str = "",
    by: Any,
) -> Decision:
    """Say what the Bureau decides on a file: how much, or why not."""
    held = hold_deliberation(decision.deliberation)
    if outcome not in Outcome.values:
        raise Refused(_("Choose what is decided."), field="outcome")
    row = Decision.objects.select_for_update().get(pk=decision.pk)
    row.outcome, row.amount, row.reason = outcome, amount, clean_line(reason)
    _refuse_decision(row, decision.application)
    row.save(update_fields=["outcome", "amount", "reason"])
    record(held, file=decision.application.number)
    return row


def _refuse_decision(row: Decision, application: Application) -> None:
    if row.outcome == Outcome.AWARDED:
        if row.amount is None:
            raise Refused(_("Say how much is awarded, in euros."), field="amount")
        refuse_amount(row.amount, application, "amount")
        return
    if row.amount is not None:
        raise Refused(_("Nothing is awarded: leave the amount empty."), field="amount")
    if not row.reason:
        raise Refused(_("Say why: the reason is given with the decision."), field="reason")


@action("fund.vote_noted")
def note_vote(
    *,
    deliberation: Deliberation,
    votes_for: int,
    votes_against: int,
    abstentions: int,
    by: Any,
) -> Deliberation:
    """Note how the Bureau voted; the votes are those that there can be."""
    held = hold_deliberation(deliberation)
    if held.session.state != SessionState.OPEN:
        raise Refused(_("The session is not open."))
    voices = queries.voices(queries.attendance(held.session))
    if votes_for + votes_against + abstentions != voices:
        words = _("The votes add up to %(voices)s: those there and those they stand in for.")
        raise Refused(words % {"voices": voices}, field="votes_for")
    held.votes_for, held.votes_against, held.abstentions = votes_for, votes_against, abstentions
    held.save(update_fields=["votes_for", "votes_against", "abstentions"])
    record(held, number=held.number)
    return held


@action("fund.deliberation_sealed")
def seal(*, deliberation: Deliberation, at: datetime, by: Any) -> Seal:
    """Seal an act: its files are decided, its grants exist, and it changes no more.

    Refused without a quorum, a vote in favour, a decision on something, or room in the envelope.
    """
    held = hold_deliberation(deliberation)
    decisions = list(held.decisions.select_related("application__call").order_by("position", "id"))
    _refuse_unsealable(held, decisions)
    content = content_of(held, decisions)
    last = Seal.objects.order_by("-at", "-id").first()
    previous = last.digest if last else ""
    sealed = Seal.objects.create(
        deliberation=held,
        content=content,
        previous=previous,
        digest=digest(content, previous),
        at=at,
    )
    for row in decisions:
        file = hold(row.application)
        to = _STAGES[Outcome(row.outcome)]
        also = {} if row.outcome == Outcome.POSTPONED else {"decided_at": at}
        move(application=file, to=to, at=at, reason=row.reason, also=also, by=by)
    award(sealed, decisions)
    _close(held.session, at)
    record(held, number=held.number, digest=sealed.digest, session=str(held.session_id))
    return sealed


def content_of(deliberation: Deliberation, decisions: list[Decision]) -> dict[str, Any]:
    """Give what an act says, as it is sealed: plain JSON, amounts as text."""
    session = deliberation.session
    return {
        "body": str(session.kind),
        "held_at": session.held_at.isoformat(),
        "number": deliberation.number,
        "title": deliberation.title,
        "text": deliberation.text,
        "votes": [deliberation.votes_for, deliberation.votes_against, deliberation.abstentions],
        "attendance": [
            {"name": one.name, "presence": str(one.presence)} for one in queries.attendance(session)
        ],
        "decisions": [
            {
                "file": row.application.number,
                "title": row.application.title,
                "outcome": str(row.outcome),
                "amount": None if row.amount is None else f"{row.amount:.2f}",
                "reason": row.reason,
            }
            for row in decisions
        ],
    }


def _refuse_unsealable(held: Deliberation, decisions: list[Decision]) -> None:
    session = held.session
    if session.state != SessionState.OPEN:
        raise Refused(_("The session is not open."))
    if not decisions and not held.text:  # an act on an amendment says so in words
        raise Refused(_("This deliberation decides on nothing yet."))
    if held.votes_for is None:
        raise Refused(_("Write how the Bureau voted first."))
    if held.votes_for <= (held.votes_against or 0):
        raise Refused(_("The vote is not in favour: this deliberation is not adopted."))
    _refuse_recused(session, decisions)
    given = sum((row.amount or queries.NOTHING for row in decisions), queries.NOTHING)
    left = queries.left_in(session.envelope)
    if left is not None and given > left:
        words = _("This awards %(given)s €, and the envelope holds %(left)s €.")
        raise Refused(words % {"given": given, "left": left})


def _refuse_recused(session: Session, decisions: list[Decision]) -> None:
    """Refuse where, without who is kept away from a file, too few would be left to decide on it."""
    attended = queries.attendance(session)
    away = queries.recused(decisions, on=session.held_at.date())
    for row in decisions:
        without = [one.person.pk for one in away[row.application_id]]
        count = queries.quorum_of(session, attended, without)
        if not count.reached:
            words = _("%(file)s: without who is kept away, the quorum is not reached.")
            raise Refused(words % {"file": row.application.number})


def _close(session: Session, at: datetime) -> None:
    """A session is sealed once all of its deliberations are."""
    if not Deliberation.objects.filter(session=session, seals=None).exists():
        Session.objects.filter(pk=session.pk).update(state=SessionState.SEALED, closed_at=at)


def hold_deliberation(deliberation: Deliberation) -> Deliberation:
    """Give an act held until the action ends; refused once it is sealed."""
    rows = Deliberation.objects.select_related("session__envelope", "session__call__programme")
    held = rows.select_for_update(of=("self",)).get(pk=deliberation.pk)
    if Seal.objects.filter(deliberation=held).exists():
        raise Refused(_("This deliberation is sealed: it can no longer be changed."))
    return held


def _hold(session: Session) -> Session:
    held = Session.objects.select_for_update().get(pk=session.pk)
    if held.kind != SessionKind.BUREAU or held.state not in (
        SessionState.PLANNED,
        SessionState.OPEN,
    ):
        raise Refused(_("Deliberations are written for a session of the Bureau that is not over."))
    return held
