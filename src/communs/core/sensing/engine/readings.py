"""What a device says, once its words are understood; and why they could not be."""

from __future__ import annotations

from typing import NamedTuple


class Reading(NamedTuple):
    """What a device says of one of its properties at one instant.

    `at` is in milliseconds since 1970, UTC; `sequence` the device's own counter, 0 without one,
    which tells two readings of one instant apart; `battery` a percentage, when it is said.
    """

    code: str
    property: str
    at: int
    sequence: int
    value: float
    battery: float | None = None


class Malformed(ValueError):
    """A reading that could not be understood: why, and at which field, in letters one can print."""

    def __init__(self, reason: str, field: str = "") -> None:
        printed = "".join(letter for letter in field if letter.isprintable())
        super().__init__(f"{reason}: {printed}" if printed else reason)
        self.reason, self.field = reason, printed
