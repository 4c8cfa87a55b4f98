"""A frozen document in, results out: the same document always gives the same results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import compress
from operator import or_
from typing import Any

from . import estimating, gates, verdicts
from .estimating import Estimate, Sample
from .gates import Gate, Reach
from .series import DAY, Period, days_of

Document = Mapping[str, Any]
NOTHING, CONTROL, COMMUNES = "nothing", "control", "communes"
_SHOWN = 6  # decimals


@dataclass(frozen=True, slots=True)
class Spans:
    """The days of an indicator, and which belong to the baseline and to the trial."""

    days: Sequence[date]
    before: Sequence[bool]
    after: Sequence[bool]
    start: date

    def reach(self, values: Sequence[float | None]) -> tuple[Reach, Reach]:
        """Give how much is known of each period."""
        found = []
        for part in (self.before, self.after):
            told = list(compress(values, part))
            found.append(Reach(len(told) - told.count(None), len(told)))
        return found[0], found[1]

    def kept(self, values: Any) -> Any:
        """Keep the values of both periods alone."""
        return list(compress(values, map(or_, self.before, self.after)))


@dataclass(frozen=True, slots=True)
class Compared:
    """What an indicator is set against: nothing, a control indicator, or communes."""

    kind: str
    lines: Sequence[Sequence[float | None]]
    names: Sequence[str]
    gates: Sequence[Gate]


def assess(frozen: Document) -> dict[str, Any]:
    """Work everything out: a finding an indicator, then the verdict that is proposed."""
    found = [_one(one, frozen) for one in frozen["indicators"]]
    usable = [one for one in found if not _blocked(one)]
    raised = estimating.adjusted([one["p"] for one in usable])
    for one, p in zip(usable, raised, strict=True):
        one["p_adjusted"] = _round(p)
        against = one["against"] != NOTHING
        one["finding"] = verdicts.finding(one["effect"], p, aim=one["aim"], against=against)
    shown = [verdicts.Shown(one["finding"], one["reached"]) for one in found]
    proposal = verdicts.propose(shown, protocol_changed=bool(frozen["changes"]))
    return {"indicators": found, "proposed": proposal.verdict, "rule": proposal.rule}


def missing(frozen: Document) -> list[dict[str, Any]]:
    """Tell what each indicator lacks so far, from the site's own figures; nothing is estimated."""
    told = []
    for one in frozen["indicators"]:
        spans = _spans(one, frozen)
        before, after = spans.reach(one["site"]["values"])
        left = [row for row in frozen["comparisons"] if row["left_out"]]
        held = [*_own(one, frozen, spans), *map(_left_out, left)]
        if len(left) == len(frozen["comparisons"]) and not one["control"]:
            held.append(Gate("no_comparison"))
        told.append(
            {
                "key": one["key"],
                "before_days": before.known,
                "after_days": after.known,
                "gates": [gate.told() for gate in held],
            }
        )
    return told


def _one(one: Document, frozen: Document) -> dict[str, Any]:
    spans = _spans(one, frozen)
    before, after = spans.reach(one["site"]["values"])
    compared = _compared(one, frozen, spans)
    held = [*_own(one, frozen, spans), *compared.gates]
    told = {
        "key": one["key"],
        "aim": one["aim"],
        "step": one["step"],
        "target": one["target"],
        "before_days": before.known,
        "after_days": after.known,
        "against": compared.kind,
        "against_names": list(compared.names),
        "finding": verdicts.UNUSABLE,
        "p_adjusted": None,
    }
    return told | _estimated(one, spans, compared, held)


def _own(one: Document, frozen: Document, spans: Spans) -> list[Gate]:
    """Tell what is wrong with the site's own figures."""
    values = one["site"]["values"]
    before, after = spans.reach(values)
    baseline = Period(*map(date.fromisoformat, one["baseline"]))
    needed = gates.least(one["least_days"], one["step"])
    last = _last(spans, values)
    return [
        *gates.of_length(baseline, before, after, needed, one["step"]),
        *(gates.of_end(last, date.fromisoformat(frozen["until"]), one["step"]) if last else []),
        *gates.of_breaks(one["site"]["breaks"], one["version"], one["known_version"]),
    ]


def _left_out(row: Document) -> Gate:
    facts = {"name": row["name"], "day": row["since"]}
    return Gate(f"comparison_{row['left_out']}", facts=facts)


def _estimated(one: Document, spans: Spans, compared: Compared, held: list[Gate]) -> dict[str, Any]:
    """Estimate both ways; tell which one counts, and what days far out or a drift make of it."""
    daily = one["step"] == DAY
    days = spans.kept(spans.days)
    own = estimating.sample(days, spans.kept(one["site"]["values"]), spans.start, weekly=daily)
    alone = estimating.estimate(own)
    used, chosen = own, alone
    difference: Estimate | None = None
    if compared.kind != NOTHING and alone is not None:
        way = estimating.in_proportion if one["counts"] else estimating.beside
        less, _mean = way(
            spans.kept(one["site"]["values"]),
            [spans.kept(line) for line in compared.lines],
            spans.kept(spans.before),
        )
        used = estimating.sample(days, less, spans.start, weekly=daily)
        chosen = difference = estimating.estimate(used)
    far = estimating.outliers(used)
    seen = dict(zip(spans.days, one["site"]["values"], strict=True))
    held += _doubts(used, chosen, far)
    return {
        "before_after": _told(alone),
        "difference": _told(difference),
        "effect": _round(chosen.effect) if chosen else None,
        "low": _round(chosen.low) if chosen else None,
        "high": _round(chosen.high) if chosen else None,
        "p": _round(chosen.p) if chosen else None,
        "reached": _reached(one, alone),
        "outliers": [
            {"day": one_far.day.isoformat(), "value": seen[one_far.day], "z": one_far.z}
            for one_far in far
        ],
        "gates": [gate.told() for gate in held],
    }


def _doubts(used: Sample, chosen: Estimate | None, far: Sequence[estimating.Outlier]) -> list[Gate]:
    if chosen is None:
        return [Gate("no_estimate", blocks=True)]
    without = estimating.estimate(used.without([one.day for one in far])) if far else None
    return [
        *gates.of_outliers(far, chosen, without),
        *gates.of_drift(estimating.drift(used), chosen, _apart(used)),
    ]


def _apart(used: Sample) -> float:
    """Give the days between the middles of the two periods."""
    numbers = [day.toordinal() for day in used.days]
    old = [n for n, after in zip(numbers, used.after, strict=True) if not after]
    new = [n for n, after in zip(numbers, used.after, strict=True) if after]
    return sum(new) / len(new) - sum(old) / len(old) if old and new else 0.0


def _spans(one: Document, frozen: Document) -> Spans:
    days = days_of(one["site"], one["step"])
    baseline = Period(*map(date.fromisoformat, one["baseline"]))
    start, until = date.fromisoformat(frozen["starts_on"]), date.fromisoformat(frozen["until"])
    begins, ends = baseline.first, min(baseline.last, start - timedelta(days=1))
    before = [begins <= day <= ends for day in days]
    after = [start <= day <= until for day in days]
    for since, last in (map(date.fromisoformat, pause) for pause in frozen["pauses"]):
        after = [new and not since <= day <= last for day, new in zip(days, after, strict=True)]
    return Spans(days, before, after, start)


def _compared(one: Document, frozen: Document, spans: Spans) -> Compared:
    """Take the communes that may be compared with; without any, the control indicator."""
    needed = gates.least(one["least_days"], one["step"])
    names = {row["community"]: row["name"] for row in frozen["comparisons"]}
    lines, taken, held = [], [], []
    for row in frozen["comparisons"]:
        slug = row["community"]
        if row["left_out"]:
            held.append(_left_out(row))
            continue
        line = one["others"][slug]
        if _fits(line, spans, needed):
            lines.append(line["values"])
            taken.append(names[slug])
        else:
            held.append(Gate("comparison_few", facts={"name": row["name"]}))
    if lines:
        return Compared(COMMUNES, lines, taken, held)
    control = one["control_line"]
    if control is not None and _fits(control, spans, needed):
        return Compared(CONTROL, [control["values"]], [one["control"]], held)
    if control is not None:
        held.append(Gate("control_few"))
    return Compared(NOTHING, [], [], [*held, Gate("no_comparison")])


def _fits(line: Document, spans: Spans, needed: int) -> bool:
    before, after = spans.reach(line["values"])
    return min(before.known, after.known) >= needed and not line["breaks"]


def _last(spans: Spans, values: Sequence[float | None]) -> date | None:
    """Give the last day of the trial with a value."""
    told = zip(spans.days, values, spans.after, strict=True)
    return max((day for day, value, new in told if new and value is not None), default=None)


def _reached(one: Document, alone: Estimate | None) -> bool | None:
    """Tell whether the mean of the trial reaches the target; None without a target or a mean."""
    if one["target"] is None or alone is None:
        return None
    up = one["aim"] == "up"
    return alone.after >= one["target"] if up else alone.after <= one["target"]


def _blocked(told: Document) -> bool:
    return told["p"] is None or any(gate["blocks"] for gate in told["gates"])


def _told(found: Estimate | None) -> dict[str, Any] | None:
    return {name: _round(value) for name, value in asdict(found).items()} if found else None


def _round(value: float) -> float | int:
    """Give a figure as JSON keeps it: what comes back from a database is written alike."""
    found = round(float(value), _SHOWN)
    return int(found) if math.isfinite(found) and found == int(found) else found
