"""What is owed and what is taken back: no cent is lost or made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from communs.services.fund.engine.financing.amounts import down
from communs.services.fund.engine.financing.shares import split

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Final:
    """What a grant comes to once its cost is known: still to pay, or paid too much."""

    grant: Decimal
    balance: Decimal
    recovered: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the money of an agreement stands, in euros.

    `paid - received + remaining - to_recover == grant - reduced`, always.
    """

    grant: Decimal
    reduced: Decimal
    paid: Decimal
    received: Decimal
    remaining: Decimal
    to_recover: Decimal

    @property
    def holds(self) -> bool:
        """Tell whether every cent of the grant is somewhere."""
        now = self.paid - self.received + self.remaining - self.to_recover
        return now == self.grant - self.reduced


def instalments(grant: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """Give the amount of each instalment, to the cent; they add up to the grant exactly."""
    return split(grant, percents)


def final(grant: Decimal, planned: Decimal | None, accepted: Decimal, paid: Decimal) -> Final:
    """Give what a grant comes to for a final cost: the same share of it, never more than awarded.

    `planned` is the cost that counted when it was awarded. Where it is unknown, no more than the
    cost itself is granted.
    """
    due = accepted if planned is None else down(accepted * grant / planned)
    whole = min(grant, due)
    return Final(whole, max(whole - paid, NOTHING), max(paid - whole, NOTHING))


def without(parts: Sequence[Decimal], gone: int) -> list[Decimal]:
    """Share out what one partner leaves among the others, in proportion; the whole stays.

    Raises ValueError where nobody else bears a part.
    """
    rest = [NOTHING if n == gone else part for n, part in enumerate(parts)]
    return split(sum(parts, NOTHING), rest)


def moved(before: Sequence[Decimal], after: Sequence[Decimal]) -> Decimal:
    """Give how many euros change hands between two ways to share the same amount."""
    pairs = zip(before, after, strict=True)
    return sum((max(new - old, NOTHING) for old, new in pairs), NOTHING)


def ledger(
    grant: Decimal,
    lines: Sequence[tuple[Decimal, Decimal, bool]],
    recoveries: Sequence[tuple[Decimal, bool]],
) -> Ledger:
    """Add up an agreement: instalments (planned, now, paid or not), recoveries (how much, back)."""
    cut = sum((planned - now for planned, now, _paid in lines), NOTHING)
    asked = sum((amount for amount, _back in recoveries), NOTHING)
    received = sum((amount for amount, back in recoveries if back), NOTHING)
    return Ledger(
        grant=grant,
        reduced=cut + asked,
        paid=sum((now for _planned, now, paid in lines if paid), NOTHING),
        received=received,
        remaining=sum((now for _planned, now, paid in lines if not paid), NOTHING),
        to_recover=asked - received,
    )
