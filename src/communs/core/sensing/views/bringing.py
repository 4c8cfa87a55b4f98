"""A file of readings taken in, and what is to be said of it, line by line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from communs.core.sensing.engine.decoding.csv_file import rows
from communs.core.sensing.engine.properties import is_possible
from communs.core.sensing.engine.readings import Malformed, Reading
from communs.core.sensing.engine.states import AHEAD
from communs.core.sensing.enums import Outcome
from communs.core.sensing.intake import take
from communs.core.sensing.models import Source
from communs.core.sensing.queries import TAKEN
from communs.core.sensing.registry import things_of

_AT_ONCE = 5_000
_LINES_NAMED = 20  # a refusal, for each reason
_PIECE = 65_536
_DAY = 86_400_000


class Line(NamedTuple):
    """A line that was refused, and what of it."""

    number: int
    what: str


@dataclass(slots=True)
class Brought:
    """What became of a file: how many readings met each end, and the first lines refused."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    lines: dict[Outcome, list[Line]] = field(default_factory=lambda: defaultdict(list))

    @property
    def taken(self) -> list[tuple[Outcome, int]]:
        """Readings that were kept, were there before, or came late."""
        return [(one, self.counts[one]) for one in TAKEN]

    @property
    def refused(self) -> list[tuple[Outcome, int, list[Line], int]]:
        """For each reason: how many were refused, the first lines, and how many more."""
        found = [one for one in Outcome if self.counts[one] and one not in TAKEN]
        return [
            (one, self.counts[one], self.lines[one], self.counts[one] - len(self.lines[one]))
            for one in found
        ]


def brought(source: Source, file: BinaryIO, *, at: int, by: Any) -> Brought:
    """Take in a file of readings, a few thousand at a time; `at` is now, in milliseconds."""
    found, lines = Brought(), _numbered(file)
    while batch := list(islice(lines, _AT_ONCE)):
        taken = take(source=source, readings=[one for _number, one in batch], at=at, by=by)
        found.counts += taken.counts
        if taken.refused:
            _name(found, source, batch, at)
    return found


Numbered = tuple[int, Reading | Malformed]


def _numbered(file: BinaryIO) -> Iterator[Numbered]:
    """Give what each line says, with its number as an editor counts it."""
    number = 0

    def pieces() -> Iterator[bytes]:
        nonlocal number
        whole = True
        for piece in iter(lambda: file.readline(_PIECE), b""):
            number += whole
            whole = piece.endswith(b"\n")
            yield piece

    for one in rows(pieces()):
        yield number, one


def _name(found: Brought, source: Source, batch: Iterable[Numbered], at: int) -> None:
    """Note the lines of the readings that intake refused, as it counted them."""
    things, oldest = things_of(source), at - source.keep_days * _DAY
    for number, one in batch:
        if isinstance(one, Malformed):
            reason, what = Outcome(one.reason), one.field.partition(": ")[2]
        elif (one.code, one.property) not in things:
            reason, what = Outcome.UNKNOWN_THING, one.code
        elif one.at > at + AHEAD:
            reason, what = Outcome.FUTURE, one.code
        elif one.at < oldest:
            reason, what = Outcome.PAST, one.code
        elif not is_possible(one.property, one.value):
            reason, what = Outcome.OUT_OF_RANGE, one.code
        else:
            continue
        if len(found.lines[reason]) < _LINES_NAMED:
            found.lines[reason].append(Line(number, what))
