"""What a programme comes to: days to decide, to sign, to pay; outcomes by kind of call."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Max

from communs.core.kit.timespans import PARIS
from communs.services.fund.enums import AgreementState, PaymentState, Stage
from communs.services.fund.models import Agreement, Application, Grant, Payment, Recovery
from communs.services.fund.queries import agreements

DAYS_OF_2018 = 60  # from the call to the award, as the first round took


def days_to_decision(person: Any, *, on: date) -> list[dict[str, Any]]:
    """Give, by published call, the days from its opening to its last decision; None so far.

    What somebody may not count is left out.
    """
    rows = (
        Application.objects.countable_by(person, on=on)
        .filter(call__published_at__isnull=False)
        .values("call__title", "call__code", "call__kind", "call__opens_at")
        .annotate(
            files=Count("pk"),
            decided=Count("decided_at"),
            last=Max("decided_at"),
        )
        .order_by("-call__opens_at")
    )
    return [one | {"days": _days(one["call__opens_at"], one["last"])} for one in rows]


def outcomes_by_kind(person: Any, *, on: date) -> dict[str, dict[str, int]]:
    """Give how many files ended how, by kind of call, of those that somebody may count."""
    ends = (Stage.AWARDED, Stage.REFUSED, Stage.INELIGIBLE, Stage.WITHDRAWN, Stage.CLOSED)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Application.objects.countable_by(person, on=on).filter(stage__in=ends).order_by()
    for kind, stage, number in rows.values_list("call__kind", "stage").annotate(n=Count("pk")):
        found[kind][stage] = number
    return dict(found)


def days_to_signature(on: date) -> Decimal | None:
    """Give the median of days from the seal to the signature, of agreements signed by that day."""
    rows = Agreement.objects.filter(
        seal__isnull=False, state__in=AgreementState.signed(), signed_on__lte=on
    )
    pairs = rows.values_list("seal__at", "signed_on")
    return _median([(signed - sealed.astimezone(PARIS).date()).days for sealed, signed in pairs])


def days_to_payment(on: date) -> Decimal | None:
    """Give the median of days from a claim, or what made a payment due, to the payment."""
    rows = Payment.objects.filter(state=PaymentState.PAID, paid_on__lte=on)
    pairs = rows.values_list("due_at", "paid_on")
    return _median([(paid - due.astimezone(PARIS).date()).days for due, paid in pairs])


def money_by(on: date) -> tuple[Decimal, Decimal, Decimal]:
    """Give what was awarded here by that day, what agreements commit, and what was paid of it."""
    grants = Grant.objects.filter(application__isnull=False, awarded_on__lte=on)
    signed = Agreement.objects.filter(
        seal__isnull=False, state__in=AgreementState.signed(), signed_on__lte=on
    )
    paid = Payment.objects.filter(state=PaymentState.PAID, paid_on__lte=on)
    back = Recovery.objects.filter(received_on__lte=on)
    sums = [agreements.total(rows) for rows in (grants, signed, paid, back)]
    return sums[0], sums[1], sums[2] - sums[3]


def _days(opened: datetime | None, last: datetime | None) -> int | None:
    return None if opened is None or last is None else (last - opened).days


def _median(days: list[int]) -> Decimal | None:
    return Decimal(str(median(days))) if days else None
