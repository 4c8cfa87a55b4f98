"""Test cases: made-up answers, and what should become of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from communs.core.forms.engine.checking import Communes, problems
from communs.core.forms.engine.definition import Definition
from communs.core.forms.engine.sheets import Sheet, faults_of
from communs.core.forms.engine.walking import Shown, places


@dataclass(frozen=True, slots=True)
class Case:
    """Answers, and what is expected: accepted, or refused at these paths; what is shown or not."""

    sheet: Sheet
    accepted: bool
    refused: Collection[str] = ()
    shown: Collection[str] = ()
    hidden: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Unmet:
    """Something that a test case expected and that is not so."""

    what: str  # accepted, refused, shown, hidden
    path: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of answers: which paths are refused, and which are shown."""

    refused: list[str]
    shown: list[str]


def outcome(definition: Definition, sheet: Sheet, communes: Communes) -> Outcome:
    """Send answers for a try, and tell what becomes of them."""
    seen = Shown(definition, sheet.values)
    wrong = [one.path for one in problems(definition, sheet.values, communes=communes)]
    wrong += [path for path in faults_of(definition, sheet, communes) if path not in wrong]
    visible = [p.path for p in places(definition, sheet.values) if seen.field(p)]
    return Outcome(wrong, visible)


def unmet(definition: Definition, case: Case, communes: Communes) -> list[Unmet]:
    """Give what a test case expects and does not find; nothing when it passes."""
    found = outcome(definition, case.sheet, communes)
    wrong: list[Unmet] = []
    if case.accepted:
        wrong += [Unmet("accepted", path) for path in found.refused]
    else:
        wrong += [Unmet("refused", path) for path in case.refused if path not in found.refused]
        if not found.refused and not case.refused:
            wrong.append(Unmet("refused", ""))
    wrong += [Unmet("shown", path) for path in case.shown if path not in found.shown]
    wrong += [Unmet("hidden", path) for path in case.hidden if path in found.shown]
    return wrong


def case_of(values: Mapping[str, Any], typed: Mapping[str, Any], **expected: Any) -> Case:
    """Make a test case of what is kept of it."""
    return Case(Sheet(dict(values), dict(typed)), **expected)
