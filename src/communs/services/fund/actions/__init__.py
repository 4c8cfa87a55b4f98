"""Writes of the fund."""

from communs.services.fund.actions.communique import (
    Changes,
    Outcome,
    import_communique,
    read_and_import,
)
from communs.services.fund.actions.facts import add_fact, correct_fact, withdraw_fact

__all__ = [
    "Changes",
    "Outcome",
    "add_fact",
    "correct_fact",
    "import_communique",
    "read_and_import",
    "withdraw_fact",
]
