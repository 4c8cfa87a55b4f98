"""Which moves an experiment may make: the table that every action goes by."""

from __future__ import annotations

from collections.abc import Mapping

# From a state to those that may follow it, in the words of `enums.ExperimentState`.
MOVES: Mapping[str, frozenset[str]] = {
    before: frozenset(after.split())
    for before, after in {
        "designed": "configured abandoned",
        "configured": "live abandoned",
        "live": "paused measured abandoned",
        "paused": "live measured abandoned",
        "measured": "evaluated abandoned",
        "evaluated": "",  # another evaluation gets the next number; the experiment stays
        "abandoned": "",
    }.items()
}


def allowed(before: str, after: str) -> bool:
    """Tell whether an experiment may go from a state to another."""
    return after in MOVES[before]
