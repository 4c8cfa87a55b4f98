"""Calls as the programs of who prepares them give and take them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from communs.core.forms.models import Version
from communs.core.registry.service import noop
from communs.services.fund import queries
from communs.services.fund.enums import CallKind, CallState, Challenge, Sight
from communs.services.fund.models import Call, Criterion, Envelope, Phase, Site
from communs.services.fund.schemas.applications import PRINTED, Line, Slug, call_row

_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def _moment(given: datetime) -> datetime:
    if not _FIRST_YEAR <= given.year <= _LAST_YEAR:
        raise ValueError(_("The date must be between 1900 and 2999."))
    return given.replace(microsecond=0)


Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=PRINTED)]
Sentence = Annotated[str, StringConstraints(max_length=300, pattern=PRINTED)]
Text = Annotated[str, StringConstraints(max_length=100_000, pattern=PRINTED)]
Place = Annotated[str, StringConstraints(max_length=200, pattern=PRINTED)]
Dare = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTED)]
Acronym = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=PRINTED)]
Key = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
Number = Annotated[int, Field(ge=1, le=32_767)]
UpToHundred = Annotated[int, Field(ge=1, le=100)]


class RulesName(Schema):
    """Which version of which funding rules."""

    code: Key
    version: Number


class CallFormName(Schema):
    """Which version of which form."""

    key: Key
    version: Number


class FirstCriterionIn(Schema):
    """What applications are judged by, as it is written with the call."""

    title: Title
    weight: UpToHundred = 1


class CallIn(Schema):
    """A whole call; its programme and its kind are said once, when it begins."""

    title: Line
    summary: Sentence
    text: Text
    opens_at: Moment | None = Field(description=noop("With its offset: 2026-11-01T09:00:00+01:00"))
    closes_at: Moment | None = Field(
        description=noop("From this instant on, nothing is taken; null: one may apply any time")
    )
    rules: RulesName | None
    form: CallFormName | None
    envelope: UUID | None
    challenges: list[Challenge] = Field(max_length=6)


class NewCallIn(CallIn):
    """A call that begins, in preparation; what is not known yet is left out."""

    programme: Acronym = Field(description=noop("Its short name, as people say it"))
    kind: CallKind = CallKind.SUBSIDY
    summary: Sentence = ""
    text: Text = ""
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    rules: RulesName | None = None
    form: CallFormName | None = None
    envelope: UUID | None = None
    challenges: list[Challenge] = Field(default=[], max_length=6)
    criteria: list[FirstCriterionIn] = Field(default=[], max_length=20)


class CriterionIn(Schema):
    """What applications are judged by, from 0 to `scale`."""

    title: Title
    explanation: Sentence = ""
    weight: UpToHundred = 1
    scale: UpToHundred = 5


class PhaseIn(Schema):
    """A time of examination, and when others' opinions are seen in it."""

    title: Title
    begins_on: date | None = None
    ends_on: date | None = None
    scores: bool = True
    sees_others: Sight = Sight.AFTER_OWN
    sees_names: bool = False


class SiteIn(Schema):
    """Where a commune or a territory, by its slug, offers to try solutions."""

    commune: Slug
    title: Line
    challenge: Dare
    place: Place = ""


class LackingOut(Schema):
    """What a call lacks before it may be published; `field` is empty where it is no value."""

    field: str
    detail: str


class FundingRulesOut(RulesName):
    """A version of funding rules, by its title."""

    title: str
    example: bool = Field(description=noop("Whether its figures are made up"))


class CallFormOut(CallFormName):
    """A published version of a form, by its title."""

    title: str


class ManagedCallRow(Schema):
    """A call whatever its state, as a list has it; only a call in preparation lacks anything."""

    code: str
    title: str
    summary: str
    kind: CallKind
    state: CallState
    programme: str
    opens_at: datetime | None
    closes_at: datetime | None
    is_open: bool
    published_at: datetime | None
    challenges: list[str]
    example: bool = Field(description=noop("Whether it is made up for a demonstration"))
    lacking: list[LackingOut]


class CriterionOut(Schema):
    """A criterion of a call."""

    id: UUID
    code: str
    title: str
    explanation: str
    weight: int
    scale: int


class PhaseOut(Schema):
    """A time of examination of a call."""

    id: UUID
    title: str
    begins_on: date | None
    ends_on: date | None
    scores: bool
    sees_others: Sight
    sees_names: bool


class SiteOut(Schema):
    """A site of a call."""

    id: UUID
    commune: str
    title: str
    challenge: str
    place: str


class ManagedCallOut(ManagedCallRow):
    """A whole call, as who prepares it has it."""

    text: str
    rules: FundingRulesOut | None
    form: CallFormOut | None
    envelope: UUID | None
    criteria: list[CriterionOut]
    phases: list[PhaseOut]
    sites: list[SiteOut]


class ProgrammeOut(Schema):
    """A programme that a call may be of."""

    acronym: str
    name: str


class EnvelopeOut(Schema):
    """Money voted for a programme in a year; `parent` is the larger one of which it is a part."""

    id: UUID
    programme: str
    title: str
    year: int
    amount: Decimal
    parent: UUID | None


class CallChoicesOut(Schema):
    """What the body of a call may name."""

    programmes: list[ProgrammeOut]
    envelopes: list[EnvelopeOut]
    rules: list[FundingRulesOut]
    forms: list[CallFormOut]


def managed_call_row(call: Call, at: datetime) -> dict[str, Any]:
    """Give a call as the list of who prepares it has it."""
    lacks = queries.lacking(call, at) if call.state == CallState.DRAFT else []
    return call_row(call, at) | {
        "state": call.state,
        "published_at": call.published_at,
        "lacking": [{"field": field, "detail": sentence} for field, sentence in lacks],
    }


def managed_call_out(call: Call, at: datetime) -> dict[str, Any]:
    """Give a whole call with what it is made of."""
    return managed_call_row(call, at) | {
        "text": call.text,
        "rules": call.rules,
        "form": call.form and call_form_out(call.form),
        "envelope": call.envelope_id,
        "criteria": [criterion_out(one) for one in call.criteria.all()],
        "phases": [phase_out(one) for one in call.phases.all()],
        "sites": [site_out(one) for one in call.sites.all()],
    }


def call_form_out(version: Version) -> dict[str, Any]:
    """Give a version of a form as a body names it."""
    return {"key": version.form.key, "version": version.number, "title": version.title}


def criterion_out(one: Criterion) -> dict[str, Any]:
    """Give a criterion as its schema has it."""
    names = ("id", "code", "title", "weight", "scale")
    return {name: getattr(one, name) for name in names} | {"explanation": one.help}


def phase_out(one: Phase) -> dict[str, Any]:
    """Give a time of examination as its schema has it."""
    return {name: getattr(one, name) for name in PhaseOut.model_fields}


def site_out(one: Site) -> dict[str, Any]:
    """Give a site as its schema has it."""
    names = ("id", "title", "challenge", "place")
    return {name: getattr(one, name) for name in names} | {"commune": one.body.slug}


def envelope_out(one: Envelope) -> dict[str, Any]:
    """Give an envelope as its schema has it."""
    names = ("id", "title", "year", "amount")
    return {name: getattr(one, name) for name in names} | {
        "programme": one.programme.acronym,
        "parent": one.parent_id,
    }
