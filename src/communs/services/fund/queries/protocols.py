"""What keeps a protocol from ever concluding, in sentences, before it is agreed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.indicators import definitions
from communs.core.indicators.engine.combining import Aggregate
from communs.core.indicators.enums import Unit
from communs.core.kit.localised import number
from communs.services.fund.engine.evaluating import gates, series
from communs.services.fund.enums import Aim
from communs.services.fund.models import Experiment, ProtocolIndicator
from communs.services.fund.queries import finding_words
from communs.services.fund.queries.freezing import Held, read, step_of

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a protocol, and the field of its form."""

    field: str
    sentence: str


def faults(experiment: Experiment, *, on: date) -> list[Fault]:
    """Tell why a protocol could never conclude; `on` is today. Two queries where it has targets."""
    wanted = list(experiment.indicators.all())
    aimed = [one for one in wanted if one.target is not None]
    held: Held = {}
    if aimed:
        first = min(one.baseline_from for one in aimed)
        held = read(experiment, aimed, [], first, max(one.baseline_until for one in aimed), on=on)
    found: list[Fault] = []
    for place, one in enumerate(wanted, start=1):
        found += _lengths(one, experiment)
        found += _targets(one, place, held.get((one.indicator, experiment.site.slug), []))
    return found


def is_out_of_bounds(key: str, target: Decimal | None) -> bool:
    """Tell whether a target cannot be: a part of a whole lies between 0 and 100 per cent."""
    found = definitions.find(key)
    if found is None or target is None:
        return False
    bounded = found.unit == Unit.PERCENT and found.aggregate == Aggregate.RATIO
    return bounded and not 0 <= target <= _HUNDRED


def out_of_bounds(key: str) -> str:
    """Say that a target cannot be."""
    return _of(key, _("A percentage goes from 0 to 100."))


def _lengths(one: ProtocolIndicator, experiment: Experiment) -> Iterator[Fault]:
    """Tell of a baseline, or a trial, with fewer days than the indicator needs."""
    monthly = step_of(one.indicator) == series.MONTH
    baseline = _count(one.baseline_from, one.baseline_until, monthly=monthly)
    own = gates.least(one.least_days, series.MONTH if monthly else series.DAY)
    least = own if monthly else gates.SHORTEST_BASELINE
    if baseline < max(own, least):
        yield Fault(
            "baseline_until", _of(one.indicator, _short(baseline, least, own, monthly=monthly))
        )
    if experiment.starts_on is not None and experiment.ends_on is not None:
        trial = _count(experiment.starts_on, experiment.ends_on, monthly=monthly)
        if trial < own:
            yield Fault("ends_on", _of(one.indicator, _brief(trial, own, monthly=monthly)))


def _targets(
    one: ProtocolIndicator, place: int, known: list[tuple[str, float, int]]
) -> list[Fault]:
    """Tell of a target that cannot be, or that was reached before anything was tried."""
    field = f"target_{place}"
    if one.target is None:
        return []
    if is_out_of_bounds(one.indicator, one.target):
        return [Fault(field, out_of_bounds(one.indicator))]
    first, last = one.baseline_from.isoformat(), one.baseline_until.isoformat()
    values = [told[1] for told in known if first <= told[0] <= last and told[1] is not None]
    if len(values) < gates.least(one.least_days, step_of(one.indicator)):
        return []  # nothing that is known yet tells
    mean, target = fmean(values), float(one.target)
    reached = mean >= target if one.aim == Aim.UP else mean <= target
    return [Fault(field, _of(one.indicator, _reached(one, mean)))] if reached else []


def _reached(one: ProtocolIndicator, mean: float) -> str:
    known = {"mean": finding_words.figure(one.indicator, mean)}
    sentence = _("The target is reached already before the start: the mean is %(mean)s.")
    return sentence % known


def _short(count: int, least: int, own: int, *, monthly: bool) -> str:
    known = {"count": number(count), "least": number(least), "own": number(own)}
    if monthly:
        words = ngettext(
            "The baseline has %(count)s whole month: %(least)s at least are needed.",
            "The baseline has %(count)s whole months: %(least)s at least are needed.",
            count,
        )
    elif own > least:
        words = ngettext(
            "The baseline has %(count)s day: %(least)s at least are needed, and %(own)s for this"
            " indicator.",
            "The baseline has %(count)s days: %(least)s at least are needed, and %(own)s for this"
            " indicator.",
            count,
        )
    else:
        words = ngettext(
            "The baseline has %(count)s day: %(least)s at least are needed.",
            "The baseline has %(count)s days: %(least)s at least are needed.",
            count,
        )
    return words % known


def _brief(count: int, own: int, *, monthly: bool) -> str:
    known = {"count": number(count), "own": number(own)}
    if monthly:
        words = ngettext(
            "The trial has %(count)s whole month: %(own)s at least are needed.",
            "The trial has %(count)s whole months: %(own)s at least are needed.",
            count,
        )
    else:
        words = ngettext(
            "The trial has %(count)s day: %(own)s at least are needed.",
            "The trial has %(count)s days: %(own)s at least are needed.",
            count,
        )
    return words % known


def _count(first: date, last: date, *, monthly: bool) -> int:
    if monthly:
        return sum(1 for _month in series.spans(first, last, series.MONTH))
    return series.Period(first, last).days


def _of(key: str, sentence: str) -> str:
    known = {"title": finding_words.title_of(key), "sentence": sentence}
    return _("“%(title)s”. %(sentence)s") % known
