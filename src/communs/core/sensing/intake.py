"""Taking readings in: a batch is one transaction, whatever it holds.

Each reading is kept once, refused with its reason, or counted as received before; what changed is
one event of the journal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import F

from communs.core.communities.scope import current
from communs.core.journal.actions import action, nothing_done, record
from communs.core.sensing.backends import backend
from communs.core.sensing.engine.properties import is_possible
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.engine.states import Said, Standing
from communs.core.sensing.enums import Outcome
from communs.core.sensing.models import Source, Stranger, Tally
from communs.core.sensing.registry import Known, limits_of, things_of

AHEAD = 5 * 60_000  # milliseconds by which a device's clock may be fast
_DAY = 86_400_000
_MOST_STRANGERS = 1_000  # a source: what speaks without end is not written down without end


@dataclass(slots=True)
class Taken:
    """What became of a batch: how many met each end, an example of each, what changed."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    examples: dict[Outcome, str] = field(default_factory=dict)
    changes: dict[int, float] = field(default_factory=dict)

    def note(self, outcome: Outcome, example: str) -> None:
        """Count one refusal."""
        self.counts[outcome] += 1
        self.examples[outcome] = example[:200]

    @property
    def refused(self) -> int:
        """How many were neither kept nor received before."""
        fine = (Outcome.KEPT, Outcome.DOUBLED, Outcome.LATE)
        return sum(count for outcome, count in self.counts.items() if outcome not in fine)


@action("sensing.states_changed")
def take(
    *, source: Source, readings: Iterable[Reading | Malformed], at: int, by: Any = None
) -> Taken:
    """Keep what a source says; `at` is when it was received, in milliseconds.

    `by` is nobody: machines speak. Taking the same readings again changes nothing.
    """
    del by
    taken = Taken()
    by_thing = _sorted_out(source, readings, at, taken)
    _keep(by_thing, taken)
    _stand(source, by_thing, taken)
    _count(source, taken, at)
    if taken.changes:
        record(source, changes={str(number): value for number, value in taken.changes.items()})
    else:
        nothing_done()
    return taken


ByThing = dict[Known, list[Said]]


def _sorted_out(
    source: Source, readings: Iterable[Reading | Malformed], at: int, taken: Taken
) -> ByThing:
    """Give the readings that make sense, by thing; the others are counted with their reason."""
    things, found = things_of(source), defaultdict(list)
    latest, oldest = at + AHEAD, at - source.keep_days * _DAY
    strangers: Counter[tuple[str, str]] = Counter()
    for one in readings:
        if isinstance(one, Malformed):
            taken.note(Outcome(one.reason), one.field)
            continue
        name = one.code.lower(), one.property  # labels write in capitals what devices may not
        thing = things.get(name)
        if thing is None:
            strangers[name] += 1
            taken.note(Outcome.UNKNOWN_THING, one.code)
        elif not oldest <= one.at <= latest:
            taken.note(_wrong_time(one, at), f"{one.code} {_told(one.at)}")
        elif not is_possible(one.property, one.value):
            taken.note(Outcome.OUT_OF_RANGE, f"{one.code} {one.property} {one.value:g}")
        else:
            found[thing].append(Said(one.at, one.sequence, one.value, one.battery))
    if strangers:
        _meet(source, strangers, at)
    return found


def _wrong_time(reading: Reading, at: int) -> Outcome:
    return Outcome.FUTURE if reading.at > at else Outcome.PAST


def _told(at: int) -> str:
    """Write an instant, even one that no calendar has."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return str(at)


def _keep(by_thing: ByThing, taken: Taken) -> None:
    rows = [
        (one.at, thing.number, one.sequence, one.value)
        for thing, said in by_thing.items()
        for one in said
    ]
    rows.sort()
    kept = backend().keep(current(), rows)
    taken.counts[Outcome.KEPT] += kept
    taken.counts[Outcome.DOUBLED] += len(rows) - kept


def _stand(source: Source, by_thing: ByThing, taken: Taken) -> None:
    """Bring states up to date; those of things that said nothing newer are left as they are."""
    things, limits = {thing.key: thing for thing in by_thing}, limits_of(source)
    written, late = [], 0
    for key, *told in backend().hold([thing.key for thing in by_thing]):
        thing, state = things[key], Standing(*told)
        before, heard = state.value, (state.heard, state.sequence)
        late += state.hear(by_thing[thing], limits)
        if (state.heard, state.sequence) != heard:
            written.append(_row(key, state))
        if state.value is not None and state.value != before:
            taken.changes[thing.number] = state.value
    taken.counts[Outcome.LATE] += late
    backend().write(written)


def _row(key: Any, state: Standing) -> tuple[Any, ...]:
    return (
        key, state.value, state.since, state.heard, state.sequence, state.battery, state.flips,
        state.flips_from, state.silent_from, state.stuck_from, state.calm_from,
    )  # fmt: skip


def _count(source: Source, taken: Taken, at: int) -> None:
    """Add to the day's tally of each end that was met."""
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    for outcome, count in taken.counts.items():
        if count:
            example = taken.examples.get(outcome, "")
            rows = Tally.objects.filter(source=source, day=day, outcome=outcome)
            values = {"latest": at, **({"example": example} if example else {})}
            if not rows.update(count=F("count") + count, **values):
                first = Tally(source=source, day=day, outcome=outcome, latest=at)
                Tally.objects.bulk_create([first], ignore_conflicts=True)
                rows.update(count=F("count") + count, **values)


def _meet(source: Source, strangers: Counter[tuple[str, str]], at: int) -> None:
    """Remember devices that speak and that nobody has put in place."""
    room = _MOST_STRANGERS - Stranger.objects.filter(source=source).count()
    for (code, name), count in strangers.items():
        rows = Stranger.objects.filter(source=source, code=code[:64], property=name[:32])
        if not rows.update(count=F("count") + count, latest=at) and room > 0:
            room -= 1
            stranger = Stranger(source=source, code=code[:64], property=name[:32])
            stranger.count, stranger.latest = count, at
            Stranger.objects.bulk_create([stranger], ignore_conflicts=True)
