"""Amounts in euros, to the cent: read from what people type, never from a float."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from communs.core.kit import typed

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")  # ten digits of euros: what a column holds
HUNDRED = Decimal(100)


class Unfit(ValueError):
    """What was typed is no amount; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(text: str, *, comma_groups: bool = False) -> Decimal:
    """Give the amount that somebody typed: « 1 250,50 », `1250.5`; raises Unfit.

    `comma_groups`: a comma parts thousands in the language of who types. What could be thousands
    or decimals is refused rather than guessed: `20.000`.
    """
    plain = text.strip().removesuffix("€").strip()
    if plain.startswith(("-", "−")):
        raise Unfit("negative")
    try:
        found = typed.decimal(plain, comma_groups=comma_groups)
    except typed.Doubtful as doubt:
        raise Unfit("doubtful") from doubt
    if found is None or plain.startswith("+"):
        raise Unfit("not_a_number")
    return checked(found)


def checked(amount: Decimal) -> Decimal:
    """Give an amount as it is kept, with its two decimals; raises Unfit for one that cannot be."""
    if not amount.is_finite():
        raise Unfit("not_a_number")
    if amount <= 0:
        raise Unfit("negative" if amount < 0 else "nothing")
    if amount > MOST:
        raise Unfit("too_large")
    kept = amount.quantize(CENT)
    if kept != amount:
        raise Unfit("too_fine")
    return kept


def down(amount: Decimal) -> Decimal:
    """Give an amount to the cent, never above it: a ceiling is not rounded up."""
    return amount.quantize(CENT, ROUND_DOWN)


def percent(part: Decimal, whole: Decimal, *, places: int = 2) -> Decimal | None:
    """Give a part as a percentage of a whole, to be shown; None of an empty whole."""
    if whole <= 0:
        return None
    return (part * HUNDRED / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
