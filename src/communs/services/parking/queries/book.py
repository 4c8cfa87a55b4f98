"""The rules of the community, read once, then asked for any place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from uuid import UUID

from communs.core.kit.timespans import TimeSpan
from communs.services.parking.engine import regulations as engine
from communs.services.parking.enums import Charge, Nature, SpaceKind, Where
from communs.services.parking.models import Placement, Regulation, Segment, Site, Tariff
from communs.services.parking.options import ParkingOptions
from communs.services.parking.queries.streets import Street

Place = Segment | Site | Street
Key = tuple[frozenset[UUID], UUID | None, str]
_NONE: frozenset[UUID] = frozenset()
# What is needed to park in a space of a kind, as far as a sensor can suppose it.
BADGES_OF = {
    SpaceKind.DISABLED: frozenset({engine.DISABLED}),
    SpaceKind.ELECTRIC: frozenset({engine.ELECTRIC}),
    SpaceKind.DELIVERY: frozenset({engine.PROFESSIONALS}),
}


@dataclass(frozen=True)
class Book:
    """Every rule, and where it holds."""

    regulations: tuple[Regulation, ...]
    places: dict[UUID, frozenset[UUID]] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> dict[str, Regulation]:
        """Give regulations by code, as the engine's rules name them."""
        return {row.code: row for row in self.regulations}

    @cached_property
    def _rules(self) -> dict[UUID, engine.Rule]:
        return {row.pk: rule_of(row) for row in self.regulations}

    @cached_property
    def _found(self) -> dict[Key, tuple[Regulation, ...]]:
        return {}

    @cached_property
    def _at(self) -> dict[UUID, frozenset[UUID]]:
        """Give the rules that name each place."""
        found = defaultdict(set)
        for rule, places in self.places.items():
            for place in places:
                found[place].add(rule)
        return {place: frozenset(rules) for place, rules in found.items()}

    def key(self, place: Place, kind: str = SpaceKind.STANDARD) -> Key:
        """Give what decides which rules may hold there: two places of one key have the same."""
        return (self._at.get(place.pk, _NONE), place.zone_id, kind)

    def of(self, place: Place, kind: str = SpaceKind.STANDARD) -> tuple[Regulation, ...]:
        """Give the regulations that may hold for a kind of space of a place."""
        key = self.key(place, kind)
        if key not in self._found:
            said = (row for row in self.regulations if _reaches(row, place.zone_id, key[0]))
            self._found[key] = tuple(row for row in said if row.kind in {"", kind})
        return self._found[key]

    def rules(self, place: Place, kind: str = SpaceKind.STANDARD) -> list[engine.Rule]:
        """Give the same for the engine."""
        return [self._rules[row.pk] for row in self.of(place, kind)]


def book() -> Book:
    """Read the rules of the community; two queries."""
    found = defaultdict(set)
    for rule, segment, site in Placement.objects.order_by().values_list(
        "regulation", "segment", "site"
    ):
        found[rule].add(segment or site)
    rows = Regulation.objects.select_related("tariff", "zone").order_by("title", "code")
    return Book(tuple(rows), {rule: frozenset(places) for rule, places in found.items()})


def law_for(place: Place, options: ParkingOptions) -> engine.Law:
    """Give what the law says there: streets are public, car parks have rules of their own."""
    if isinstance(place, Site):
        return engine.OFF_STREET
    hours = options.card_most_hours
    return engine.Law(card_most_minutes=hours * 60 if hours else None)


def rule_of(row: Regulation) -> engine.Rule:
    """Give a regulation as the engine reads it."""
    return engine.Rule(
        key=row.code,
        rank=_rank(row),
        span=span_of(row),
        who=row.who,
        effect=engine.Effect(row.effect),
        most_minutes=row.most_minutes,
        tariff=_charge(row),
    )


def span_of(row: Regulation) -> TimeSpan:
    """Give when a regulation holds."""
    return TimeSpan(
        days=_days(row.days),
        begins=row.begins,
        ends=row.ends,
        since=row.since,
        until=row.until,
        holidays=row.holidays,
    )


def tariff_of(row: Tariff) -> engine.Tariff:
    """Give a tariff as the engine reads it."""
    further = row.further_minutes, row.further_cents
    return engine.Tariff(
        key=row.code,
        hours=paid_hours(row),
        free_minutes=row.free_minutes,
        steps=tuple((minutes, cents) for minutes, cents in row.steps),
        further=(further[0], further[1]) if further[0] and further[1] is not None else None,
        most_cents=row.most_cents,
    )


def paid_hours(row: Tariff) -> tuple[TimeSpan, ...]:
    """Give the hours that are paid for, a break left out."""
    holidays = None if row.on_holidays else False

    def span(begins: time | None, ends: time | None) -> TimeSpan:
        return TimeSpan(days=_days(row.days), begins=begins, ends=ends, holidays=holidays)

    if row.break_begins is None:
        return (span(row.begins, row.ends),)
    return (span(row.begins, row.break_begins), span(row.break_ends, row.ends))


def _rank(row: Regulation) -> engine.Rank:
    if row.nature == Nature.ORDER:
        return engine.Rank.ORDER
    if row.nature == Nature.RECURRING:
        return engine.Rank.RECURRING
    if row.kind:
        return engine.Rank.KIND
    ranks = {Where.COMMUNE: engine.Rank.COMMUNE, Where.ZONE: engine.Rank.ZONE}
    return ranks.get(Where(row.where), engine.Rank.PLACE)


def _charge(row: Regulation) -> engine.Tariff | None:
    if row.charge == Charge.FREE:
        return engine.FREE
    return tariff_of(row.tariff) if row.tariff else None


def _reaches(row: Regulation, zone: UUID | None, mine: Iterable[UUID]) -> bool:
    if row.where == Where.COMMUNE:
        return True
    if row.where == Where.ZONE:
        return zone is not None and row.zone_id == zone
    return row.pk in mine


def _days(days: str) -> frozenset[int]:
    return frozenset(int(day) for day in days)
