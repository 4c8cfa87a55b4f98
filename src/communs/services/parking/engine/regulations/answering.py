"""May I park here now, until when, for how much?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .conditions import charged, pieces
from .model import STREET, Answer, Law, Piece, Reason, Rule
from .prices import price

HORIZON = 14  # days looked ahead


def answer(
    rules: Iterable[Rule],
    *,
    at: datetime,
    badges: frozenset[str] = frozenset(),
    minutes: int | None = None,
    law: Law = STREET,
) -> Answer:
    """Answer for who arrives at an instant, to stay some minutes if that is said."""
    known = tuple(rules)
    found = list(pieces(known, at=at, badges=badges, law=law, days=HORIZON))
    now = found[0].conditions
    if not now.allowed:
        until = next((p.begins for p in found if p.conditions.allowed != now.allowed), None)
        why = (now.reason,) if now.reason else ()
        return Answer(allowed=now.allowed, until=until, reasons=why, rules=now.rules)
    until, ended_by = _leaving(found, at, law)
    asked = None if minutes is None else at + timedelta(minutes=minutes)
    ends = min((moment for moment in (asked, until) if moment), default=at)
    cents = None if asked is None else price(found, at=at, ends=ends)
    fits = None if asked is None else until is None or asked <= until
    reasons = [now.reason, ended_by if until else None]
    reasons += [Reason.TOO_LONG] if fits is False else []
    reasons += _about_price(found[0], asked=asked is not None, cents=cents)
    said = tuple(dict.fromkeys(reason for reason in reasons if reason))
    used = _used(found, ends)
    return Answer(allowed=True, until=until, fits=fits, price_cents=cents, reasons=said, rules=used)


def leave_by(
    rules: Iterable[Rule],
    *,
    since: datetime,
    before: datetime,
    badges: frozenset[str] = frozenset(),
    law: Law,
) -> datetime | None:
    """Give when who has been there since had to be gone, if that is over by now.

    At once where parking was forbidden; None where no rule says.
    """
    days = (before - since).days + 1
    found = pieces(tuple(rules), at=since, badges=badges, law=law, days=days)
    until, reason = _leaving(found, since, law)
    late = until is not None and until <= before and reason != Reason.NO_RULE
    return until if late else None


def _leaving(found: Iterable[Piece], at: datetime, law: Law) -> tuple[datetime | None, Reason]:
    """Give when one must be gone, and why.

    The longest stay counts the minutes during which one is set; lunch and night, when none is,
    are not counted.
    """
    until, reason = _limit(found)
    if law.unmoved_most_minutes is not None:
        abandoned = at + timedelta(minutes=law.unmoved_most_minutes)
        if until is None or abandoned < until:
            return abandoned, Reason.UNMOVED
    return until, reason


def _limit(found: Iterable[Piece]) -> tuple[datetime | None, Reason]:
    spent = timedelta()
    for piece in found:
        if not piece.conditions.allowed:
            return piece.begins, piece.conditions.reason or Reason.NO_RULE
        if piece.conditions.most_minutes is None:
            continue
        left = timedelta(minutes=piece.conditions.most_minutes) - spent
        if left <= timedelta():
            return piece.begins, Reason.LONGEST
        if piece.ends is None or piece.ends - piece.begins > left:
            return piece.begins + left, Reason.LONGEST
        spent += piece.ends - piece.begins
    return None, Reason.LONGEST


def _about_price(first: Piece, *, asked: bool, cents: int | None) -> list[Reason]:
    if asked and cents is None:
        return [Reason.PRICE_UNKNOWN]
    tariff = first.conditions.tariff
    pays_later = tariff is not None and bool(tariff.hours)
    if pays_later and not charged(first.conditions, first.begins):
        return [Reason.FREE_HOURS]
    return []


def _used(found: Sequence[Piece], ends: datetime) -> tuple[Rule, ...]:
    """Give the rules met on the way, each once."""
    met = [piece for piece in found if piece.begins <= ends]
    return tuple(dict.fromkeys(rule for piece in met for rule in piece.conditions.rules))
