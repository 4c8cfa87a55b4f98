"""What the demonstration's experiments share: how each is designed, judged and agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.models import Experiment, Grant

_DAY = timedelta(days=1)


def designed(
    number: int,
    title: str,
    question: str,
    at: datetime,
    manager: Person | None,
    *,
    service: str = "parking",
) -> Experiment:
    """Begin the experiment of a row of the communiqué of 2018, at its beneficiary."""
    grant = Grant.objects.select_related("beneficiary").get(row=number)
    site = grant.beneficiary
    return actions.design_experiment(
        grant=grant,
        title=title,
        question=question,
        service=service,
        site=site,
        demonstration=True,
        at=at - 90 * _DAY,
        by=manager,
    )


def judge(
    key: str,
    control: str,
    baseline: tuple[date, date],
    target: str | None,
    *,
    aim: str = "up",
    least: int = 14,
) -> actions.Judge:
    """Give an indicator that judges."""
    return actions.Judge(
        indicator=key,
        aim=aim,
        baseline_from=baseline[0],
        baseline_until=baseline[1],
        target=Decimal(target) if target else None,
        control=control,
        least_days=least,
    )


def agreed(
    row: Experiment,
    judges: Sequence[actions.Judge],
    days: tuple[date, date],
    at: datetime,
    manager: Person | None,
    *,
    compared: Sequence[Community] = (),
) -> Experiment:
    """Write how it is judged, and agree it before its start."""
    row = actions.set_protocol(
        experiment=row,
        question=row.question,
        starts_on=days[0],
        ends_on=days[1],
        indicators=judges,
        comparisons=compared,
        at=at - 90 * _DAY,
        by=manager,
    )
    return actions.agree_protocol(experiment=row, at=hour_of(at, days[0] - 3 * _DAY), by=manager)


def hour_of(at: datetime, day: date) -> datetime:
    """Give that hour of another day, or now where that day is to come."""
    return min(at, at - (timezone.localdate(at) - day))
