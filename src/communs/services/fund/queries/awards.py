"""Reads of grants for the SCDL schema: one query whatever their number, one grant at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby, starmap
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.services.fund.engine.scdl import Award, Beneficiary, Signed
from communs.services.fund.enums import AgreementState, Stage
from communs.services.fund.models import Grant, Instalment, Party
from communs.services.fund.queries.register import Asked, asked_for

_AT_ONCE = 2_000  # rows
_EXAMPLE = "Exemple fictif – "  # made up with a real commune's name: never without saying so


class _Row(NamedTuple):
    """A grant, its agreement that holds, and one of those who signed it."""

    key: Any
    reference: str
    title: str
    amount: Decimal | None
    awarded_on: Any
    programme: str
    programme_code: str
    holder: str
    holder_siret: str | None
    stage: str | None
    requested: Decimal | None
    call: str | None
    call_key: Any
    example: bool | None
    signed_on: Any
    decision: str
    nature: str
    payment_terms: str
    paid_from: Any
    paid_until: Any
    notified_to_eu: bool
    starts_on: Any
    ends_on: Any
    instalments: int | None
    party: str | None
    party_siret: str | None
    part: Decimal | None


_COLUMNS = (
    "pk",
    "reference",
    "title",
    "amount",
    "awarded_on",
    "round__programme__name",
    "round__programme__acronym",
    "beneficiary__name",
    "beneficiary__siret",
    "application__stage",
    "application__requested",
    "application__call__title",
    "application__call",
    "application__call__example",
    "kept__signed_on",
    "kept__decision",
    "kept__nature",
    "kept__payment_terms",
    "kept__paid_from",
    "kept__paid_until",
    "kept__notified_to_eu",
    "kept__starts_on",
    "kept__ends_on",
    "instalments",
    "kept__parties__name",
    "party_siret",
    "kept__parties__amount",
)


def awards(asked: Asked) -> Iterator[Award]:
    """Give the grants asked for, in the register's order, with what their signed agreement says.

    A grant whose agreement lapsed, was cancelled or is not signed yet has no agreement here.
    """
    metropolis = current()
    kept = Q(agreements__state__in=AgreementState.signed())
    paid = Instalment.objects.filter(agreement=OuterRef("kept__pk")).order_by().values("agreement")
    rows = asked_for(asked).annotate(
        kept=FilteredRelation("agreements", condition=kept),
        instalments=Subquery(paid.annotate(n=Count("*")).values("n")),
        party_siret=Coalesce(
            NullIf(F("kept__parties__organisation__body__siret"), Value("")),
            "kept__parties__organisation__siret",
        ),
    )
    ordered = rows.order_by("-awarded_on", "number", "pk", "kept__parties__position")
    told = starmap(_Row, ordered.values_list(*_COLUMNS).iterator(chunk_size=_AT_ONCE))
    for _key, lines in groupby(told, key=lambda row: row.key):
        yield _award(list(lines), metropolis)


def bodies() -> QuerySet[Community]:
    """Give the communities that files name by their SIRET, those whose is not known before."""
    held, signed = Grant.objects.values("beneficiary"), Party.objects.values("organisation__body")
    named = Q(pk=current().pk) | Q(pk__in=held.order_by()) | Q(pk__in=signed.order_by())
    known = Case(When(Q(siret=None) | Q(siret=""), then=0), default=1)
    return Community.objects.filter(named).order_by(known, "name")


def _award(lines: list[_Row], metropolis: Community) -> Award:
    row = lines[0]
    return Award(
        reference=row.reference,
        grantor=metropolis.name,
        grantor_siret=metropolis.siret or "",
        beneficiaries=_beneficiaries(row, lines),
        title=f"{_EXAMPLE if row.example else ''}{row.title}",
        amount=row.amount,
        programme=row.programme,
        programme_code=row.programme_code,
        awarded_on=row.awarded_on,
        call=row.call or "",
        call_key=str(row.call_key or ""),
        stage=row.stage or Stage.AWARDED,
        requested=row.requested,
        agreement=_signed(row),
    )


def _beneficiaries(row: _Row, lines: Iterable[_Row]) -> tuple[Beneficiary, ...]:
    """Give who receives a part; where no agreement shares the grant out, who holds it."""
    parties = tuple(
        Beneficiary(one.party, one.party_siret or "", one.part)
        for one in lines
        if one.party and one.part
    )
    return parties or (Beneficiary(row.holder, row.holder_siret or ""),)


def _signed(row: _Row) -> Signed | None:
    if row.signed_on is None or row.paid_from is None:
        return None
    return Signed(
        on=row.signed_on,
        decision=row.decision,
        nature=row.nature,
        payment_terms=row.payment_terms,
        paid_from=row.paid_from,
        paid_until=row.paid_until,
        notified_to_eu=row.notified_to_eu,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        instalments=row.instalments,
    )
