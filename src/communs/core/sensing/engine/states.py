"""From readings to what may be believed: late ones move nothing, and silence is not freedom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

HOUR = 3_600_000  # milliseconds
AHEAD = 5 * 60_000  # milliseconds by which a clock may be fast: a device’s, or our own


class Limits(NamedTuple):
    """When a state stops being believed; milliseconds, and changes an hour."""

    silent_after: int
    stuck_after: int | None
    flips_most: int


class Said(NamedTuple):
    """One reading of a thing."""

    at: int
    sequence: int
    value: float
    battery: float | None = None


@dataclass(slots=True)
class Standing:
    """What a thing said last, and from when or until when that is not believed.

    `flips` counts the changes since `flips_from`, for an hour.
    """

    value: float | None = None
    since: int | None = None
    heard: int | None = None
    sequence: int = 0
    battery: float | None = None
    flips: int = 0
    flips_from: int = 0
    silent_from: int = 0
    stuck_from: int | None = None
    calm_from: int = 0

    def is_late(self, said: Said) -> bool:
        """Tell whether something was said before what was heard last: it moves nothing."""
        return self.heard is not None and (said.at, said.sequence) < (self.heard, self.sequence)

    def hear(self, said: Iterable[Said], limits: Limits) -> None:
        """Take what was said, oldest first, but what was heard already or comes too late."""
        for one in sorted(said):
            if self.heard is None or (one.at, one.sequence) > (self.heard, self.sequence):
                self._take(one, limits)

    def _take(self, said: Said, limits: Limits) -> None:
        if said.value != self.value:
            self._change(said, limits)
        self.heard, self.sequence = said.at, said.sequence
        self.silent_from = said.at + limits.silent_after
        if said.battery is not None:
            self.battery = said.battery

    def _change(self, said: Said, limits: Limits) -> None:
        if self.value is not None:
            if said.at - self.flips_from >= HOUR:
                self.flips, self.flips_from = 0, said.at
            self.flips += 1
            if self.flips > limits.flips_most:
                self.calm_from = said.at + HOUR
        self.value, self.since = said.value, said.at
        if limits.stuck_after is not None:
            self.stuck_from = said.at + limits.stuck_after


def agreement(checks: Iterable[tuple[float, float | None]]) -> tuple[int, int]:
    """Give how many of the checks (what was seen, what the thing said) agree, and of how many.

    A check made while the thing said nothing says nothing of it.
    """
    told = [(seen, said) for seen, said in checks if said is not None]
    return sum(seen == said for seen, said in told), len(told)


def drifts(agreed: int, of: int, *, least: float = 0.8) -> bool:
    """Tell whether a thing is wrong too often: even with luck (95 %) it agrees less than `least`.

    The upper bound is Wilson's, which holds for few checks too.
    """
    if not of:
        return False
    z, share = 1.96, agreed / of
    spread = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    return (share + z * z / (2 * of) + spread) / (1 + z * z / of) < least
