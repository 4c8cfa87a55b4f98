"""What the page of a source shows of its sensors and of its readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from communs.core.sensing import queries
from communs.core.sensing.enums import Doubt, Property
from communs.core.sensing.models import Source, State, Thing
from communs.core.sensing.views import words

_STRANGERS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A sensor as a page shows it; `value` is nothing when it is not believed."""

    thing: Thing
    value: str
    said_last: str
    since: datetime | None
    heard: datetime | None
    battery: str
    doubt: Doubt

    @property
    def why(self) -> str:
        """Why it is not believed."""
        return words.why(self.doubt)


def shown(state: State, at: datetime) -> Shown:
    """Put a sensor and its state in words."""
    thing, doubt = state.thing, queries.doubt(state, at)
    said = words.value(thing.property, state.value)
    believed = doubt == Doubt.NONE
    return Shown(
        thing,
        said if believed else "",
        "" if believed else said,
        queries.instant(state.since),
        queries.instant(state.heard),
        words.value(Property.BATTERY, state.battery),
        doubt,
    )


def things_shown(states: Iterable[State], at: datetime) -> list[Shown]:
    """Put sensors in words."""
    return [shown(state, at) for state in states]


def ends_shown(source: Source, at: datetime) -> list[tuple[queries.End, datetime | None, bool]]:
    """Give what became of the readings of fourteen days, when last, and whether it is a refusal."""
    found = queries.ends_of(source, on=at.astimezone(UTC).date())
    return [(end, queries.instant(end.latest), end.outcome not in queries.TAKEN) for end in found]


def strangers_shown(source: Source) -> dict[str, Any]:
    """Give the latest devices that nobody has put in place, and how many there are."""
    rows = queries.strangers_of(source)
    known = set(Property.values)
    latest = [
        (one, queries.instant(one.latest), one.property in known) for one in rows[:_STRANGERS_SHOWN]
    ]
    return {"strangers": latest, "strangers_count": rows.count()}
