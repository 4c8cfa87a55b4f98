"""The square code of a page: which paper, which page, and whether it is of this very text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CODE = re.compile(
    r"AGR-(?P<paper>[0-9A-Za-z_-]{1,40})-(?P<digest>[0-9a-f]{8})/(?P<page>\d{1,3})\Z"
)
SHORT = 8


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says."""

    paper: str
    digest: str
    page: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a scan, counted from 1, with the code that was read on it, or none."""

    place: int
    code: Code | None


def prefix(paper: str, digest: str) -> str:
    """Give the beginning of a paper's codes; each page adds its number."""
    return f"AGR-{paper}-{digest[:SHORT]}"


def read(text: str) -> Code | None:
    """Give what a code says; None where it is not one of ours."""
    found = _CODE.match(text)
    return Code(found["paper"], found["digest"], int(found["page"])) if found else None


def pages(read_: Sequence[Iterable[str]]) -> list[Found]:
    """Give each page of a scan with its code; a page with two of ours is as good as without."""
    found = []
    for place, texts in enumerate(read_, start=1):
        ours = {code for code in map(read, texts) if code is not None}
        found.append(Found(place, ours.pop() if len(ours) == 1 else None))
    return found
