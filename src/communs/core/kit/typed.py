"""Numbers as people type them, in figures: « 1 250,50 », `1,250.50`, `1250.5`."""

from __future__ import annotations

import re
from decimal import Decimal

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_FIGURES = 40
_PLAIN = re.compile(rf"[+-]?\d{{1,{_FIGURES}}}(?:[.,]\d{{0,{_FIGURES}}})?\Z", re.ASCII)
_GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3}){0,12}(?:(?!(?P=mark))[.,]\d*)?\Z",
    re.ASCII,
)


class Doubtful(ValueError):
    """What was typed may be thousands as well as decimals: `20.000`, or « 20,000 » in French."""


def decimal(text: str, *, comma_groups: bool = False, fine: bool = False) -> Decimal | None:
    """Read a number; None if it is none, raises Doubtful where two numbers could be meant.

    Neither exponents nor names are numbers that people type. A lone mark before three figures
    parts thousands if it is a comma and the reader's language does so (`comma_groups`: English);
    it is decimal where three decimals are ordinary (`fine`); otherwise it is in doubt.
    """
    bare = _SPACES.sub("", text.replace("\u2212", "-"))
    grouped = _GROUPED.match(bare)
    parts = grouped and (_is_sure(bare) or (comma_groups and grouped["mark"] == ","))
    if grouped and not parts and not fine:
        raise Doubtful(text)
    if grouped and parts:
        bare = bare.replace(grouped["mark"], "")
    return Decimal(bare.replace(",", ".")) if _PLAIN.match(bare) else None


def _is_sure(bare: str) -> bool:
    """Tell whether more than one mark stands in a number: what each is for is seen."""
    return bare.count(",") + bare.count(".") > 1
