"""Shares of an amount to the cent, by the largest remainder: no cent is lost or made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from communs.services.fund.engine.financing.amounts import CENT, HUNDRED


def split(amount: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount out by weights, to the cent; the first of equals gets the odd cent.

    The shares need not add up to 100: they are weights. Raises ValueError where nobody has any, or
    one is less than nothing.
    """
    whole = sum(shares, Decimal(0))
    if whole <= 0 or any(share < 0 for share in shares):
        message = "An amount is shared out by weights, some of them more than nothing."
        raise ValueError(message)
    exact = [amount * share / whole for share in shares]
    given = [part.quantize(CENT, ROUND_DOWN) for part in exact]
    odd = int((amount - sum(given, Decimal(0))) / CENT)
    order = sorted(range(len(exact)), key=lambda n: (given[n] - exact[n], n))
    for n in order[:odd]:
        given[n] += CENT
    return given


def equal(count: int) -> list[Decimal]:
    """Give equal percentages that add up to 100 exactly: 33.34, 33.33, 33.33."""
    return split(HUNDRED, [Decimal(1)] * count)
