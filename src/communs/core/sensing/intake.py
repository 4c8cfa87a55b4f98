"""Taking readings in: a batch is one transaction, whatever it holds.

Each reading is kept once, refused with its reason, or counted as received before; what changed is
one event of the journal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from django.db.models import F

from communs.core.communities.scope import current
from communs.core.journal.actions import action, nothing_done, record
from communs.core.sensing.backends import Key, backend
from communs.core.sensing.engine.properties import is_possible
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.engine.states import AHEAD, Limits, Said, Standing
from communs.core.sensing.enums import Outcome
from communs.core.sensing.models import Source, Stranger, Tally
from communs.core.sensing.registry import Known, limits_of, things_of

_DAY = 86_400_000
_FINE = (Outcome.KEPT, Outcome.DOUBLED, Outcome.LATE)
_said: Final = partial(tuple.__new__, Said)
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
        return sum(count for outcome, count in self.counts.items() if outcome not in _FINE)

    def told(self) -> dict[str, Any]:
        """Give what a sender is told: how many were kept, doubled, late, and refused by reason."""
        return {
            "kept": self.counts[Outcome.KEPT],
            "doubled": self.counts[Outcome.DOUBLED],
            "late": self.counts[Outcome.LATE],
            "refused": {
                outcome.value: count
                for outcome, count in self.counts.items()
                if outcome not in _FINE
            },
        }


@action("sensing.states_changed")
def take(
    *, source: Source, readings: Iterable[Reading | Malformed], at: int, by: Any = None
) -> Taken:
    """Keep what a source says; `at` is when it was received, in milliseconds.

    `by` is nobody: machines speak. Taking the same readings again changes nothing.
    """
    del by
    taken = Taken()
    backend().alone(source)
    by_thing = _sorted_out(source, readings, at, taken)
    added = _keep(by_thing, taken)
    late = _stand(source, by_thing, taken, at)
    taken.counts[Outcome.LATE] += len(late if added is None else late & added)
    _count(source, taken, at)
    if taken.changes:
        record(source, changes={str(number): value for number, value in taken.changes.items()})
    else:
        nothing_done()
    return taken


def note_fault(source: Source, example: str, at: int) -> None:
    """Count a message that could not be kept, whatever the cause; its manager sees it refused."""
    taken = Taken()
    taken.note(Outcome.UNKNOWN_SHAPE, example)
    _count(source, taken, at)


ByThing = dict[Known, list[Said]]


def _sorted_out(
    source: Source, readings: Iterable[Reading | Malformed], at: int, taken: Taken
) -> ByThing:
    """Give the readings that make sense, by thing; the others are counted with their reason."""
    get, found = things_of(source).get, defaultdict[Known, list[Said]](list)
    latest, oldest = at + AHEAD, at - source.keep_days * _DAY
    strangers: Counter[tuple[str, str]] = Counter()
    possible = set[tuple[str, float]]()  # what was judged already: most things say the same
    for one in readings:
        if isinstance(one, Malformed):
            taken.note(Outcome(one.reason), one.field)
            continue
        code, name, when, sequence, value, battery = one
        # Labels write in capitals what devices may not.
        thing = get((code, name)) or get((code.lower(), name))
        if thing is None:
            strangers[code.lower(), name] += 1
            taken.note(Outcome.UNKNOWN_THING, code)
        elif not oldest <= when <= latest:
            taken.note(_wrong_time(one, at), f"{code} {_told(when)}")
        elif (name, value) in possible or is_possible(name, value):
            possible.add((name, value))
            found[thing].append(_said((when, sequence, value, battery)))
        else:
            taken.note(Outcome.OUT_OF_RANGE, f"{code} {name} {value:g}")
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


def _keep(by_thing: ByThing, taken: Taken) -> set[Key] | None:
    """Keep what was not there; give which that is, or None for all of it."""
    rows = [
        (when, number, sequence, value)
        for (number, _key), said in by_thing.items()
        for when, sequence, value, _battery in said
    ]
    rows.sort()
    added = backend().keep(current(), rows)
    kept = len(rows) if added is None else len(added)
    taken.counts[Outcome.KEPT] += kept
    taken.counts[Outcome.DOUBLED] += len(rows) - kept
    return added


def _stand(source: Source, by_thing: ByThing, taken: Taken, at: int) -> set[Key]:
    """Bring states up to date; give what came too late to move any."""
    limits = limits_of(source)
    once = {key: (number, said[0]) for (number, key), said in by_thing.items() if len(said) == 1}
    latest = [(key, *said) for key, (_number, said) in once.items()]
    moved = backend().advance(latest, limits)
    for key, changed in moved:
        number, (_at, _sequence, value, _battery) = once.pop(key)
        if changed:
            taken.changes[number] = value
    rest = {
        thing.key: (thing.number, said)
        for thing, said in by_thing.items()
        if len(said) > 1 or thing.key in once
    }
    return _stand_again(rest, limits, taken, at + AHEAD)


def _stand_again(
    said: dict[Any, tuple[int, list[Said]]], limits: Limits, taken: Taken, latest: int
) -> set[Key]:
    """Bring the states up to date of things that said several things, or nothing newer.

    A state heard after `latest` was taken in while our own clock was fast: it begins anew, or
    else whatever comes until then would be late.
    """
    written, late = [], set[Key]()
    for key, *told in backend().hold(list(said)):
        (number, heard), state = said[key], Standing(*told)
        before, last = state.value, (state.heard, state.sequence)
        if state.heard is not None and state.heard > latest:
            state = Standing(battery=state.battery)
        late |= {(one.at, number, one.sequence) for one in heard if state.is_late(one)}
        state.hear(heard, limits)
        if (state.heard, state.sequence) != last:
            written.append(_row(key, state))
        if state.value is not None and state.value != before:
            taken.changes[number] = state.value
    backend().write(written)
    return late


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
