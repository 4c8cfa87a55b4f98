"""Changes of a protocol in sentences: when, what was, what is, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communs.core.communities.models import Community
from communs.core.kit.localised import day, number
from communs.core.kit.timespans import PARIS
from communs.services.fund.queries import finding_words as findings

Protocol = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the protocol after the start, in words."""

    on: date
    reason: str
    lines: list[str]


def told(changes: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Put changes into words, as they are frozen; those frozen long ago say when and why alone."""
    return [_told(one) for one in changes]


def _told(one: Mapping[str, Any]) -> Told:
    on = datetime.fromisoformat(one["at"]).astimezone(PARIS).date()
    lines = list(_lines(one["before"], one["after"])) if "before" in one else []
    return Told(on, one["reason"], lines)


def _lines(before: Protocol, after: Protocol) -> Iterator[str]:
    """Say what differs between two protocols, a line each."""
    found = [
        *_pair(pgettext("protocol", "Question"), before["question"], after["question"]),
        *_pair(pgettext("protocol", "End"), _day(before["ends_on"]), _day(after["ends_on"])),
    ]
    same = len(_baselines(before)) == len(_baselines(after)) == 1
    if same:
        old, new = (_span(next(iter(_baselines(one)))) for one in (before, after))
        found += _pair(pgettext("protocol", "Baseline"), old, new)
    found += _indicators(before, after, baselines=not same)
    if before["comparisons"] != after["comparisons"]:
        names = _names([*before["comparisons"], *after["comparisons"]])
        old, new = (_listed(names[slug] for slug in one["comparisons"]) for one in (before, after))
        found += _pair(_("Communes compared with"), old, new)
    yield from found or [_("The order of the indicators, or how one of them is counted.")]


def _indicators(before: Protocol, after: Protocol, *, baselines: bool) -> Iterator[str]:
    old = {one["indicator"]: one for one in before["indicators"]}
    new = {one["indicator"]: one for one in after["indicators"]}
    for key in [key for key in old if key not in new]:
        yield _("Indicator left out: %(title)s") % {"title": findings.title_of(key)}
    for key, one in new.items():
        if key not in old:
            yield _("Indicator added: %(title)s") % {"title": findings.title_of(key)}
        else:
            yield from _indicator(old[key], one, baselines=baselines)


def _indicator(old: Protocol, new: Protocol, *, baselines: bool) -> Iterator[str]:
    title = findings.title_of(new["indicator"])
    parts = [
        (pgettext("protocol", "aim"), _aim),
        (pgettext("protocol", "control"), _control),
        (pgettext("protocol", "days needed"), _least),
    ]
    if baselines:
        parts.append((pgettext("protocol", "baseline"), lambda one: _span(tuple(one["baseline"]))))
    for label, write in parts:
        named = _("%(title)s, %(part)s") % {"title": title, "part": label}
        yield from _pair(named, write(old), write(new))


def _pair(label: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        known = {"label": label, "before": old, "after": new}
        yield _("%(label)s: %(before)s → %(after)s") % known


def _aim(one: Protocol) -> str:
    target = None if one["target"] is None else float(one["target"])
    return findings.aimed(one["aim"], one["indicator"], target)


def _control(one: Protocol) -> str:
    return findings.title_of(one["control"]) if one["control"] else pgettext("control", "none")


def _least(one: Protocol) -> str:
    return number(one["least_days"])


def _baselines(found: Protocol) -> set[tuple[str, ...]]:
    return {tuple(one["baseline"]) for one in found["indicators"]}


def _span(days: Iterable[str]) -> str:
    first, last = map(_day, days)
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or pgettext("commune", "none")


def _names(slugs: list[str]) -> dict[str, str]:
    rows = Community.objects.filter(slug__in=slugs).values_list("slug", "name")
    return {slug: slug for slug in slugs} | dict(rows)
