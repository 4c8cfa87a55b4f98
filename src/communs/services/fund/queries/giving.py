"""Reads of grants for the 360Giving standard: one query, one grant at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple

from django.db.models import FilteredRelation, OuterRef, Q, Subquery, Sum

from communs.core.communities.scope import current
from communs.services.fund.engine.giving import Body, Given
from communs.services.fund.enums import AgreementState, Challenge, PaymentState
from communs.services.fund.models import Payment
from communs.services.fund.queries.register import Asked, asked_for

_AT_ONCE = 2_000  # rows


class _Row(NamedTuple):
    """A grant, and its agreement that holds."""

    reference: str
    title: str
    summary: str | None
    amount: Decimal | None
    awarded_on: date
    name: str
    siren: str | None
    insee: str | None
    acronym: str
    programme: str
    file: str | None
    requested: Decimal | None
    challenge: str | None
    starts_on: date | None
    ends_on: date | None
    paid: Decimal | None


_COLUMNS = (
    "reference",
    "title",
    "application__summary",
    "amount",
    "awarded_on",
    "beneficiary__name",
    "beneficiary__siren",
    "beneficiary__insee",
    "round__programme__acronym",
    "round__programme__name",
    "application__number",
    "application__requested",
    "challenge",
    "kept__starts_on",
    "kept__ends_on",
    "paid",
)


def given(asked: Asked, address: Callable[[str], str]) -> Iterator[Given]:
    """Give the grants asked for as 360Giving needs them; `address` makes a reference's own page."""
    here = current()
    funder = Body(here.name, here.siren, here.insee)
    kept = Q(agreements__state__in=AgreementState.signed())
    made = Payment.objects.filter(
        state=PaymentState.PAID, instalment__agreement__grant=OuterRef("pk")
    )
    summed = made.order_by().values("instalment__agreement__grant").annotate(n=Sum("amount"))
    rows = asked_for(asked).annotate(
        kept=FilteredRelation("agreements", condition=kept), paid=Subquery(summed.values("n"))
    )
    labels = {one.value: str(one.label) for one in Challenge}
    for row in starmap(_Row, rows.values_list(*_COLUMNS).iterator(chunk_size=_AT_ONCE)):
        yield _given(row, funder, labels, address(row.reference))


def _given(row: _Row, funder: Body, labels: dict[str, str], url: str) -> Given:
    return Given(
        reference=row.reference,
        url=url,
        title=row.title,
        description=row.summary or row.title,
        amount=row.amount,
        awarded_on=row.awarded_on,
        funder=funder,
        recipient=Body(row.name, row.siren, row.insee),
        programme=(row.acronym, row.programme),
        requested=row.requested,
        paid=row.paid,
        call=row.file is not None,
        challenges={row.challenge: labels[row.challenge]} if row.challenge else {},
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
