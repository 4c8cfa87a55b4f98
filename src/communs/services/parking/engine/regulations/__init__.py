"""May I park here now, until when, for how much: rules, their order, durations and prices."""

from .answering import answer, leave_by
from .conditions import charged, conditions
from .model import (
    ALWAYS,
    DISABLED,
    ELECTRIC,
    EVERYONE,
    FREE,
    OFF_STREET,
    PROFESSIONALS,
    RESIDENTS,
    STREET,
    Answer,
    Conditions,
    Effect,
    Law,
    Rank,
    Reason,
    Rule,
    Tariff,
)
from .prices import cost

__all__ = [
    "ALWAYS",
    "DISABLED",
    "ELECTRIC",
    "EVERYONE",
    "FREE",
    "OFF_STREET",
    "PROFESSIONALS",
    "RESIDENTS",
    "STREET",
    "Answer",
    "Conditions",
    "Effect",
    "Law",
    "Rank",
    "Reason",
    "Rule",
    "Tariff",
    "answer",
    "charged",
    "conditions",
    "cost",
    "leave_by",
]
