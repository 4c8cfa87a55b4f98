"""What the indicators measure of applications."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from communs.services.fund.enums import Stage
from communs.services.fund.models import Application, Step


def sent_by(on: date) -> int:
    """Count the applications sent that day or before."""
    return int(Application.objects.filter(submitted_at__lt=_after(on)).count())


def days_to_complete(on: date) -> Decimal | None:
    """Give the median of days from sending to completeness, of those found complete that day."""
    begins = _after(on - timedelta(days=1))
    rows = Application.objects.filter(complete_at__gte=begins, complete_at__lt=_after(on))
    spans = [
        (complete - sent).total_seconds() / timedelta(days=1).total_seconds()
        for sent, complete in rows.values_list("submitted_at", "complete_at")
    ]
    return Decimal(str(round(median(spans), 2))) if spans else None


def complete_at_first(on: date) -> tuple[int, int]:
    """Give how many of those found complete by that day nobody had to ask for anything, and all."""
    asked = Step.objects.filter(application=OuterRef("pk"), after=Stage.INCOMPLETE)
    rows = Application.objects.filter(complete_at__lt=_after(on)).annotate(asked=Exists(asked))
    told = rows.aggregate(first=Count("pk", filter=Q(asked=False)), all=Count("pk"))
    return told["first"], told["all"]


def partners_of_sent(on: date) -> tuple[int, int]:
    """Give how many partners the applications sent by that day have, and how many these are."""
    rows = Application.objects.filter(submitted_at__lt=_after(on))
    here = Q(partners__left_at=None) | Q(partners__left_at__gte=_after(on))
    told = rows.aggregate(
        partners=Count("partners", filter=here, distinct=True), all=Count("pk", distinct=True)
    )
    return told["partners"], told["all"]


def _after(on: date) -> datetime:
    """Give the instant at which a day is over here."""
    midnight = datetime.combine(on + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)
