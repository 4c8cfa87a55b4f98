"""Which moves a lesson, a common and its copies may make: the tables that every action goes by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# From a state to those that may follow it, in the words of `enums.ReplicationState`. A copy that
# runs may be measured again and again; one that is over begins anew, as another row.
MOVES: Mapping[str, frozenset[str]] = {
    before: frozenset(after.split())
    for before, after in {
        "requested": "checked live given_up",
        "checked": "live given_up",
        "live": "measured rolled_back",
        "measured": "measured confirmed rolled_back",
        "confirmed": "rolled_back",
        "rolled_back": "",
        "given_up": "",
    }.items()
}
RUNNING = frozenset({"live", "measured", "confirmed"})
OVER = frozenset(state for state, after in MOVES.items() if not after)

# The same for a lesson, in the words of `enums.LessonState`.
LESSONS: Mapping[str, frozenset[str]] = {
    before: frozenset(after.split())
    for before, after in {
        "proposed": "proposed sent_back accepted refused",
        "sent_back": "proposed",
        "accepted": "",
        "refused": "",
    }.items()
}


def allowed(before: str, after: str) -> bool:
    """Tell whether a copy may go from a state to another."""
    return after in MOVES[before]


def reviewable(before: str, after: str) -> bool:
    """Tell whether a lesson may go from a state to another."""
    return after in LESSONS[before]


def of_common(copies: Iterable[str]) -> str:
    """Give the state of a common in the catalogue: a common once a copy of it is confirmed."""
    return "confirmed" if "confirmed" in copies else "offered"
