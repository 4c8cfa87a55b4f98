"""What scores say of a file: weighted, out of 100; abstentions count for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from statistics import median

TENTH = Decimal("0.1")
HALF = Decimal("0.5")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measure:
    """A criterion as figures: its key, its weight in the whole, its highest score."""

    key: str
    weight: int
    scale: int


@dataclass(frozen=True, slots=True)
class Result:
    """What several opinions give together, out of 100: None as long as there is none."""

    mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None
    count: int
    abstained: int


def is_score(value: Decimal, scale: int) -> bool:
    """Tell whether a score is a number of halves from 0 to the scale."""
    return value.is_finite() and 0 <= value <= scale and value % HALF == 0


def total(measures: Sequence[Measure], scores: Mapping[str, Decimal]) -> Decimal | None:
    """Give the weighted total out of 100, not rounded; None while a criterion lacks its score."""
    if not measures or any(measure.key not in scores for measure in measures):
        return None
    whole = sum(measure.weight for measure in measures)
    parts = (
        scores[measure.key] / measure.scale * measure.weight * _HUNDRED for measure in measures
    )
    return sum(parts, Decimal(0)) / whole


def result(totals: Iterable[Decimal | None]) -> Result:
    """Give mean, median and spread of totals; None is an abstention."""
    given = list(totals)
    known = sorted(one for one in given if one is not None)
    if not known:
        return Result(None, None, None, 0, len(given))
    return Result(
        mean=rounded(sum(known, Decimal(0)) / len(known)),
        median=rounded(median(known)),
        spread=rounded(known[-1] - known[0]),
        count=len(known),
        abstained=len(given) - len(known),
    )


def rounded(value: Decimal) -> Decimal:
    """Round to a tenth, halves to the even one, so that ties favour nobody."""
    return value.quantize(TENTH, ROUND_HALF_EVEN)
