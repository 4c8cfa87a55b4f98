"""What the register's API and files give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from communs.core.registry.service import noop
from communs.services.fund.models import Fact, Grant


class GrantOut(Schema):
    """A grant. An amount that was not published is null, and its status says so."""

    reference: str = Field(description=noop("Name of the grant, for good"))
    awarded_on: date = Field(description=noop("Day of the decision"))
    number: int = Field(description=noop("Row in the list that was published"))
    beneficiary: str = Field(description=noop("Name of the commune or territory"))
    beneficiary_slug: str = Field(description=noop("The same, as in addresses"))
    beneficiary_kind: str = Field(description=noop("commune or territory"))
    insee: str | None = Field(description=noop("INSEE code of the commune"))
    siren: str | None = Field(description=noop("SIREN number of the public body"))
    territory: str | None = Field(description=noop("Territory that held the commune on that day"))
    title: str = Field(description=noop("Name of the experiment, its typography repaired"))
    title_as_published: str = Field(description=noop("Name of the experiment as it was printed"))
    amount: Decimal | None = Field(
        description=noop("Amount of the grant; empty when it was not published")
    )
    amount_status: Literal["published", "not_published"] = Field(
        description=noop("Whether the amount was published")
    )
    theme: str | None = Field(description=noop("Field of experiment"))
    challenge: str | None = Field(description=noop("Challenge of the master plan"))
    classified_by: str = Field(
        description=noop("Who chose theme and challenge: published, or inferred by us")
    )
    service: str | None = Field(description=noop("Service of Communs that answers to it, if any"))
    progress: Literal["none", "available", "on"] = Field(
        description=noop("How far that service is in the commune")
    )


class RoundOut(Schema):
    """A round of awards with the totals that were announced and those that can be computed."""

    programme: str
    awarded_on: date
    body: str
    committee_on: date | None
    announced_total: Decimal | None
    announced_projects: int | None
    announced_communes: int | None
    announced_territories: int | None
    announced_pooled: int | None
    grants: int
    published_sum: Decimal | None


class RegisterOut(Schema):
    """A page of the register."""

    count: int
    offset: int
    limit: int
    grants: list[GrantOut]


class FactOut(Schema):
    """Something known of an experiment, with its source."""

    code: str
    when: str
    value: str
    unit: str
    text_fr: str
    text_en: str
    source: str
    version: str = Field(description=noop("To be given back when correcting"))


_PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
_DATED = r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?)?$"
_Line = Annotated[str, StringConstraints(max_length=1000, pattern=_PRINTED)]
_Moment = Annotated[str, StringConstraints(pattern=_DATED)]


class FactIn(Schema):
    """What is known, with its source."""

    text_fr: _Line
    text_en: _Line = ""
    when: _Moment = ""
    source: Annotated[_Line, StringConstraints(max_length=300)]


class CorrectionIn(FactIn):
    """A fact corrected; `seen` is the version that was read, so that nobody overwrites another."""

    seen: Annotated[str, StringConstraints(max_length=40)]


class GrantWithFacts(GrantOut):
    """A grant and what is known of it."""

    facts: list[FactOut]


GRANT_COLUMNS = tuple(GrantOut.model_fields)


def grant_row(grant: Grant, answer: Any) -> dict[str, Any]:
    """Give a grant as its schema has it."""
    body = grant.beneficiary
    return {
        "reference": grant.reference,
        "awarded_on": grant.awarded_on,
        "number": grant.number,
        "beneficiary": body.name,
        "beneficiary_slug": body.slug,
        "beneficiary_kind": body.kind,
        "insee": body.insee,
        "siren": body.siren,
        "territory": grant.territory.name if grant.territory else None,
        "title": grant.title,
        "title_as_published": grant.title_as_published,
        "amount": grant.amount,
        "amount_status": "not_published" if grant.amount is None else "published",
        "theme": grant.theme,
        "challenge": grant.challenge,
        "classified_by": grant.classified_by,
        "service": answer.service.key if answer.service else None,
        "progress": answer.progress.value,
    }


def round_row(award: Any) -> dict[str, Any]:
    """Give a round as its schema has it."""
    return {
        "programme": award.programme.acronym,
        "awarded_on": award.awarded_on,
        "body": award.body,
        "committee_on": award.committee_on,
        "announced_total": award.total,
        "announced_projects": award.project_count,
        "announced_communes": award.commune_count,
        "announced_territories": award.territory_count,
        "announced_pooled": award.pooled_count,
        "grants": award.grant_count,
        "published_sum": award.published_sum,
    }


def fact_row(fact: Fact) -> dict[str, Any]:
    """Give a fact as the API tells it."""
    return {name: getattr(fact, name) for name in FactOut.model_fields}
