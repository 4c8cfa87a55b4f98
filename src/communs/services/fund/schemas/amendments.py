"""What follows a signature, as programs give and take it: amendments, scans, claims, recoveries."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from communs.core.registry.service import noop
from communs.services.fund import actions
from communs.services.fund.enums import AmendmentKind, AmendmentState
from communs.services.fund.models import Agreement, Amendment, Recovery
from communs.services.fund.queries import agreements as queries
from communs.services.fund.schemas.applications import PRINTED, Amount

Why = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=PRINTED)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=PRINTED)]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=PRINTED)]
_WAITS = (AmendmentState.TO_VOTE, AmendmentState.TO_SIGN)


class PartOut(Schema):
    """The part of the grant that a party bears once an amendment is in force."""

    party: UUID
    name: str
    amount: Decimal


class AmendmentOut(Schema):
    """A change of an agreement; `missing_pages` while it waits for its signed pages."""

    id: UUID
    position: int
    kind: AmendmentKind
    state: AmendmentState
    reason: str
    needs_vote: bool
    deliberation: UUID | None = Field(description=noop("The act by which it was voted"))
    ends_on: date | None = Field(description=noop("The new last day, where more time is given"))
    leaves: UUID | None = Field(description=noop("The party that leaves"))
    parts: list[PartOut]
    missing_pages: list[int]
    written_at: datetime
    settled_at: datetime | None


class RecoveryOut(Schema):
    """What was paid too much and is asked back; `received_on` once it came."""

    id: UUID
    amount: Decimal
    reason: str
    asked_on: date
    received_on: date | None
    reference: str


class ScanOut(Schema):
    """What became of a scan: pages found and still missing by paper; others by place in it."""

    found: dict[str, list[int]]
    missing: dict[str, list[int]]
    doubled: list[int]
    unread: list[int]
    foreign: list[int]


class SignatureIn(Schema):
    """That all have signed; a file is needed only where pages could not be read."""

    signed_on: date
    checked_by_hand: bool = Field(
        default=False, description=noop("Somebody looked at every page and signature of the file")
    )


class EndIn(Schema):
    """Why an agreement ends before its time, and what is asked back."""

    reason: Why
    lapsed: bool = Field(default=False, description=noop("Its time ran out"))
    recover: Amount | None = Field(
        default=None, description=noop("Asked back of what was paid; null: nothing")
    )


class ExtensionIn(Schema):
    """More time."""

    ends_on: date
    reason: Reason


class LeaveIn(Schema):
    """A party that leaves."""

    party: UUID
    reason: Reason


class PartIn(Schema):
    """The part of the grant that a party shall bear."""

    party: UUID
    amount: Amount


class ShiftIn(Schema):
    """The same grant, shared out otherwise; a party that is not named keeps its part."""

    parts: list[PartIn] = Field(max_length=200)
    reason: Reason


class VoteIn(Schema):
    """The sealed act that names the agreement."""

    deliberation: UUID


class ClaimIn(Schema):
    """What was spent so far on what counts; evidence comes as files."""

    organisation: UUID | None = Field(
        default=None, description=noop("Who claims; needed only by who acts for several partners")
    )
    spent: Amount = Field(description=noop("In euros, as written: 1250.50"))
    note: Note = ""


class ReceivedIn(Schema):
    """That money came back."""

    on: date
    reference: Annotated[str, StringConstraints(max_length=60, pattern=PRINTED)] = ""


def amendments_of(agreement: Agreement) -> list[dict[str, Any]]:
    """Give the amendments of an agreement, the first before."""
    return [_amendment(agreement, one) for one in agreement.amendments.all()]


def recoveries_of(agreement: Agreement) -> list[Recovery]:
    """Give what was asked back, the first before."""
    return list(agreement.recoveries.all())


def scan_out(shared: actions.Shared) -> dict[str, Any]:
    """Give what became of a scan."""
    names = ("found", "missing", "doubled", "unread", "foreign")
    return {name: getattr(shared, name) for name in names}


def _amendment(agreement: Agreement, one: Amendment) -> dict[str, Any]:
    names = ("position", "kind", "state", "reason", "needs_vote", "written_at", "settled_at")
    waits = one.state in _WAITS
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "deliberation": one.seal.deliberation_id if one.seal else None,
        "ends_on": one.change.get("ends_on"),
        "leaves": one.change.get("party"),
        "parts": one.change.get("parts", []),
        "missing_pages": (queries.missing_pages(agreement, one) if waits else None) or [],
    }
