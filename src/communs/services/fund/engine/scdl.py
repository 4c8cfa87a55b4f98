"""Grants as the French schema SCDL « subventions » has them, in its two published forms.

Both give a line to each beneficiary, with its part of the whole: sixteen columns (2.1, and 2.1.1
until 2023), or forty (2.1.1 since September 2024). What is unknown is empty, never 0; `missing`
says what a grant lacks to be published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from communs.services.fund.engine.financing.shares import split

SHORT_COLUMNS = (
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
LONG_COLUMNS = (
    "idSubvention",
    "nomAttribuant",
    "idAttribuant",
    "nomServiceInstructeur",
    "idServiceInstructeur",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "exerciceBudgetaire",
    "pluriannualite",
    "anneesPluriannualite",
    "dateDecision",
    "dateConvention",
    "referenceDecision",
    "dateCreation",
    "dateDebut",
    "dateFin",
    "dispositif",
    "sousDispositif",
    "statutLabel",
    "objet",
    "nature",
    "montantDemande",
    "montant",
    "nomOutilInstruction",
    "nomOutilVersement",
    "ej",
    "cléVersement",
    "conditionsVersement",
    "descriptionConditionsVersement",
    "datesPeriodeVersement",
    "cofinancement",
    "attribuantsCofinanceurs",
    "idCofinancement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "evaluationCout",
    "evaluation",
    "dateMiseAJour",
)
_REQUIRED = (
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
_LONGEST = 256
_ONE = Decimal(1)
_TERMS = ("unique", "échelonné")  # anything else is told in words


@dataclass(frozen=True, slots=True)
class Signed:
    """What the schema asks of a signed agreement; `instalments` is None where nobody wrote them."""

    on: date
    decision: str
    nature: str
    payment_terms: str
    paid_from: date
    paid_until: date | None
    notified_to_eu: bool
    starts_on: date | None = None
    ends_on: date | None = None
    instalments: int | None = None


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who receives a part of a grant; `part` weighs against the others', in euros if known."""

    name: str
    siret: str
    part: Decimal = _ONE


@dataclass(frozen=True, slots=True)
class Award:
    """What the rows of the schema are made of; None is unknown."""

    reference: str
    grantor: str
    grantor_siret: str
    beneficiaries: tuple[Beneficiary, ...]
    title: str
    amount: Decimal | None
    programme: str
    programme_code: str
    awarded_on: date
    call: str = ""
    call_key: str = ""
    stage: str = "awarded"
    requested: Decimal | None = None
    agreement: Signed | None = None


def shares(parts: tuple[Decimal, ...]) -> list[Decimal]:
    """Share one out in hundredths, so that the shares add up to 1 exactly (largest remainder)."""
    return split(_ONE, parts)


def status_of(stage: str) -> str:
    """Say in the schema's own words, its misspelling included, where a file stands.

    A file that is not decided is « en cours d'intruction », whatever the committee thinks of it.
    """
    decided = {"awarded": "attribuée", "refused": "refusée", "ineligible": "ineligible"}
    return decided.get(stage, "en cours d'intruction")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the schema: its columns in order, those it requires, how a line is filled."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    told: Callable[[Award], Mapping[str, str]]

    def rows(self, award: Award) -> list[dict[str, str]]:
        """Give the cells of each beneficiary's line."""
        known = {**_known(award), **self.told(award)}
        return [
            {name: (known | theirs).get(name, "") for name in self.columns}
            for theirs in _theirs(award)
        ]

    def missing(self, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
        """Give the required columns that are empty in one line or more."""
        return tuple(name for name in self.required if not all(row[name] for row in rows))


def short_form() -> Form:
    """Give the sixteen columns."""
    return Form(SHORT_COLUMNS, _REQUIRED, _short)


def long_form(updated_on: date) -> Form:
    """Give the forty columns, of a file that tells of the time until a day.

    Left empty: what is not published here (the financing plan, orders of payment, the day of
    filing), and what nobody has evaluated.
    """
    told = {"nomOutilInstruction": "Communs", "dateMiseAJour": updated_on.isoformat()}
    required = (*_REQUIRED, "idServiceInstructeur", "descriptionConditionsVersement")
    return Form(LONG_COLUMNS, required, lambda award: {**told, **_long(award)})


def _short(award: Award) -> dict[str, str]:
    terms = award.agreement.payment_terms if award.agreement else ""
    scheme = award.call_key or award.programme_code  # as calls are named in their own file
    return {"conditionsVersement": terms, "dispositifAide": scheme}


def _long(award: Award) -> dict[str, str]:
    known = {
        "idSubvention": award.reference,
        "nomServiceInstructeur": award.grantor,
        "idServiceInstructeur": award.grantor_siret,
        "dateDecision": award.awarded_on.isoformat(),
        "dispositif": award.programme,
        "sousDispositif": award.call,
        "statutLabel": status_of(award.stage),
    }
    return known | (_terms(award.agreement) if award.agreement else {})


def _known(award: Award) -> dict[str, str]:
    """Give what both forms say of the grant as a whole."""
    known = {
        "nomAttribuant": award.grantor,
        "idAttribuant": award.grantor_siret,
        "objet": award.title[:_LONGEST],
        "montant": _plain(award.amount),
    }
    signed = award.agreement
    if signed is None:
        return known
    return known | {
        "dateConvention": signed.on.isoformat(),
        "referenceDecision": signed.decision,
        "nature": signed.nature,
        "datesPeriodeVersement": _period(signed.paid_from, signed.paid_until),
        "notificationUE": "oui" if signed.notified_to_eu else "non",
    }


def _theirs(award: Award) -> list[dict[str, str]]:
    """Give what is said of each beneficiary alone; a part that hundredths cannot say is empty."""
    parts = tuple(one.part for one in award.beneficiaries)
    asked = split(award.requested, parts) if award.requested is not None else []
    return [
        {
            "nomBeneficiaire": one.name,
            "idBeneficiaire": one.siret,
            "montantDemande": _plain(requested),
            "pourcentageSubvention": _plain(share) if share else "",
        }
        for one, share, requested in zip_longest(award.beneficiaries, shares(parts), asked)
    ]


def _terms(signed: Signed) -> dict[str, str]:
    """Give how and when an agreement pays, as the forty columns have it."""
    terms = signed.payment_terms
    last = (signed.paid_until or signed.paid_from).year
    years = [str(year) for year in range(signed.paid_from.year, last + 1)]
    one = len(years) == 1
    return {
        "conditionsVersement": terms if terms in _TERMS else ("autre" if terms else ""),
        "descriptionConditionsVersement": _described(signed),
        "exerciceBudgetaire": years[0] if one else "",
        "pluriannualite": "non" if one else "oui",
        "anneesPluriannualite": "" if one else " - ".join(years),
        "dateDebut": signed.starts_on.isoformat() if signed.starts_on else "",
        "dateFin": signed.ends_on.isoformat() if signed.ends_on else "",
    }


def _described(signed: Signed) -> str:
    """Say the terms in words; the schema wants them even where a word says all."""
    if signed.payment_terms not in _TERMS:
        return signed.payment_terms
    if signed.payment_terms == "unique":
        return "Versement unique"
    return f"{signed.instalments} versements" if signed.instalments else "Versement échelonné"


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _period(start: date, end: date | None) -> str:
    return f"{start.isoformat()}/{end.isoformat()}" if end else start.isoformat()
