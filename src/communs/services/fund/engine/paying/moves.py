"""Which moves a payment may make: the table that every action goes by."""

from __future__ import annotations

from collections.abc import Mapping

# From a state to those that may follow it, in the words of `enums.PaymentState`.
MOVES: Mapping[str, frozenset[str]] = {
    before: frozenset(after.split())
    for before, after in {
        "due": "checked rejected",
        "claimed": "checked rejected",
        "checked": "ordered rejected",
        "ordered": "paid rejected",
        "paid": "",
        "rejected": "",
    }.items()
}


def allowed(before: str, after: str) -> bool:
    """Tell whether a payment may go from a state to another."""
    return after in MOVES[before]
