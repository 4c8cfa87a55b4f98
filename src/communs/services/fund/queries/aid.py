"""Reads of published calls for the schema of aid schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import override

from communs.core.communities.queries import members_on
from communs.core.communities.scope import current
from communs.core.kit.timespans import PARIS
from communs.services.fund.engine.aid import Aid
from communs.services.fund.engine.financing.terms import read
from communs.services.fund.enums import CallKind, CallState, Challenge
from communs.services.fund.models import Call, FundingRules


def aids(address: Callable[[str], str], *, contact: str, on: date) -> Iterator[Aid]:
    """Give the published calls, those that opened last first; `address` makes a call's own page.

    A call in preparation, or one that was archived, is not among them.
    """
    metropolis = current()
    rows = Call.objects.filter(state=CallState.PUBLISHED).select_related("programme", "rules")
    held = members_on(metropolis, on).order_by("insee")
    communes = tuple(code for code in held.values_list("insee", flat=True) if code)
    with override("fr"):
        labels = {one.value: str(one.label) for one in Challenge}
    for row in rows.order_by("-opens_at", "code"):
        yield Aid(
            key=str(row.pk),
            code=row.code,
            title=row.title,
            programme=row.programme.name,
            holder=metropolis.name,
            holder_siren=metropolis.siren,
            communes=communes,
            for_bodies=row.kind == CallKind.SUBSIDY,
            text="\n\n".join(part for part in (row.summary, row.text) if part),
            rules=row.rules.text if row.rules else "",
            rate=_rate(row.rules),
            challenges=tuple(labels[one] for one in row.challenges if one in labels),
            opens_at=_local(row.opens_at),
            closes_at=_local(row.closes_at),
            url=address(row.code),
            contact=contact,
            example=row.example,
        )


def _rate(rules: FundingRules | None) -> Decimal | None:
    return read(rules.terms).rate if rules else None


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(PARIS) if moment else None
