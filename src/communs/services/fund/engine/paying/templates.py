"""What a template of agreements may say: known placeholders, a schedule of 100 %."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

KINDS = ("advance", "interim", "balance")
PLACEHOLDERS = (
    "amount",
    "beneficiary",
    "community",
    "deliberation",
    "duration",
    "ends_on",
    "number",
    "partners",
    "project",
    "rate",
    "schedule",
    "starts_on",
)
AMENDMENTS = ("partner_leaves", "extension", "budget_shift")
_BRACED = re.compile(r"\{([^{}]*)\}")
_MOST_LINES, _LONGEST, _WHOLE = 60, 20_000, Decimal(100)
_WORDS = 300


class Faulty(ValueError):
    """A template that no agreement can be made of: the field, a code, and what is wrong in it."""

    def __init__(self, field: str, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.field, self.code, self.what = field, code, what

    def told(self) -> str:
        """Give the fault as a program reads it; pages say it in words."""
        return f"{self.code}: {self.what}" if self.what else self.code


@dataclass(frozen=True, slots=True)
class Line:
    """An instalment of a schedule."""

    kind: str
    percent: Decimal
    condition: str
    evidence: str


def check(clauses: Any, schedule: Any, votes: Any) -> list[Line]:
    """Give the schedule read; raises Faulty at the first thing that is wrong."""
    _check_clauses(clauses)
    lines = read_schedule(schedule)
    _check_votes(votes)
    return lines


def filled(text: str, values: Mapping[str, str]) -> str:
    """Write the values in their places."""
    return _BRACED.sub(lambda found: values[found[1]], text)


def read_schedule(given: Any) -> list[Line]:
    """Give the instalments; raises Faulty unless they make 100 % and the balance comes last."""
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_LINES:
        raise Faulty("schedule", "no_instalment")
    lines = [_line(one) for one in given]
    order = [KINDS.index(one.kind) for one in lines]
    if order != sorted(order) or [one.kind for one in lines].count("balance") != 1:
        raise Faulty("schedule", "order")
    total = sum((one.percent for one in lines), Decimal(0))
    if total != _WHOLE:
        raise Faulty("schedule", "not_whole", f"{total:f}")
    return lines


def votes_for(votes: Mapping[str, Any], kind: str, size: Decimal) -> bool:
    """Tell whether an amendment is voted: always, never, or above so many months or percent."""
    rule = votes.get(kind, True)
    return rule if isinstance(rule, bool) else size > Decimal(str(rule))


def _check_clauses(given: Any) -> None:
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_LINES:
        raise Faulty("clauses", "no_clause")
    for one in given:
        if not isinstance(one, dict) or not one.get("heading") or not one.get("text"):
            raise Faulty("clauses", "no_heading")
        words = [one["heading"], one["text"]]
        if not all(isinstance(part, str) and len(part) <= _LONGEST for part in words):
            raise Faulty("clauses", "no_heading")
        for text in words:
            _check_text(text)


def _check_text(text: str) -> None:
    for name in _BRACED.findall(text):
        if name not in PLACEHOLDERS:
            raise Faulty("clauses", "unknown_placeholder", name)
    if re.search(r"[{}]", _BRACED.sub("", text)):
        raise Faulty("clauses", "open_brace")


def _line(given: Any) -> Line:
    if not isinstance(given, dict) or given.get("kind") not in KINDS:
        raise Faulty("schedule", "kind")
    try:
        percent = Decimal(str(given.get("percent")))
    except InvalidOperation as error:
        raise Faulty("schedule", "percent") from error
    if not percent.is_finite() or not 0 < percent <= _WHOLE:
        raise Faulty("schedule", "percent")
    if percent != percent.quantize(Decimal("0.01")):
        raise Faulty("schedule", "percent")
    words = [str(given.get(name) or "") for name in ("condition", "evidence")]
    if any(len(one) > _WORDS for one in words):
        raise Faulty("schedule", "too_long")
    return Line(given["kind"], percent, *words)


def _check_votes(given: Any) -> None:
    if not isinstance(given, dict) or set(given) - set(AMENDMENTS):
        raise Faulty("votes", "votes")
    for value in given.values():
        if isinstance(value, bool):
            continue
        if not isinstance(value, int | float) or not 0 <= value <= 1000:  # noqa: PLR2004 -- months, or percent
            raise Faulty("votes", "votes")
