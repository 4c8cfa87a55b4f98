"""What the API and the files give of the master plan and of digital commons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from communs.core.registry.service import noop
from communs.services.fund.enums import Challenge, CommonState, ReplicationState, Verdict
from communs.services.fund.models import Common
from communs.services.fund.queries.commons import Copy
from communs.services.fund.queries.master_plan import Row, Rung


class ChallengeOut(Schema):
    """A challenge of the master plan; null is unknown, never 0."""

    challenge: Challenge | None = Field(
        description=noop("Challenge of the master plan; empty for grants without one")
    )
    funded: int = Field(description=noop("Grants of the challenge"))
    live: int | None = Field(
        description=noop("Of these, those whose experiment or service runs, or ran to its end")
    )
    live_unknown: int = Field(description=noop("Of these, those of which nothing is known"))
    proven: int | None = Field(description=noop("Of these, those whose evaluation is a success"))
    replicated: int | None = Field(
        description=noop("Of these, those that another commune has confirmed")
    )
    workstreams: int = Field(description=noop("Workstreams of the challenge that are under way"))
    lessons: int = Field(description=noop("Lessons of the challenge that are in the plan"))


class CommonOut(Schema):
    """An evaluated success that communes may take over."""

    code: str = Field(description=noop("Name of the common, for good"))
    title: str = Field(description=noop("Title"))
    summary: str = Field(description=noop("In one sentence"))
    service: str = Field(description=noop("Service that it configures"))
    commune: str = Field(description=noop("Commune that tried it, as in addresses"))
    challenge: Challenge | None = Field(description=noop("Challenge of the master plan"))
    state: CommonState = Field(
        description=noop("offered, or confirmed once another commune has found it again")
    )
    verdict: Verdict = Field(description=noop("What its evaluation ended with"))
    licence: str = Field(description=noop("Licence of the configuration (SPDX)"))
    version: int = Field(description=noop("Version of the configuration"))
    sha256: str = Field(description=noop("Digest of the configuration"))
    offered_at: datetime = Field(description=noop("Since when it is offered"))
    confirmed_at: datetime | None = Field(description=noop("Since when it is a digital common"))
    copies: int = Field(description=noop("Other communes that run it"))
    confirmed: int = Field(description=noop("Of these, those that confirmed it"))


class FigureOut(Schema):
    """What an indicator of the original measures in a copy."""

    indicator: str
    first: date
    last: date
    days: int
    value: Decimal | None


class CopyOut(Schema):
    """A commune that takes a common over."""

    commune: str
    state: ReplicationState
    running: bool
    source: str | None
    version: int | None
    installed_at: datetime | None
    confirmed_at: datetime | None
    measured: list[FigureOut]


class CommonWithCopies(CommonOut):
    """A common with the communes that take it over."""

    places: list[CopyOut]


class CommonsOut(Schema):
    """A page of the catalogue."""

    count: int
    offset: int
    limit: int
    commons: list[CommonOut]


class AskIn(Schema):
    """A request of a commune that one administers, by its slug."""

    commune: str = Field(max_length=60)
    message: str = Field(default="", max_length=1000)


CHALLENGE_COLUMNS = tuple(ChallengeOut.model_fields)
COMMON_COLUMNS = tuple(CommonOut.model_fields)


def challenge_row(row: Row) -> dict[str, Any]:
    """Give a challenge as the API and the files do."""
    return {
        "challenge": row.challenge.value if row.challenge else None,
        "funded": row.counts[Rung.FUNDED],
        "live": row.known(Rung.LIVE),
        "live_unknown": row.silent,
        "proven": row.known(Rung.PROVEN),
        "replicated": row.known(Rung.REPLICATED),
        "workstreams": sum(one.closed_on is None for one in row.workstreams),
        "lessons": row.lesson_count,
    }


def common_row(row: Any) -> dict[str, Any]:
    """Give a common, counted as `queries.commons` counts, as the API and the files do."""
    experiment = row.evaluation.experiment
    found: Common = row
    names = ("code", "title", "summary", "service", "licence", "offered_at", "confirmed_at")
    return {name: getattr(found, name) for name in names} | {
        "commune": experiment.site.slug,
        "challenge": experiment.grant.challenge,
        "state": str(found.state),
        "verdict": str(found.evaluation.verdict),
        "version": found.bundle_version,
        "sha256": found.digest,
        "copies": row.held,
        "confirmed": row.confirmed,
    }


def copy_row(copy: Copy) -> dict[str, Any]:
    """Give a copy as the API does; what a commune wrote when it asked is not public."""
    row = copy.replication
    names = ("version", "installed_at", "confirmed_at")
    figures = ("indicator", "first", "last", "days", "value")
    return {name: getattr(row, name) for name in names} | {
        "commune": row.place.slug,
        "state": str(row.state),
        "running": copy.runs,
        "source": copy.source or None,
        "measured": [{name: one[name] for name in figures} for one in row.measured],
    }
