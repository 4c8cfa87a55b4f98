"""What applies to a place, and what is answered to somebody who would park there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from communs.core.kit.timespans import TimeSpan

EVERYONE, RESIDENTS, DISABLED = "everyone", "residents", "disabled"
ELECTRIC, PROFESSIONALS = "electric", "professionals"
ALWAYS = TimeSpan()


class Rank(IntEnum):
    """Of two rules that both hold, the higher one counts."""

    COMMUNE = 0
    ZONE = 1
    PLACE = 2
    KIND = 3
    RECURRING = 4
    ORDER = 5


class Effect(StrEnum):
    """What a rule does; terms say a duration or a price, and leave it to others whether one may."""

    ALLOWS = "allows"
    RESERVES = "reserves"  # for `who`, and for nobody else
    FORBIDS = "forbids"
    TERMS = "terms"


class Reason(StrEnum):
    """Why the answer is what it is."""

    NO_RULE = "no_rule"
    FORBIDDEN = "forbidden"
    RESERVED = "reserved"
    LONGEST = "longest"
    UNMOVED = "unmoved"
    CARD = "card"
    TOO_LONG = "too_long"
    PRICE_UNKNOWN = "price_unknown"
    FREE_HOURS = "free_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a stay costs: of a duration, the first step that is as long; free outside the hours.

    `free_minutes` are part of a step's duration. After the last step each `further` duration
    begun costs as much again; without `further` the price is not known. No 24 hours cost more
    than `most_cents`.
    """

    key: str
    hours: tuple[TimeSpan, ...] = (ALWAYS,)
    free_minutes: int = 0
    steps: tuple[tuple[int, int], ...] = ()  # minutes, cents; both growing
    further: tuple[int, int] | None = None
    most_cents: int | None = None


FREE = Tariff(key="", hours=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule about a place. What it does not say is left to the rules below it."""

    key: str
    rank: Rank = Rank.ZONE
    span: TimeSpan = ALWAYS
    who: str = EVERYONE
    effect: Effect = Effect.ALLOWS
    most_minutes: int | None = None
    tariff: Tariff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What the law gives everywhere on public streets, whatever the signs say.

    A disabled person’s card parks free and without limit, or for the hours that the commune set,
    not less than twelve (Code de l’action sociale et des familles, L. 241-3). Nobody may leave a
    vehicle for more than seven days (Code de la route, R. 417-12).
    """

    card_free: bool = True
    card_most_minutes: int | None = None
    unmoved_most_minutes: int | None = 7 * 24 * 60


STREET = Law()
OFF_STREET = Law(card_free=False, unmoved_most_minutes=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What holds at one instant; None is not known, never a yes."""

    allowed: bool | None
    reason: Reason | None = None
    most_minutes: int | None = None
    tariff: Tariff | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A span of time through which the same holds; without `ends`, as far as was looked."""

    begins: datetime
    ends: datetime | None
    conditions: Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """May one park there, until when, for how much.

    `until` is the first instant at which it is otherwise, None when it stays so as far as was
    looked; `fits` says whether the stay that was asked for ends by then. The price is that of
    the stay asked for, or of as much of it as is allowed; None is not known.
    """

    allowed: bool | None
    until: datetime | None = None
    fits: bool | None = None
    price_cents: int | None = None
    reasons: tuple[Reason, ...] = ()
    rules: tuple[Rule, ...] = ()
