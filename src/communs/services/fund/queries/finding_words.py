"""Findings and verdicts in sentences: what is wrong with figures, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext, pgettext_lazy

from communs.core.indicators import definitions, words
from communs.core.indicators.definitions import Indicator
from communs.core.indicators.enums import Unit
from communs.core.kit.localised import day, number
from communs.services.fund.enums import Aim, Verdict

Found = Mapping[str, Any]
_OUTLIERS_NAMED = 6

FINDINGS: Mapping[str, tuple[Any, str]] = {
    "better": (pgettext_lazy("finding", "better, surely"), "on"),
    "hint": (pgettext_lazy("finding", "better, with nothing to compare"), "soon"),
    "worse": (pgettext_lazy("finding", "worse, surely"), "alert"),
    "unclear": (pgettext_lazy("finding", "not sure"), "neutral"),
    "unusable": (pgettext_lazy("finding", "figures that conclude nothing"), "warn"),
}
VERDICT_TAGS = {
    Verdict.GENERALISE: "on",
    Verdict.ADAPT: "on",
    Verdict.PROLONG: "soon",
    Verdict.ABANDON: "alert",
    Verdict.INCONCLUSIVE: "neutral",
}
RULES: Mapping[str, Any] = {
    "all_reached": gettext_lazy("Every indicator got better, surely, and every target is reached."),
    "target_not_reached": gettext_lazy(
        "Every indicator got better, surely, but a target is not reached."
    ),
    "worse": gettext_lazy("An indicator got worse, surely, and none got better."),
    "contradict": gettext_lazy(
        "An indicator got better and another one worse: figures alone cannot weigh them."
    ),
    "some_unsure": gettext_lazy("Some of it got better, surely; the rest is not sure yet."),
    "nothing_to_compare": gettext_lazy(
        "It got better, but nothing tells that from what happened everywhere."
    ),
    "protocol_changed": gettext_lazy(
        "It got better, but under a protocol that changed after the start."
    ),
    "nothing_sure": gettext_lazy(
        "Nothing is sure: no effect, too few figures, or figures that conclude nothing."
    ),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with figures, what follows for the verdict, and whether it blocks."""

    sentence: str
    follows: str
    blocks: bool


def title_of(key: str) -> str:
    """Give an indicator's title; its name where its service was removed since."""
    found = definitions.find(key)
    return str(found.title) if found else key


def figure(key: str, value: float | None, *, sign: bool = False) -> str:
    """Give a figure with its indicator's unit; « unknown » is never a number."""
    if value is None:
        return _("unknown")
    found = definitions.find(key)
    exact = Decimal(str(value))
    plus = "+" if sign and value > 0 else ""
    if found is None:
        return plus + number(round(exact, 2))
    if sign and found.unit == Unit.PERCENT:  # of shares, a difference is in points
        shown = number(round(exact, found.decimals + 1))
        return _("%(value)s points") % {"value": plus + shown}
    return plus + words.written(_finer(found), exact)


def interval(key: str, low: float | None, high: float | None) -> str:
    """Give an interval at 95 per cent in words."""
    if low is None or high is None:
        return _("unknown")
    known = {"low": figure(key, low, sign=True), "high": figure(key, high, sign=True)}
    return _("from %(low)s to %(high)s") % known


def chance(p: float | None) -> str:
    """Give a probability as people read it."""
    if p is None:
        return pgettext("probability", "unknown")
    return _("less than 0.1%") if p < 0.001 else f"{number(round(p * 100, 1))}\u00a0%"  # noqa: PLR2004


def doubt(gate: Found, key: str) -> Doubt:
    """Put what is wrong with an indicator's figures into a sentence, with what follows."""
    sentence = _SENTENCES.get(gate["code"], gate["code"]) % (
        _facts(gate) | {"title": title_of(key)}
    )
    follows = (
        _("This indicator concludes nothing.")
        if gate["blocks"]
        else str(_FOLLOWS.get(gate["code"], ""))
    )
    return Doubt(sentence, follows, gate["blocks"])


def against(found: Found) -> str:
    """Say what an effect is set against."""
    if found["against"] == "communes":
        return _("compared with %(names)s") % {"names": ", ".join(found["against_names"])}
    if found["against"] == "control":
        known = {"name": title_of(found["against_names"][0])}
        return _("compared with “%(name)s”") % known
    return _("before and after only")


def reached(found: Found) -> str:
    """Say whether a target is reached."""
    if found["reached"] is None:
        return _("no target") if found["target"] is None else _("unknown")
    return _("reached") if found["reached"] else _("not reached")


def aimed(aim: str, key: str, target: float | Decimal | None) -> str:
    """Say which way an indicator should go, and how far."""
    way = _("should rise") if aim == Aim.UP else _("should fall")
    if target is None:
        return way
    return _("%(way)s to %(target)s") % {"way": way, "target": figure(key, float(target))}


def rule(code: str) -> str:
    """Say by which rule a verdict is proposed."""
    return str(RULES.get(code, ""))


def _finer(found: Indicator) -> Indicator:
    """Show one decimal more than the indicator: effects are small beside levels."""
    return replace(found, decimals=found.decimals + 1)


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _facts(gate: Found) -> dict[str, Any]:
    """Give what fills a sentence, days as the reader writes them."""
    told = dict(gate)
    for name in ("day", "last"):
        if told.get(name):
            told[name] = _day(told[name])
    if isinstance(told.get("days"), list):
        told["days"] = _days(told["days"])
    return told


def _days(named: Sequence[str]) -> str:
    shown = ", ".join(map(_day, named[:_OUTLIERS_NAMED]))
    more = len(named) - _OUTLIERS_NAMED
    if more <= 0:
        return shown
    words = ngettext("%(days)s and %(count)s other", "%(days)s and %(count)s others", more)
    return words % {"days": shown, "count": number(more)}


_SENTENCES: Mapping[str, Any] = {
    "short_baseline": ngettext_lazy(
        "The baseline has %(days)s day; %(least)s at least are needed, two whole weeks.",
        "The baseline has %(days)s days; %(least)s at least are needed, two whole weeks.",
        "days",
    ),
    "few_before": ngettext_lazy(
        "Before the start, %(known)s value is known of the %(least)s that are needed.",
        "Before the start, %(known)s values are known of the %(least)s that are needed.",
        "known",
    ),
    "few_after": ngettext_lazy(
        "Since the start, %(known)s value is known of the %(least)s that are needed.",
        "Since the start, %(known)s values are known of the %(least)s that are needed.",
        "known",
    ),
    "missing_before": gettext_lazy("Before the start, %(share)s%% of the days are unknown."),
    "missing_after": gettext_lazy("Since the start, %(share)s%% of the days are unknown."),
    "stopped": ngettext_lazy(
        "The indicator stopped: its last value is of %(last)s, %(days)s day before the end.",
        "The indicator stopped: its last value is of %(last)s, %(days)s days before the end.",
        "days",
    ),
    "break": gettext_lazy("It has been counted in another way since %(day)s."),
    "other_version": gettext_lazy(
        "It is counted in another way than when the protocol was agreed."
    ),
    "outliers": gettext_lazy(
        "Days far out for “%(title)s”: %(days)s. Without them, the conclusion is the same."
    ),
    "outliers_decide": gettext_lazy(
        "Days far out for “%(title)s”: %(days)s. Without them, the conclusion is another."
    ),
    "drifting": gettext_lazy(
        "It was moving that way before the start; going on alike explains half the change or more."
    ),
    "no_estimate": gettext_lazy("There are too few values, or they never vary."),
    "no_comparison": gettext_lazy("Nothing is compared with: no commune, no control."),
    "comparison_switched": gettext_lazy(
        "%(name)s switched the service on or off on %(day)s: it is left out."
    ),
    "comparison_few": gettext_lazy("%(name)s has too few values: it is left out."),
    "control_few": gettext_lazy("The control indicator has too few values: it is left out."),
}
_FOLLOWS: Mapping[str, Any] = {
    "no_comparison": gettext_lazy(
        "A change for the better is a hint: no more than “to be prolonged” is proposed."
    ),
    "comparison_switched": gettext_lazy("The other communes still count."),
    "comparison_few": gettext_lazy("The other communes still count."),
    "outliers": gettext_lazy("They are told, and count."),
}
