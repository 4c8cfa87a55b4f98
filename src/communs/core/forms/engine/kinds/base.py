"""What every kind of field does: read what was typed, give it back, show it, describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

Given = Mapping[str, Sequence[str]]
"""What a page posts for one field, by part; most kinds have one part, named ""."""


class Fault(Exception):
    """What was typed is no value of this kind; `code` and `facts` make the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Around(msgspec.Struct, frozen=True):
    """What a kind may look at besides what was typed: the other answers, the communes by name."""

    values: Mapping[str, Any] = {}
    communes: Mapping[str, tuple[str, str]] = {}


ALONE = Around()


class NoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Nothing to set."""


S = TypeVar("S", bound=msgspec.Struct)


class Kind(Generic[S]):
    """A kind of field. Its values are plain JSON; nothing typed is None, and no value."""

    key: ClassVar[str]
    settings: ClassVar[type[Any]] = NoSettings
    asks: ClassVar[bool] = True  # whether somebody answers
    typed: ClassVar[bool] = True  # what is posted is the value; a file's comes from the store
    parts: ClassVar[tuple[str, ...]] = ("",)
    single: ClassVar[bool] = True  # one control with one label; else a group

    def set(self, raw: Mapping[str, Any]) -> S:
        """Read the settings of a field; raises msgspec.ValidationError."""
        found: S = msgspec.convert(dict(raw), self.settings)
        return found

    def amiss(self, settings: S) -> tuple[str, str] | None:
        """Give the setting that cannot be and the code of why, or None."""

    def parse(self, given: Given, settings: S, around: Around) -> Any:
        """Read what was typed: a value, or None for nothing; raises Fault."""
        raise NotImplementedError

    def write(self, value: Any) -> dict[str, list[str]]:
        """Give a value as it would have been typed."""
        return {"": [str(value)]}

    def text(self, value: Any, settings: S, language: str) -> str:
        """Give a value in words."""
        del settings, language
        return str(value)

    def schema(self, settings: S) -> dict[str, Any]:
        """Describe the values in JSON Schema."""
        raise NotImplementedError

    def check(self, value: Any, settings: S, around: Around) -> None:
        """Raise Fault unless this is a value: one that comes back the same when it is typed."""
        if self.parse(self.write(value), settings, around) != value:
            raise Fault("not_so")


def line(given: Given, part: str = "") -> str:
    """Give what was typed in one part, on one line, without what cannot be seen."""
    return " ".join(lines(given, part).split())


def lines(given: Given, part: str = "") -> str:
    """Give what was typed in one part, without what cannot be seen."""
    typed = given.get(part) or [""]
    text = str(typed[-1]).replace("\r\n", "\n").replace("\r", "\n")
    seen = (c if c.isprintable() or c in "\n\u00a0\u202f" else " " for c in text)
    return "\n".join(row.rstrip() for row in "".join(seen).split("\n")).strip()


def bounded(text: str, most: int) -> str:
    """Give a text that is not too long; raises Fault."""
    if len(text) > most:
        raise Fault("too_long", most=most, count=len(text))
    return text
