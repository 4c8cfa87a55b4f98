"""Whether figures can bear a conclusion: what is wrong with them, and what follows.

A gate that blocks leaves its indicator without a conclusion; the others are told, and weigh in
`verdicts.py` where that says so. Each has a code and facts; its sentences are the pages'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .estimating import Estimate, Outlier
from .series import DAY, Period

SHORTEST_BASELINE = 14  # days
MOST_MISSING = 0.30
SILENT = 14  # days at the end
LEAST_MONTHS = 3
_DRIFTING = 0.01
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that is wrong, or has to be known, with its facts."""

    code: str
    blocks: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {"code": self.code, "blocks": self.blocks, **self.facts}


@dataclass(frozen=True, slots=True)
class Reach:
    """How much of a period is known: values, and spans that could have one."""

    known: int
    possible: int

    @property
    def missing(self) -> float:
        """The share of the period that is not known."""
        return 1 - self.known / self.possible if self.possible else 1.0


def least(days: int, step: str) -> int:
    """Give how many values a period needs: days, or months where only months are published."""
    return days if step == DAY else max(LEAST_MONTHS, round(days / 30))


def of_length(baseline: Period, before: Reach, after: Reach, needed: int, step: str) -> list[Gate]:
    """Tell of periods that are too short, or too full of holes."""
    found = []
    if step == DAY and baseline.days < SHORTEST_BASELINE:
        facts = {"days": baseline.days, "least": SHORTEST_BASELINE}
        found.append(Gate("short_baseline", blocks=True, facts=facts))
    for name, reach in (("before", before), ("after", after)):
        facts = {"known": reach.known, "possible": reach.possible}
        if reach.known < needed:
            found.append(Gate(f"few_{name}", blocks=True, facts=facts | {"least": needed}))
        elif reach.missing > MOST_MISSING:
            share = round(reach.missing * 100)
            found.append(Gate(f"missing_{name}", blocks=True, facts=facts | {"share": share}))
    return found


def of_end(last: date | None, until: date, step: str) -> list[Gate]:
    """Tell of an indicator that stopped before the end."""
    silent = SILENT if step == DAY else 70  # days: two months without a value
    if last is None or (until - last).days <= silent:
        return []
    facts = {"last": last.isoformat(), "days": (until - last).days}
    return [Gate("stopped", blocks=True, facts=facts)]


def of_breaks(breaks: Sequence[str], version: int, known: int) -> list[Gate]:
    """Tell of a series that was counted in another way from some day on."""
    if breaks:
        return [Gate("break", blocks=True, facts={"day": breaks[0]})]
    if version != known:
        return [Gate("other_version", blocks=True, facts={"agreed": version, "now": known})]
    return []


def of_outliers(
    found: Sequence[Outlier], whole: Estimate | None, without: Estimate | None
) -> list[Gate]:
    """Tell of days far out; they block where the conclusion hangs on them."""
    if not found:
        return []
    facts: dict[str, Any] = {"days": [one.day.isoformat() for one in found]}
    if whole is None or without is None:
        return [Gate("outliers_decide", blocks=True, facts=facts)]
    facts |= {"effect": round(whole.effect, 6), "without": round(without.effect, 6)}
    changes = concludes(whole) != concludes(without)
    return [Gate("outliers_decide" if changes else "outliers", blocks=changes, facts=facts)]


def of_drift(slope: tuple[float, float] | None, effect: Estimate | None, days: float) -> list[Gate]:
    """Tell of a series that was on its way already: going on alike, it explains half the change."""
    if slope is None or effect is None:
        return []
    a_day, p = slope
    carried = a_day * days
    if p >= _DRIFTING or carried * effect.effect <= 0 or abs(carried) < abs(effect.effect) / 2:
        return []
    return [Gate("drifting", blocks=True, facts={"carried": round(carried, 6)})]


def concludes(found: Estimate) -> int:
    """Give 1 or -1 where the interval lies on one side of no effect, else 0."""
    if found.p >= SURE:
        return 0
    return 1 if found.effect > 0 else -1
