"""How an experiment will be judged: written, changed after the start with a reason, agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communs.core.communities.models import Community
from communs.core.indicators import definitions
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.kit.timespans import PARIS
from communs.services.fund.actions.experiments import hold
from communs.services.fund.enums import Aim
from communs.services.fund.enums import ExperimentState as State
from communs.services.fund.models import (
    Comparison,
    Experiment,
    ProtocolChange,
    ProtocolIndicator,
)
from communs.services.fund.queries import experiments as queries
from communs.services.fund.queries import protocols

_MOST_INDICATORS, _MOST_COMPARED = 12, 20


@dataclass(frozen=True, slots=True)
class Judge:
    """An indicator that judges: which way it should go, from which baseline, to which target."""

    indicator: str
    aim: str
    baseline_from: date
    baseline_until: date
    target: Decimal | None = None
    control: str = ""
    least_days: int = 14


@action("fund.protocol_set")
def set_protocol(
    *,
    experiment: Experiment,
    question: str,
    starts_on: date,
    ends_on: date,
    indicators: Sequence[Judge],
    comparisons: Sequence[Community] = (),
    reason: str = "",
    at: datetime,
    by: Any,
) -> Experiment:
    """Write how an experiment will be judged.

    Before the start it is free, and what was agreed has to be agreed again. After it, the change
    says why, is kept beside what was, and weighs on the verdict; the start itself stays.
    """
    row = hold(experiment)
    began = row.state in State.agreed()
    _refuse(row, starts_on, began=began)
    _check(row, starts_on, ends_on, indicators, comparisons)
    before, why = queries.protocol_of(row), clean_line(reason)
    row.question = clean_line(question)[:500] or row.question
    row.starts_on, row.ends_on = starts_on, ends_on
    row.save()
    _write(row, indicators, comparisons)
    row = hold(row)
    after = queries.protocol_of(row)
    if before == after:
        nothing_done()
        return row
    if began:
        _keep_change(row, before, after, why, at)
    else:
        row.agreed_at, row.protocol_sha256 = None, ""
        row.save(update_fields=["agreed_at", "protocol_sha256"])
    record(row, code=row.code, changed=began, reason=why)
    return row


@action("fund.protocol_agreed")
def agree_protocol(*, experiment: Experiment, at: datetime, by: Any) -> Experiment:
    """Agree how an experiment will be judged, before it starts; its digest is kept.

    A protocol that can never conclude is refused, with what it lacks.
    """
    row = hold(experiment)
    if row.state not in (State.DESIGNED, State.CONFIGURED):
        raise Refused(_("It has begun: a protocol is agreed before the start."))
    if row.starts_on is None or not row.indicators.all():
        raise Refused(_("Write the protocol first: indicators, baseline, days."))
    for fault in protocols.faults(row, on=at.astimezone(PARIS).date()):
        raise Refused(fault.sentence, field=fault.field)
    row.agreed_at, row.protocol_sha256 = at, queries.protocol_digest(row)
    row.save(update_fields=["agreed_at", "protocol_sha256"])
    record(row, code=row.code, sha256=row.protocol_sha256)
    return row


def _refuse(row: Experiment, starts_on: date, *, began: bool) -> None:
    if row.state in (State.EVALUATED, State.ABANDONED):
        raise Refused(_("This experiment is over: its protocol stays as it is."))
    if began and row.starts_on not in (None, starts_on):
        raise Refused(_("The start is past: it changes no more."), field="starts_on")


def _keep_change(
    row: Experiment, before: dict[str, Any], after: dict[str, Any], why: str, at: datetime
) -> None:
    if not why:
        raise Refused(
            _("It has begun: say why the protocol changes. The page will show it."), field="reason"
        )
    ProtocolChange.objects.create(
        experiment=row, before=before, after=after, reason=why[:500], at=at
    )


def _check(
    row: Experiment,
    starts_on: date,
    ends_on: date,
    indicators: Sequence[Judge],
    comparisons: Sequence[Community],
) -> None:
    if ends_on <= starts_on:
        raise Refused(_("It ends after it starts."), field="ends_on")
    if not 1 <= len(indicators) <= _MOST_INDICATORS:
        known = {"most": _MOST_INDICATORS}
        raise Refused(_("From 1 to %(most)s indicators judge it.") % known, field="indicator_1")
    if len(comparisons) > _MOST_COMPARED or row.site in comparisons:
        raise Refused(
            _("Compare with other communes than the site, 20 at most."), field="commune_1"
        )
    keys = [one.indicator for one in indicators]
    for number, one in enumerate(indicators, start=1):
        if one.indicator in keys[: number - 1]:
            raise Refused(_("An indicator judges once."), field=f"indicator_{number}")
        _check_one(one, number, starts_on)


def _check_one(one: Judge, number: int, starts_on: date) -> None:
    """Refuse what a line of the protocol cannot be; the field is that of the form."""
    for name in ("indicator", "control"):
        _check_known(getattr(one, name), f"{name}_{number}")
    if one.control == one.indicator:
        raise Refused(_("An indicator is no control of itself."), field=f"control_{number}")
    if one.aim not in Aim.values:
        raise Refused(_("Say which way it should go."), field=f"aim_{number}")
    if one.baseline_until < one.baseline_from or one.baseline_until >= starts_on:
        raise Refused(
            _("A baseline has its days in order, all of them before the start."),
            field="baseline_until",
        )
    if not 3 <= one.least_days <= 366:  # noqa: PLR2004 -- as the table has it
        raise Refused(_("From 3 to 366 days with a value are needed."), field=f"least_{number}")
    if protocols.is_out_of_bounds(one.indicator, one.target):
        raise Refused(protocols.out_of_bounds(one.indicator), field=f"target_{number}")


def _check_known(key: str, field: str) -> None:
    found = definitions.find(key) if key else None
    if key and (found is None or not found.public):
        raise Refused(_("There is no public indicator “%(key)s”.") % {"key": key}, field=field)


def _write(row: Experiment, indicators: Sequence[Judge], comparisons: Sequence[Community]) -> None:
    row.indicators.all().delete()
    row.comparisons.all().delete()
    made: list[ProtocolIndicator] = []
    for place, one in enumerate(indicators, start=1):
        found = definitions.named(one.indicator)
        made.append(
            ProtocolIndicator(
                experiment=row,
                position=place,
                indicator=one.indicator,
                version=found.version,
                control=one.control,
                aim=Aim(one.aim),
                baseline_from=one.baseline_from,
                baseline_until=one.baseline_until,
                target=one.target,
                least_days=one.least_days,
            )
        )
    ProtocolIndicator.objects.bulk_create(made)
    Comparison.objects.bulk_create(
        [Comparison(experiment=row, other=other) for other in dict.fromkeys(comparisons)]
    )
