"""Indicators that services declare, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from communs.core.indicators.engine.combining import Aggregate, Daily, Step
from communs.core.indicators.enums import Unit

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from communs.core.indicators.enums import Direction

HOUSE = "house"
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure that is a part of a whole; of an empty whole it is unknown."""

    numerator: Decimal | int
    denominator: Decimal | int


@dataclass(frozen=True, slots=True)
class About:
    """A value with the number of people that it is about."""

    value: Decimal | int | None
    n: int


Answer = Decimal | int | Ratio | About | None
Measure = Callable[[date], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A measure's name, words and arithmetic, with the function that takes it.

    `version` goes up when the way of counting changes: a new series begins. `past` says that the
    function can tell of any day gone by. With `min_people`, only whole months are published, and
    those about fewer people are withheld.
    """

    key: str
    title: Promise | str
    description: Promise | str
    unit: Unit
    direction: Direction
    aggregate: Aggregate
    measure: Measure
    decimals: int = 0
    min_people: int | None = None
    version: int = 1
    past: bool = True
    public: bool = True

    @property
    def part(self) -> str:
        """The service that declares it, or the house."""
        return self.key.partition(".")[0]

    @property
    def scale(self) -> int:
        """What a part of a whole is multiplied by."""
        return 100 if self.unit == Unit.PERCENT else 1

    @property
    def per_inhabitants(self) -> bool:
        """Whether dividing it by the population makes sense."""
        adds = self.aggregate in {Aggregate.SUM, Aggregate.LAST}
        return adds and self.unit not in {Unit.PERCENT, Unit.DAY, Unit.HOUR}

    def steps(self) -> tuple[Step, ...]:
        """Give the steps at which everybody may read it.

        One only where people could be told of: the difference of two steps would tell of a day.
        """
        return (Step.MONTH,) if self.min_people else tuple(Step)

    def taken(self, on: date) -> Daily:
        """Measure a day, in the community in force."""
        answer = self.measure(on)
        if isinstance(answer, Ratio):
            above, below = Decimal(answer.numerator), Decimal(answer.denominator)
            value = (above * self.scale / below).quantize(_PLACES) if below else None
            return Daily(on, value, above, below, int(below), self.version)
        if isinstance(answer, About):
            return Daily(on, _decimal(answer.value), n=answer.n, version=self.version)
        people = int(answer) if answer is not None and self.min_people else None
        return Daily(on, _decimal(answer), n=people, version=self.version)


_known: dict[str, Indicator] = {}


def indicator(
    *,
    key: str,
    title: Promise | str,
    description: Promise | str,
    unit: Unit,
    direction: Direction,
    aggregate: Aggregate,
    decimals: int = 0,
    min_people: int | None = None,
    version: int = 1,
    past: bool = True,
    public: bool = True,
) -> Callable[[Measure], Measure]:
    """Declare a function `(on: date)` as the measure of an indicator; twice one key is an error."""

    def declare(measure: Measure) -> Measure:
        if key in _known:
            message = f"Two indicators are named {key}."
            raise ValueError(message)
        _known[key] = Indicator(
            key=key,
            title=title,
            description=description,
            unit=unit,
            direction=direction,
            aggregate=aggregate,
            measure=measure,
            decimals=decimals,
            min_people=min_people,
            version=version,
            past=past,
            public=public,
        )
        return measure

    return declare


def named(key: str) -> Indicator:
    """Give an indicator; raises LookupError for one that nobody declared."""
    found = find(key)
    if found is None:
        message = f"Unknown indicator: {key}"
        raise LookupError(message)
    return found


def find(key: str) -> Indicator | None:
    """Give an indicator, or None if its service was removed since."""
    _discover()
    return _known.get(key)


def all_indicators() -> list[Indicator]:
    """Give every indicator, by key."""
    _discover()
    return [_known[key] for key in sorted(_known)]


@lru_cache(maxsize=1)
def _discover() -> None:
    """Have every service declare its indicators: only who asks for one needs them."""
    autodiscover_modules("indicators")


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
