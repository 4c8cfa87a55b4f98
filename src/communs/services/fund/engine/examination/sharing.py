"""Sharing files out among reviewers: evenly, by challenge, never to who is kept away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Reviewer:
    """Somebody who may be given files: their load, what they may not have, what they know."""

    key: str
    load: int = 0
    barred: frozenset[str] = frozenset()
    challenges: frozenset[str] = frozenset()
    given: set[str] = field(default_factory=set)


def share_out(
    files: Mapping[str, frozenset[str]],
    reviewers: Sequence[Reviewer],
    each: int,
    *,
    by_challenge: bool = False,
) -> tuple[dict[str, list[str]], list[str]]:
    """Give each file to `each` reviewers in all, the least loaded first; and which lack some.

    `files` are the challenges of each. With `by_challenge`, who knows one of a file's challenges
    goes before who does not. Files that fewest may examine are given first, so that none is left
    for want of a reviewer whom another file took. Ties go by key: the same facts, the same share.
    """
    chosen: dict[str, list[str]] = {}
    lacking: list[str] = []

    def open_to(file: str) -> list[Reviewer]:
        return [r for r in reviewers if file not in r.barred and file not in r.given]

    already = {file: sum(file in r.given for r in reviewers) for file in files}
    for file in sorted(files, key=lambda one: (len(open_to(one)), one)):
        wanted = max(0, each - already[file])
        ranked = sorted(open_to(file), key=_by_fit(files[file] if by_challenge else frozenset()))
        picked = ranked[:wanted]
        for reviewer in picked:
            reviewer.load += 1
            reviewer.given.add(file)
        chosen[file] = [reviewer.key for reviewer in picked]
        if len(picked) < wanted:
            lacking.append(file)
    return chosen, sorted(lacking)


def _by_fit(challenges: Iterable[str]) -> Callable[[Reviewer], tuple[bool, int, str]]:
    wanted = frozenset(challenges)

    def fit(reviewer: Reviewer) -> tuple[bool, int, str]:
        return (bool(wanted) and not wanted & reviewer.challenges, reviewer.load, reviewer.key)

    return fit
