"""What applies in a bay at an instant, until when, and when one may unload next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from communs.core.kit.timespans import PARIS, TimeSpan, changes, holds

LOADING, PARKING, NOTHING = "loading", "parking", "no parking"
AHEAD = 14  # days looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a bay; without vehicles, it is for all of them."""

    key: UUID
    name: str
    span: TimeSpan
    activity: str
    vehicles: frozenset[str] = frozenset()
    most_minutes: int | None = None
    no_return_minutes: int = 0
    extension_minutes: int = 0
    priority: int = 10


def day_of(at: datetime) -> date:
    """Give the day of an instant on the clocks of the commune."""
    return at.astimezone(PARIS).date()


def bounds(day: date) -> tuple[datetime, datetime]:
    """Give the instants at which a day begins and ends on the clocks of the commune."""
    begins = datetime.combine(day, time(), PARIS)
    return begins.astimezone(UTC), datetime.combine(
        day + timedelta(days=1), time(), PARIS
    ).astimezone(UTC)


def in_force(rules: Iterable[Rule], at: datetime, vehicle: str = "") -> Rule | None:
    """Give the rule that counts: of those that hold for the vehicle, the one of lowest rank."""
    held = [rule for rule in rules if _concerns(rule, vehicle) and holds(rule.span, at)]
    return min(held, key=lambda rule: (rule.priority, str(rule.key)), default=None)


def stretches(
    rules: Sequence[Rule], at: datetime, vehicle: str = "", *, days: int = AHEAD
) -> Iterator[tuple[datetime, Rule | None]]:
    """Give, from an instant on, each moment at which another rule begins to count."""
    count = in_force(rules, at, vehicle)
    yield at, count
    for moment in changes([rule.span for rule in rules], at, days=days):
        now = in_force(rules, moment, vehicle)
        if now != count:
            count = now
            yield moment, now


def next_loading(rules: Sequence[Rule], at: datetime, vehicle: str = "") -> datetime | None:
    """Give when one may next unload, now included; None if not within two weeks."""
    for moment, rule in stretches(rules, at, vehicle):
        if rule is not None and rule.activity == LOADING:
            return moment
    return None


def last_moment(rules: Sequence[Rule], at: datetime, minutes: int, vehicle: str = "") -> datetime:
    """Give when a disc of so many minutes ends: earlier where stopping is forbidden before."""
    end = at + timedelta(minutes=minutes)
    for moment, rule in stretches(rules, at, vehicle, days=2):
        if moment >= end:
            break
        if rule is None or rule.activity == NOTHING:
            return moment
    return end


def loading_minutes(rules: Sequence[Rule], day: date) -> int:
    """Give how many minutes of a day loading is allowed."""
    begins, ends = bounds(day)
    steps = [step for step in stretches(rules, begins, days=2) if step[0] < ends]
    ending = [moment for moment, _rule in steps[1:]] + [ends]
    lengths = (
        until - since
        for (since, rule), until in zip(steps, ending, strict=True)
        if rule is not None and rule.activity == LOADING
    )
    return int(sum(lengths, timedelta()) / timedelta(minutes=1))


def _concerns(rule: Rule, vehicle: str) -> bool:
    """Tell whether a rule is for a vehicle; a ban says nothing of those that it does not name."""
    return not vehicle or not rule.vehicles or vehicle in rule.vehicles
