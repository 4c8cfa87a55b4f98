"""Calls and applications, as programs give and take them. Amounts are written: "1250.50"."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from communs.core.kit.errors import Refused
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.actions import EarlyStart, ExpenseLine, ResourceLine
from communs.services.fund.engine.financing import amounts
from communs.services.fund.enums import CallKind, Funder, PartnerRole, Stage
from communs.services.fund.models import Application, Call, Missing, Partner
from communs.services.fund.queries.explaining import amount_refused

PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=PRINTED)]
Words = Annotated[str, StringConstraints(max_length=1000, pattern=PRINTED)]
Amount = Annotated[str, StringConstraints(max_length=40, pattern=PRINTED)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]


class CallOut(Schema):
    """A call; it is open from `opens_at` to `closes_at`, that instant not included."""

    code: str
    title: str
    summary: str
    kind: CallKind
    programme: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    challenges: list[str]
    rules: dict[str, Any] | None = Field(description=noop("Rates and ceilings, as data"))
    example: bool = Field(description=noop("Whether it is made up for a demonstration"))


class PartnerOut(Schema):
    """An organisation of an application; `amount` is its part, to the cent, of what is awarded.

    As long as nothing is awarded, it is its part of the request.
    """

    id: UUID
    name: str
    role: PartnerRole
    share: Decimal | None
    amount: Decimal | None
    signed_at: datetime | None


class MissingOut(Schema):
    """Something that was asked for."""

    id: UUID
    what: str
    field: str
    asked_at: datetime
    due_on: date | None
    answer: str
    answered_at: datetime | None
    accepted_at: datetime | None


class ApplicationRow(Schema):
    """An application, as a list has it."""

    number: str
    title: str
    call: str
    stage: Stage
    stage_since: datetime
    requested: Decimal | None
    partners: list[str]


class ApplicationsOut(Schema):
    """A page of applications."""

    count: int
    offset: int
    limit: int
    applications: list[ApplicationRow]


class ApplicationOut(Schema):
    """An application with its partners and what was asked for."""

    number: str
    title: str
    summary: str
    call: str
    stage: Stage
    stage_since: datetime
    challenges: list[str]
    requested: Decimal | None
    granted: Decimal | None = Field(description=noop("What a sealed deliberation awards"))
    deliberation: str | None = Field(description=noop("Number of that deliberation"))
    submitted_at: datetime | None
    complete_at: datetime | None
    early_start: bool | None
    early_start_on: date | None
    partners: list[PartnerOut]
    missing: list[MissingOut]
    version: str = Field(description=noop("What partners sign; to be given back when changing it"))


class ObstacleOut(Schema):
    """What stands in the way of sending."""

    code: str
    detail: str


class ApplicationIn(Schema):
    """Who applies to which call: the slug of a commune, or the key of a firm."""

    call: Slug
    commune: Slug | None = None
    organisation: UUID | None = None
    site: UUID | None = None
    title: Line


class ProjectIn(Schema):
    """What the project is."""

    title: Line
    summary: Annotated[str, StringConstraints(max_length=256, pattern=PRINTED)] = ""
    challenges: list[Slug] = Field(default=[], max_length=6)


class ExpenseIn(Schema):
    """A line of cost; what is not known is null, never 0."""

    type: Annotated[str, StringConstraints(max_length=40, pattern=PRINTED)]
    label: Line
    before_tax: Amount | None = None
    with_tax: Amount | None = None


class ResourceIn(Schema):
    """A line of what pays."""

    funder: Funder
    label: Annotated[str, StringConstraints(max_length=160, pattern=PRINTED)] = ""
    amount: Amount
    secured: bool = False


class PlanIn(Schema):
    """A whole plan; `seen` is the version that was read."""

    expenses: list[ExpenseIn] = Field(max_length=60)
    resources: list[ResourceIn] = Field(max_length=60)
    requested: Amount | None = None
    seen: Annotated[str, StringConstraints(max_length=32, pattern=PRINTED)]


class RuleOut(Schema):
    """A rule, kept, broken or not to be told yet (null), in words."""

    code: str
    ok: bool | None
    detail: str


class PlanOut(Schema):
    """A plan with what the rules make of it."""

    version: str
    expenses: list[dict[str, Any]]
    resources: list[dict[str, Any]]
    requested: Decimal | None
    cost: Decimal | None = Field(description="Nothing while no cost is written")
    eligible: Decimal | None
    highest: Decimal | None
    rules: list[RuleOut]
    joined: str


class PartnerIn(Schema):
    """Who is asked to join."""

    commune: Slug | None = None
    organisation: UUID | None = None
    role: PartnerRole
    share: Amount | None = None


class SignIn(Schema):
    """An agreement to what was read."""

    seen: Annotated[str, StringConstraints(max_length=32, pattern=PRINTED)]


class ReasonIn(Schema):
    """Why."""

    reason: Words


class AskedIn(Schema):
    """One thing that is missing."""

    what: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=PRINTED)]
    field: Annotated[str, StringConstraints(max_length=120, pattern=PRINTED)] = ""


class MissingIn(Schema):
    """What is missing, and by when to answer."""

    items: list[AskedIn] = Field(min_length=1, max_length=20)
    due_on: date | None = None


class AnswerIn(Schema):
    """An answer in words; files are sent on the page."""

    answer: Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=PRINTED)]


class CompleteIn(Schema):
    """Whether the project may start before the award: always said."""

    early_start: bool
    early_start_on: date | None = None
    early_start_reason: Words = ""

    def early(self) -> EarlyStart:
        """Give the decision."""
        return EarlyStart(self.early_start, self.early_start_on, self.early_start_reason)


class EligibleIn(Schema):
    """Whether a complete application is eligible; a refusal says why."""

    eligible: bool
    reason: Words = ""


def call_row(call: Call, at: datetime) -> dict[str, Any]:
    """Give a call as its schema has it."""
    names = ("code", "title", "summary", "kind", "opens_at", "closes_at", "challenges", "example")
    return {name: getattr(call, name) for name in names} | {
        "programme": call.programme.acronym,
        "is_open": not queries.why_not_open(call, at),
        "rules": None if call.rules is None else call.rules.terms,
    }


def application_row(application: Application, *, inside: bool) -> dict[str, Any]:
    """Give an application as a list has it."""
    return {
        "number": application.number,
        "title": application.title,
        "call": application.call.code,
        "stage": queries.stage_shown(application, inside=inside),
        "stage_since": application.stage_since,
        "requested": application.requested,
        "partners": [one.organisation.name for one in application.partners.all()],
    }


def application_out(application: Application, *, inside: bool) -> dict[str, Any]:
    """Give a whole application as its schema has it."""
    names = (
        "summary",
        "challenges",
        "submitted_at",
        "complete_at",
        "early_start",
        "early_start_on",
    )
    found = {name: getattr(application, name) for name in names}
    grant = queries.granted(application)
    parts = queries.parts(application, grant).items()
    return (
        application_row(application, inside=inside)
        | found
        | {
            "granted": grant.amount if grant else None,
            "deliberation": grant.seal.deliberation.number if grant and grant.seal else None,
            "partners": [_partner(one, amount) for one, amount in parts],
            "missing": [_missing(one) for one in application.missing.all()],
            "version": queries.version_of(application),
        }
    )


def plan_out(application: Application, found: queries.Assessed) -> dict[str, Any]:
    """Give a plan as its schema has it."""
    added = found.totals
    return {
        "version": queries.version_of(application),
        "expenses": [
            {"type": one.type, "label": one.label} | _both(one.before_tax, one.with_tax)
            for one in found.plan.costs
        ],
        "resources": [{"own": one.own, "amount": one.amount} for one in found.plan.resources],
        "requested": found.plan.requested,
        "cost": added.cost if found.plan.costs else None,
        "eligible": added.eligible if found.plan.costs else None,
        "highest": added.highest,
        "rules": [{"code": one.code, "ok": one.ok, "detail": one.sentence} for one in found.told],
        "joined": found.joined,
    }


def expenses_of(given: PlanIn) -> list[ExpenseLine]:
    """Read the lines of cost; raises Refused with the line's field."""
    return [
        ExpenseLine(
            one.type,
            one.label,
            amount_of(one.before_tax, f"expense_{n}_before_tax"),
            amount_of(one.with_tax, f"expense_{n}_with_tax"),
        )
        for n, one in enumerate(given.expenses, start=1)
    ]


def resources_of(given: PlanIn) -> list[ResourceLine]:
    """Read the lines of what pays; raises Refused with the line's field."""
    return [
        ResourceLine(
            one.funder,
            one.label,
            amount_of(one.amount, f"resource_{n}_amount") or Decimal(0),
            one.secured,
        )
        for n, one in enumerate(given.resources, start=1)
    ]


def amount_of(written: str | None, field: str) -> Decimal | None:
    """Read an amount as it was written; null is not known."""
    if written is None:
        return None
    try:
        return amounts.read(written)
    except amounts.Unfit as fault:
        raise Refused(amount_refused(fault), field=field) from fault


def _both(before_tax: Decimal | None, with_tax: Decimal | None) -> dict[str, Decimal | None]:
    return {"before_tax": before_tax, "with_tax": with_tax}


def _partner(one: Partner, amount: Decimal | None) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.organisation.name,
        "role": one.role,
        "share": one.share,
        "amount": amount,
        "signed_at": one.signed_at,
    }


def _missing(one: Missing) -> dict[str, Any]:
    return {"id": one.pk} | {
        name: getattr(one, name) for name in MissingOut.model_fields if name != "id"
    }
