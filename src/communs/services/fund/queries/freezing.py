"""From an experiment to the document that its evaluation is worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from communs.core.communities.models import Community
from communs.core.indicators import definitions
from communs.core.indicators import queries as measures
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.engine.combining import Aggregate, Step
from communs.core.registry import queries as registry
from communs.services.fund.engine.evaluating import series
from communs.services.fund.models import Experiment, ProtocolChange, ProtocolIndicator
from communs.services.fund.queries.experiments import pauses, protocol_digest

Held = dict[tuple[str, str], list[Any]]
_COUNTED = {Aggregate.SUM, Aggregate.LAST}


def freeze(experiment: Experiment, until: date, *, on: date, alone: bool = False) -> dict[str, Any]:
    """Give every figure that an evaluation needs, as plain JSON; `on` is today.

    One query for all indicators and communities, and one for each whose days are not published.
    `alone` leaves the figures of other communes out, for a page that follows the site.
    """
    wanted = list(experiment.indicators.all())
    others = [one.other for one in experiment.comparisons.all()]
    first = min((one.baseline_from for one in wanted), default=until)
    held = read(experiment, wanted, [] if alone else others, first, until, on=on)
    return {
        "format": series.FORMAT,
        "experiment": experiment.code,
        "service": experiment.service,
        "site": experiment.site.slug,
        "starts_on": str(experiment.starts_on),
        "until": until.isoformat(),
        "agreed": experiment.protocol_sha256,
        "protocol": protocol_digest(experiment),
        "changes": [change_of(change) for change in experiment.changes.all()],
        "pauses": [
            [since.isoformat(), last.isoformat()] for since, last in _pauses(experiment, until)
        ],
        "demonstration": _is_made_up(experiment, wanted, first, until),
        "comparisons": _compared(experiment, others, first, until),
        "indicators": [
            _indicator(one, experiment, [] if alone else others, held, until) for one in wanted
        ],
    }


def change_of(change: ProtocolChange) -> dict[str, Any]:
    """Give a change of the protocol as it is frozen: when, why, what was and what is."""
    return {
        "at": change.at.isoformat(),
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
    }


def read(
    experiment: Experiment,
    wanted: Sequence[ProtocolIndicator],
    others: Sequence[Community],
    first: date,
    until: date,
    *,
    on: date,
) -> Held:
    """Read what is published of the site and of what it is compared with, by day or by month."""
    places = [experiment.site, *others]
    known = _named(wanted)
    daily = _by_day(known)
    held: Held = dict(measures.day_values(daily, places, first, until)) if daily else {}
    for found in known:
        if found.min_people and found.public:
            held |= _months(found, places, first, until, on=on)
    return held


def _is_made_up(
    experiment: Experiment, wanted: Sequence[ProtocolIndicator], first: date, until: date
) -> bool:
    daily = _by_day(_named(wanted))
    return bool(daily) and measures.are_made_up(daily, [experiment.site], first, until)


def _named(wanted: Sequence[ProtocolIndicator]) -> list[Indicator]:
    names = {name for one in wanted for name in (one.indicator, one.control) if name}
    return [found for name in sorted(names) if (found := definitions.find(name))]


def _by_day(known: Sequence[Indicator]) -> list[str]:
    return [found.key for found in known if not found.min_people and found.public]


def step_of(key: str) -> str:
    """Tell whether an indicator is published by day, or by month only."""
    found = definitions.find(key)
    return series.MONTH if found is not None and found.min_people else series.DAY


def is_counted(key: str) -> bool:
    """Tell whether an indicator counts things: a larger town then has more of them."""
    found = definitions.find(key)
    return found is not None and found.aggregate in _COUNTED


def _pauses(experiment: Experiment, until: date) -> list[tuple[date, date]]:
    """Give its pauses; each leaves a difficulty, so that without any there was none."""
    return pauses(experiment, until) if experiment.difficulties.all() else []


def _months(
    found: Indicator, places: Sequence[Community], first: date, until: date, *, on: date
) -> Held:
    told = measures.compared_series(found.key, places, first, until, step=Step.MONTH, on=on)
    return {
        (found.key, place.slug): [
            (point.first.isoformat(), float(point.value), point.version or 1)
            for point in line.points
            if point.value is not None
        ]
        for place, line in told
    }


def _indicator(
    one: ProtocolIndicator,
    experiment: Experiment,
    others: Sequence[Community],
    held: Held,
    until: date,
) -> dict[str, Any]:
    step, first = step_of(one.indicator), one.baseline_from
    found = definitions.find(one.indicator)

    def line(key: str, slug: str) -> series.Line:
        return series.line(held.get((key, slug), ()), first, until, step)

    same = one.control and step_of(one.control) == step
    return {
        "key": one.indicator,
        "version": one.version,
        "known_version": found.version if found else one.version,
        "aim": one.aim,
        "target": None if one.target is None else _plain(one.target),
        "least_days": one.least_days,
        "step": step,
        "counts": is_counted(one.indicator),
        "control": one.control,
        "baseline": [one.baseline_from.isoformat(), one.baseline_until.isoformat()],
        "site": line(one.indicator, experiment.site.slug),
        "control_line": line(one.control, experiment.site.slug) if same else None,
        "others": {other.slug: line(one.indicator, other.slug) for other in others},
    }


def _compared(
    experiment: Experiment, others: Sequence[Community], first: date, until: date
) -> list[dict[str, Any]]:
    """Give the communes compared with, and those left out as they switched the service on."""
    moved = registry.switched(experiment.service, others, first, until) if others else {}
    return [
        {
            "community": other.slug,
            "name": other.name,
            "left_out": "switched" if other.pk in moved else "",
            "since": moved[other.pk].isoformat() if other.pk in moved else None,
        }
        for other in others
    ]


def _plain(value: Any) -> float | int:
    found = float(value)
    return int(found) if found == int(found) else found
