"""A street that does not exist, taken in as if it were there, and how far what is believed is true.

Nothing of it is real: the source says that it is a demonstration.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused
from communs.core.sensing.actions import add_source, commission
from communs.core.sensing.engine.readings import Reading
from communs.core.sensing.engine.simulation import Truth, code_of
from communs.core.sensing.engine.states import AHEAD, HOUR, Limits, Said, Standing
from communs.core.sensing.enums import Outcome
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source, Thing

_AT_ONCE = 5_000

Received = tuple[int, Reading]


def prepared(slug: str, *, spaces: int, at: datetime) -> Source:
    """Give the source of the simulation in the community in force, and a sensor in each space."""
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        name = _("Simulated street (%(slug)s)") % {"slug": slug}
        source, _secret = add_source(slug=slug, name=name, demonstration=True, by=None)
    if not source.demonstration:
        raise Refused(_("This source is a real one: nothing made up may be mixed with it."))
    there = set(
        Thing.objects.filter(source=source, withdrawn_at=None).values_list("code", flat=True)
    )
    for space in range(spaces):
        code = code_of(space)
        if code not in there:
            name = _("Simulated space %(number)d") % {"number": space + 1}
            commission(source=source, code=code, name=name, at=at, by=None)
    return source


def taken_in(source: Source, received: Iterable[Received]) -> Counter[Outcome]:
    """Take readings in, in the order in which they are received; give what became of them."""
    counts: Counter[Outcome] = Counter()
    for batch in _batches(received):
        at = batch[-1][0]
        counts += take(source=source, readings=[one for _at, one in batch], at=at, by=None).counts
    return counts


def _batches(received: Iterable[Received]) -> Iterator[list[Received]]:
    """Cut what is received in batches of an hour at most: its last instant is that of the batch."""
    batch: list[Received] = []
    for at, one in received:
        if batch and (at >= batch[0][0] + HOUR or len(batch) == _AT_ONCE):
            yield batch
            batch = []
        batch.append((at, one))
    if batch:
        yield batch


class Accuracy(NamedTuple):
    """For which share of the time what was believed was right, wrong, or nothing."""

    right: float
    wrong: float
    unknown: float


class Judge:
    """Follows what is believed of each space while readings arrive, and holds it against the truth.

    It knows what intake knows, and when: a reading counts from the moment it is received.
    """

    def __init__(self, truth: Truth, limits: Limits) -> None:
        self._truth, self._limits = truth, limits
        self._standing = {code_of(space): Standing() for space in truth.stays}
        self._looked = dict.fromkeys(self._standing, truth.begins)
        self._spaces = {code_of(space): space for space in truth.stays}
        self._right = self._wrong = 0

    def watching(self, received: Iterable[Received]) -> Iterator[Received]:
        """Pass readings on, and learn from each."""
        for at, one in received:
            if one.at <= at + AHEAD:
                self._look(one.code, at)
                said = Said(one.at, one.sequence, one.value, one.battery)
                self._standing[one.code].hear([said], self._limits)
            yield at, one

    def accuracy(self) -> Accuracy:
        """Give the shares of all the time of all spaces, once everything has been received."""
        for code in self._standing:
            self._look(code, self._truth.ends)
        whole = (self._truth.ends - self._truth.begins) * len(self._standing)
        right, wrong = self._right / whole, self._wrong / whole
        return Accuracy(right, wrong, 1 - right - wrong)

    def _look(self, code: str, until: int) -> None:
        """Compare what was believed of a space since one last looked."""
        since, until = self._looked[code], min(until, self._truth.ends)
        if until <= since:
            return
        state, self._looked[code] = self._standing[code], until
        begins, ends = believed_between(state, since, until)
        if state.value is None or begins >= ends:
            return
        taken = taken_between(self._truth, self._spaces[code], begins, ends)
        right = taken if state.value else ends - begins - taken
        self._right += right
        self._wrong += ends - begins - right


def believed_between(state: Standing, since: int, until: int) -> tuple[int, int]:
    """Give from when to when a state is believed, between two instants without news."""
    ends = min(until, state.silent_from)
    if state.stuck_from is not None:
        ends = min(ends, state.stuck_from)
    return max(since, state.calm_from), ends


def taken_between(truth: Truth, space: int, since: int, until: int) -> int:
    """Give for how many milliseconds somebody was at a space between two instants."""
    stays = truth.stays[space]
    index = max(bisect_right(stays, since, key=lambda stay: stay.start) - 1, 0)
    taken = 0
    for stay in islice(stays, index, None):
        if stay.start >= until:
            break
        taken += max(0, min(stay.end, until) - max(stay.start, since))
    return taken
