"""Grants as the 360Giving data standard 1.4 has them; what is unknown is left out, never 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

VERSION = "1.4"
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
REQUIRED = (
    "id",
    "title",
    "description",
    "currency",
    "amountAwarded",
    "awardDate",
    "recipientOrganization",
    "fundingOrganization",
)
_REGISTER = "FR-INSEE"  # the list of organisation numbers that a SIREN is of


@dataclass(frozen=True, slots=True)
class Body:
    """A public body: its name, its numbers where they are known."""

    name: str
    siren: str | None
    insee: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What a grant of the standard is made of; None is unknown."""

    reference: str
    url: str
    title: str
    description: str
    amount: Decimal | None
    awarded_on: date
    funder: Body
    recipient: Body
    programme: tuple[str, str]
    requested: Decimal | None = None
    paid: Decimal | None = None
    call: bool = False
    challenges: Mapping[str, str] = field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None


def grant_of(given: Given) -> dict[str, Any]:
    """Give a grant as the standard writes it; the names of its fields are the standard's."""
    code, title = given.programme
    told: dict[str, Any] = {
        "id": f"{_REGISTER}-{given.funder.siren}-{given.reference}" if given.funder.siren else None,
        "title": given.title,
        "description": given.description,
        "currency": "EUR",
        "amountAppliedFor": _euros(given.requested),
        "amountAwarded": _euros(given.amount),
        "amountDisbursed": _euros(given.paid),
        "awardDate": given.awarded_on.isoformat(),
        "url": given.url,
        "plannedDates": _dates(given.starts_on, given.ends_on),
        "recipientOrganization": _organisation(given.recipient),
        "fundingOrganization": _organisation(given.funder),
        "beneficiaryLocation": _place(given.recipient),
        "grantProgramme": [{"code": code, "title": title}],
        "fromOpenCall": "Yes" if given.call else None,
        "classifications": [
            {"vocabulary": "SMAN", "code": key, "title": label}
            for key, label in given.challenges.items()
        ],
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def missing(grant: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the required fields that a grant has not."""
    return tuple(name for name in REQUIRED if not grant.get(name))


def package(
    grants: Iterable[Mapping[str, Any]], *, title: str, publisher: Body, at: datetime
) -> dict[str, Any]:
    """Give the whole file: the grants, who publishes them, under which licence."""
    return {
        "version": VERSION,
        "title": title,
        "license": LICENCE,
        "issued": at.isoformat(),
        "publisher": {"name": publisher.name},
        "grants": list(grants),
    }


def _euros(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _organisation(body: Body) -> list[dict[str, str]]:
    return [{"id": f"{_REGISTER}-{body.siren}", "name": body.name}] if body.siren else []


def _place(body: Body) -> list[dict[str, str]]:
    if body.insee is None:
        return []
    return [{"name": body.name, "countryCode": "FR", "geoCode": body.insee, "geoCodeType": "COG"}]


def _dates(start: date | None, end: date | None) -> list[dict[str, str]]:
    told = {"startDate": start, "endDate": end}
    dates = {name: day.isoformat() for name, day in told.items() if day}
    return [dates] if dates else []
