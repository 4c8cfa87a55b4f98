"""What the API gives of the committee's and the Bureau's sessions to who sits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from communs.core.registry.service import noop
from communs.services.fund.enums import Opinion, Outcome, SessionKind, SessionState
from communs.services.fund.models import AgendaItem, Decision, Deliberation, Session


class SessionRow(Schema):
    """A session; `files` are those that its reader may read."""

    key: UUID
    kind: SessionKind
    state: SessionState
    held_at: datetime
    place: str
    call: str | None
    files: int


class QuorumOut(Schema):
    """How many may vote, how many are there, how many must be."""

    entitled: int
    present: int
    needed: int
    reached: bool


class ItemOut(Schema):
    """A file on the agenda; what is proposed stays unknown until it is noted."""

    application: str
    title: str
    requested: Decimal | None
    score: Decimal | None
    opinion: Opinion | None
    amount: Decimal | None
    reason: str
    deferred: bool
    recused: int = Field(description=noop("How many members were kept away from this file"))


class SessionOut(SessionRow):
    """A session of the committee with its agenda."""

    quorum: QuorumOut
    agenda: list[ItemOut]


class PutOut(Schema):
    """What a deliberation puts to the vote of a file."""

    application: str
    title: str
    outcome: Outcome
    amount: Decimal | None
    reason: str


class PreparedOut(Schema):
    """A deliberation, sealed or not."""

    key: UUID
    number: str
    title: str
    sealed: bool
    decisions: list[PutOut]


class SittingOut(SessionRow):
    """A session of the Bureau with its deliberations."""

    quorum: QuorumOut
    deliberations: list[PreparedOut]


def session_row(one: Session) -> dict[str, Any]:
    """Give a session as the API does, without its files."""
    names = ("kind", "state", "held_at", "place")
    told = {name: getattr(one, name) for name in names}
    return told | {"key": one.pk, "call": one.call.code if one.call else None}


def item_row(one: AgendaItem) -> dict[str, Any]:
    """Give a file on the agenda as the API does."""
    file = one.application
    return {
        "application": file.number,
        "title": file.title,
        "requested": file.requested,
        "score": file.score,
        "opinion": one.opinion or None,
        "amount": one.amount,
        "reason": one.reason,
        "deferred": one.deferred,
        "recused": len(one.recused),
    }


def prepared_row(one: Deliberation, decisions: Iterable[Decision]) -> dict[str, Any]:
    """Give a deliberation as the API does, with the decisions that its reader may read."""
    names = ("outcome", "amount", "reason")
    return {
        "key": one.pk,
        "number": one.number,
        "title": one.title,
        "sealed": bool(one.seals.all()),
        "decisions": [
            {"application": row.application.number, "title": row.application.title}
            | {name: getattr(row, name) for name in names}
            for row in decisions
        ],
    }
