"""Which moves an application may make: the table that every action goes by."""

from __future__ import annotations

from collections.abc import Mapping

# From a stage to those that may follow it, in the words of `enums.Stage`.
MOVES: Mapping[str, frozenset[str]] = {
    before: frozenset(after.split())
    for before, after in {
        "draft": "submitted withdrawn closed",
        "submitted": "incomplete complete withdrawn closed",
        "incomplete": "submitted withdrawn closed",
        "complete": "ineligible under_review withdrawn closed",
        "ineligible": "complete",  # reopened, with its reason
        "under_review": "reviewed withdrawn closed",
        "reviewed": "under_review in_committee withdrawn closed",
        "in_committee": "deferred recommended not_recommended reviewed withdrawn closed",
        "deferred": "under_review withdrawn closed",
        "recommended": "in_committee at_bureau withdrawn closed",
        "not_recommended": "in_committee at_bureau withdrawn closed",
        "at_bureau": "recommended not_recommended awarded refused postponed withdrawn",
        "postponed": "at_bureau under_review withdrawn closed",
        "awarded": "",  # what follows is the grant's own life
        "refused": "",
        "withdrawn": "",
        "closed": "",
    }.items()
}

# Moves that need a reason, whoever takes them.
REASONED = frozenset({"ineligible", "withdrawn", "closed", "deferred", "refused", "postponed"})


def allowed(before: str, after: str) -> bool:
    """Tell whether a file may go from a stage to another."""
    return after in MOVES[before]


def needs_reason(before: str, after: str) -> bool:
    """Tell whether the move must say why: refusals, and whatever was closed and is opened again."""
    return after in REASONED or before == "ineligible"
