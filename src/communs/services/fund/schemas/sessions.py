"""What the API gives of opinions, sessions and acts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from communs.services.fund.enums import Opinion, Outcome
from communs.services.fund.models import Decision, Deliberation, Review


class ScoreIn(Schema):
    """A score for a criterion, in halves."""

    criterion: str = Field(max_length=40)
    value: Decimal = Field(ge=0, le=100, decimal_places=1)


class ReviewIn(Schema):
    """One's own opinion, or an abstention that says why."""

    opinion: Opinion | None = None
    comment: str = Field(default="", max_length=8000)
    abstained: bool = False
    scores: list[ScoreIn] = Field(default_factory=list, max_length=100)


class ReviewOut(Schema):
    """An opinion that its reader may see; its author is named only where the phase says so."""

    reviewer: str | None
    phase: str
    opinion: Opinion | None
    abstained: bool
    comment: str
    sent_at: datetime
    scores: dict[str, Decimal]


class DecisionOut(Schema):
    """What an act decides on an application; an amount is unknown where nothing is awarded."""

    deliberation: str
    session: datetime
    sealed_at: datetime
    seal: str
    application: str
    title: str
    outcome: Outcome
    amount: Decimal | None
    reason: str


class ActOut(Schema):
    """A sealed act of the Bureau, with its vote, its seal and the seal before it."""

    key: UUID
    number: str
    title: str
    text: str
    session: datetime
    votes_for: int | None
    votes_against: int | None
    abstentions: int | None
    sealed_at: datetime
    seal: str
    previous: str
    decisions: list[DecisionOut]


DECISION_COLUMNS = tuple(DecisionOut.model_fields)


def review_row(review: Review, *, named: bool) -> dict[str, Any]:
    """Give an opinion as the API does."""
    return {
        "reviewer": review.person.name if named else None,
        "phase": review.phase.title,
        "opinion": review.opinion or None,
        "abstained": review.abstained,
        "comment": review.comment,
        "sent_at": review.sent_at,
        "scores": {one.criterion.code: one.value for one in review.scores.all()},
    }


def decision_row(act: Deliberation, one: Decision) -> dict[str, Any]:
    """Give a decision of a sealed act as a line of open data."""
    sealed = act.seals.all()[0]
    return {
        "deliberation": act.number,
        "session": act.session.held_at,
        "sealed_at": sealed.at,
        "seal": sealed.digest,
        "application": one.application.number,
        "title": one.application.title,
        "outcome": str(one.outcome),
        "amount": one.amount,
        "reason": one.reason,
    }


def act_row(act: Deliberation) -> dict[str, Any]:
    """Give a sealed act as the API does."""
    sealed = act.seals.all()[0]
    names = ("number", "title", "text", "votes_for", "votes_against", "abstentions")
    return {
        "key": act.pk,
        **{name: getattr(act, name) for name in names},
        "session": act.session.held_at,
        "sealed_at": sealed.at,
        "seal": sealed.digest,
        "previous": sealed.previous,
        "decisions": [decision_row(act, one) for one in act.decisions.all()],
    }
