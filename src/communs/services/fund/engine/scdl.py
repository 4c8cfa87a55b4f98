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
    signed_on: date | None = None
    decision: str = ""
    nature: str = ""
    payment_terms: str = ""
    paid_from: date | None = None
    paid_until: date | None = None
    notified_to_eu: bool | None = None
    share: Decimal = Decimal(1)


def row_of(award: Award) -> dict[str, str]:
    """Give the sixteen cells; what is unknown is empty."""
    return {
        "nomAttribuant": award.grantor,
        "idAttribuant": award.grantor_siret or "",
        "dateConvention": award.signed_on.isoformat() if award.signed_on else "",
        "referenceDecision": award.decision,
        "nomBeneficiaire": award.beneficiary,
        "idBeneficiaire": award.beneficiary_siret or "",
        "rnaBeneficiaire": "",
        "objet": award.title[:_LONGEST_OBJECT],
        "montant": _plain(award.amount),
        "nature": award.nature,
        "conditionsVersement": award.payment_terms,
        "datesPeriodeVersement": _period(award.paid_from, award.paid_until),
        "idRAE": "",
        "notificationUE": _yes_or_no(award.notified_to_eu),
        "pourcentageSubvention": _plain(award.share),
        "dispositifAide": award.programme,
    }


def missing(row: Mapping[str, str]) -> tuple[str, ...]:
    """Give the required columns that are empty."""
    return tuple(name for name in REQUIRED if not row[name])


def gaps(awards: Iterable[Award]) -> dict[str, tuple[str, ...]]:
    """Give, by the reference of each award that cannot be published, what it lacks."""
    found = ((award.reference, missing(row_of(award))) for award in awards)
    return {reference: lacking for reference, lacking in found if lacking}


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _period(start: date | None, end: date | None) -> str:
    if start is None:
        return ""
    return f"{start.isoformat()}/{end.isoformat()}" if end else start.isoformat()


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else ("oui" if value else "non")
