"""What a document is made of: plain blocks, without style, so that each writer sets them alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

# What no font shows and no word processor takes: controls, joiners of directions, halves of pairs.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ufff0-\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part; levels are 1 and 2, below the document's own title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences; `strong` for what decides."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Sentences in small print: sources, ways of appeal."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered when its order counts."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of what and its value."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `figures` are the columns, from 0, that are set to the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    figures: Sequence[int] = ()
    total: Sequence[str] = ()

    def __post_init__(self) -> None:
        wide = len(self.head)
        if any(len(row) != wide for row in (*self.rows, *([self.total] if self.total else []))):
            message = f"A table of {wide} columns has a row of another width."
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Room to sign, one a party: its name, and who signs for it."""

    parties: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page."""


Block = Heading | Paragraph | Note | Bullets | Facts | Table | Signatures | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document: who issues it, what it is called, its blocks, in one language (`fr`, `en`).

    `code` begins the square code printed on every page (`code/1`, `code/2`…), by which a scanned
    page finds its document again. `draft` prints a word across each page.
    """

    title: str
    language: str
    blocks: Sequence[Block] = field(default_factory=list)
    issuer: str = ""
    reference: str = ""
    dated: str = ""
    code: str = ""
    draft: str = ""
    keywords: Sequence[str] = ()


def printable(value: Any) -> Any:
    """Give a document, or a part of one, without the characters that cannot be shown."""
    if isinstance(value, str):
        return _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\t", " "))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: printable(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, (list, tuple)):
        return tuple(printable(one) for one in value)
    return value
