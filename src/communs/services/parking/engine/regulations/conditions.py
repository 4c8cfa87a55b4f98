"""Which of several rules counts at one instant, for one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, pairwise

from communs.core.kit.timespans import changes, holds

from .model import (
    DISABLED,
    EVERYONE,
    FREE,
    Conditions,
    Effect,
    Law,
    Piece,
    Reason,
    Rule,
)


def conditions(
    rules: Iterable[Rule], *, at: datetime, badges: frozenset[str] = frozenset(), law: Law
) -> Conditions:
    """Give what holds at an instant for who has these badges.

    The highest rank that says yes or no decides, and within it no wins. Duration and price come
    from the highest rule that says them; a rule for a badge goes before one for everyone.
    """
    held = sorted((rule for rule in rules if holds(rule.span, at)), key=_order)
    for _rank, group in groupby(held, key=lambda rule: rule.rank):
        found = _verdict(list(group), badges)
        if found is not None:
            return _with_law(_filled(found, held, badges), badges, law)
    return Conditions(allowed=None, reason=Reason.NO_RULE)


def pieces(
    rules: Sequence[Rule], *, at: datetime, badges: frozenset[str], law: Law, days: int
) -> Iterator[Piece]:
    """Give what holds from an instant on, a piece after the other."""
    tariffs = [rule.tariff for rule in rules if rule.tariff]
    spans = {rule.span for rule in rules} | {span for t in tariffs for span in t.hours}
    moments: list[datetime | None] = [at, *changes(spans, at, days=days), None]
    for begins, ends in pairwise(moments):
        if begins is not None:
            found = conditions(rules, at=begins, badges=badges, law=law)
            yield Piece(begins=begins, ends=ends, conditions=found)


def charged(found: Conditions, at: datetime) -> bool:
    """Tell whether an instant is paid for."""
    return found.tariff is not None and any(holds(span, at) for span in found.tariff.hours)


def _order(rule: Rule) -> tuple[int, bool, str]:
    return (-rule.rank, rule.who == EVERYONE, rule.key)


def _concerns(rule: Rule, badges: frozenset[str]) -> bool:
    return rule.who == EVERYONE or rule.who in badges


def _verdict(group: Sequence[Rule], badges: frozenset[str]) -> Conditions | None:
    """Give what the rules of one rank say of this person, or None if they say nothing."""
    for rule in group:
        if rule.effect == Effect.FORBIDS and _concerns(rule, badges):
            return Conditions(allowed=False, reason=Reason.FORBIDDEN, rules=(rule,))
    for rule in group:
        if rule.effect == Effect.RESERVES and not _concerns(rule, badges):
            return Conditions(allowed=False, reason=Reason.RESERVED, rules=(rule,))
    letting = (Effect.ALLOWS, Effect.RESERVES)
    allowing = [rule for rule in group if rule.effect in letting and _concerns(rule, badges)]
    return Conditions(allowed=True, rules=(allowing[0],)) if allowing else None


def _filled(found: Conditions, held: Sequence[Rule], badges: frozenset[str]) -> Conditions:
    """Add the duration and the price, from the highest rules that say them."""
    if not found.allowed:
        return found
    said = [r for r in held if _concerns(r, badges) and r.effect != Effect.FORBIDS]
    lasting = next((rule for rule in said if rule.most_minutes is not None), None)
    priced = next((rule for rule in said if rule.tariff is not None), None)
    used = [rule for rule in (*found.rules, lasting, priced) if rule is not None]
    return Conditions(
        allowed=True,
        most_minutes=lasting.most_minutes if lasting else None,
        tariff=priced.tariff if priced else None,
        rules=tuple(dict.fromkeys(used)),
    )


def _with_law(found: Conditions, badges: frozenset[str], law: Law) -> Conditions:
    if not (found.allowed and law.card_free and DISABLED in badges):
        return found
    return Conditions(
        allowed=True,
        reason=Reason.CARD,
        most_minutes=law.card_most_minutes,
        tariff=FREE,
        rules=found.rules[:1],
    )
