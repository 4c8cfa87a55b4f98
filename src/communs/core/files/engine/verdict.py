"""What a look at a file may cost, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field

MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a look may go; bytes, pixels, counts."""

    pixels: int = 50_000_000
    side: int = 3840
    entries: int = 5_000
    unpacked: int = 256 * MEGA
    ratio: int = 200
    xml: int = 128 * MEGA
    text: int = 32 * MEGA
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A file as its structure says it is; `marks` are reasons to be careful with it."""

    kind: str
    rewritten: bool = False
    width: int | None = None
    height: int | None = None
    marks: list[str] = field(default_factory=list)


class Unfit(Exception):
    """The file is not to be kept; `reason` is a key of the sentences."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
