"""Grants as the French schema SCDL « subventions » 2.1 has them: sixteen columns, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
REQUIRED = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "nomBeneficiaire",
    "idBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "notificationUE",
    "pourcentageSubvention",
)
_LONGEST_OBJECT = 256


@dataclass(frozen=True, slots=True)
class Signed:
    """What the schema asks of a signed agreement."""

    on: date
    decision: str
    nature: str
    payment_terms: str
    paid_from: date
    paid_until: date | None
    notified_to_eu: bool


@dataclass(frozen=True, slots=True)
class Award:
    """What a row of the schema is made of; None is unknown."""

    reference: str
    grantor: str
    grantor_siret: str | None
    beneficiary: str
    beneficiary_siret: str | None
    title: str
    amount: Decimal | None
    programme: str
    agreement: Signed | None = None
    share: Decimal = Decimal(1)


def row_of(award: Award) -> dict[str, str]:
    """Give the sixteen cells; what is unknown is empty."""
    known = {
        "nomAttribuant": award.grantor,
        "idAttribuant": award.grantor_siret or "",
        "nomBeneficiaire": award.beneficiary,
        "idBeneficiaire": award.beneficiary_siret or "",
        "objet": award.title[:_LONGEST_OBJECT],
        "montant": _plain(award.amount),
        "pourcentageSubvention": _plain(award.share),
        "dispositifAide": award.programme,
    }
    known |= _agreed(award.agreement) if award.agreement else {}
    return {name: known.get(name, "") for name in COLUMNS}


def missing(row: Mapping[str, str]) -> tuple[str, ...]:
    """Give the required columns that are empty."""
    return tuple(name for name in REQUIRED if not row[name])


def gaps(awards: Iterable[Award]) -> dict[str, tuple[str, ...]]:
    """Give, by the reference of each award that cannot be published, what it lacks."""
    found = ((award.reference, missing(row_of(award))) for award in awards)
    return {reference: lacking for reference, lacking in found if lacking}


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _agreed(signed: Signed) -> dict[str, str]:
    return {
        "dateConvention": signed.on.isoformat(),
        "referenceDecision": signed.decision,
        "nature": signed.nature,
        "conditionsVersement": signed.payment_terms,
        "datesPeriodeVersement": _period(signed.paid_from, signed.paid_until),
        "notificationUE": "oui" if signed.notified_to_eu else "non",
    }


def _period(start: date, end: date | None) -> str:
    return f"{start.isoformat()}/{end.isoformat()}" if end else start.isoformat()
