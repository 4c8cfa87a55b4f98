"""What is wrong in answers, as people read it: which page, which question, which sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communs.core.forms import queries
from communs.core.forms.engine.checking import MISSHAPEN, Communes, Problem, problems
from communs.core.forms.engine.definition import Definition, Page, Section, title_of
from communs.core.forms.engine.kinds import Fault
from communs.core.forms.engine.moving import Moved
from communs.core.forms.engine.sheets import Conflict, Sheet, State, faults_of
from communs.core.forms.engine.walking import Place, Shown, places
from communs.core.forms.keeping import paths_of_files
from communs.core.forms.models import Answers
from communs.core.forms.wording import FAULTS, fault, here, section_fault, shown, words


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is wrong: where, and the sentence; `theirs` and `mine` when two disagree."""

    path: str
    page: str
    label: str
    sentence: str
    code: str = ""
    theirs: str = ""
    mine: str = ""
    wanted: State = field(default_factory=dict)


def problems_of(answers: Answers, *, communes: Communes) -> list[Told]:
    """Give all that keeps answers from being sent, in the order of the form."""
    sheet = Sheet(answers.values, answers.typed, answers.trace, answers.revision)
    definition = answers.version.read()
    named = paths_of_files(definition, sheet.values)
    left = queries.files_left(named.values())
    gone = {path for path, key in named.items() if key not in left}
    return all_told(definition, sheet, communes=communes, gone=gone)


def all_told(
    definition: Definition, sheet: Sheet, *, communes: Communes, gone: set[str] | None = None
) -> list[Told]:
    """Give all that is wrong or missing in a sheet, in the order of the form."""
    wrong = problems(definition, sheet.values, communes=communes)
    if any(one.code in MISSHAPEN for one in wrong):
        return [_told(definition, {}, one) for one in wrong]
    found = {p.path: p for p in wrong}
    for path, one in faults_of(definition, sheet, communes).items():
        found[path] = Problem(path, one.code, one.facts)
    seen = Shown(definition, sheet.values)
    whole = {place.path: place for place in places(definition, sheet.values)}
    for path in gone or ():
        if seen.field(whole[path]):
            found[path] = Problem(path, "file_gone")
    order = {path: n for n, path in enumerate(whole)}
    ranked = sorted(found.values(), key=lambda one: order.get(one.path, -1))
    return [_told(definition, whole, one) for one in ranked]


def faults_told(definition: Definition, sheet: Sheet, faults: Mapping[str, Fault]) -> list[Told]:
    """Put what was typed and is no value in sentences."""
    whole = {place.path: place for place in places(definition, sheet.values)}
    return [
        _told(definition, whole, Problem(path, one.code, one.facts))
        for path, one in faults.items()
        if path in whole
    ]


def conflicts_told(
    definition: Definition, sheet: Sheet, conflicts: Sequence[Conflict]
) -> list[Told]:
    """Put in words what two people changed."""
    whole = {place.path: place for place in places(definition, sheet.values)}
    return [
        Told(
            one.path,
            whole[one.path].page.key,
            label_of(whole[one.path]),
            "",
            "conflict",
            theirs=state_shown(whole[one.path], one.theirs),
            mine=state_shown(whole[one.path], one.mine),
            wanted=one.mine,
        )
        for one in conflicts
        if one.path in whole
    ]


def left_lines(moved: Moved) -> list[str]:
    """Say which answers found no place in another version, and why."""
    why = {
        "removed": _("“%(label)s”: “%(value)s” — this question is no longer asked."),
        "kind": _("“%(label)s”: “%(value)s” — this question is asked in another way."),
        "value": _("“%(label)s”: “%(value)s” — this answer is no longer taken; it is shown again."),
    }
    return [
        why[one.why] % {"label": title_of(one.field, here()), "value": shown(one.field, one.value)}
        for one in moved.left
    ]


def new_lines(moved: Moved) -> list[str]:
    """Say which questions another version asks besides."""
    return [title_of(one, here()) for one in moved.new]


def state_shown(place: Place, state: State) -> str:
    """Give what a path holds in words, as it was typed where it is no value."""
    if "v" in state:
        return shown(place.field, state["v"])
    return " ".join(one for part in state.get("t", {}).values() for one in part)


def label_of(place: Place) -> str:
    """Give a question with its row where its section repeats: « Nom (Partenaire 2) »."""
    label = title_of(place.field, here())
    return f"{label} ({row_title(place.section, place.row)})" if place.row else label


def row_title(section: Section, row: str | None, number: int = 0) -> str:
    """Give what a row is called: « Partenaire 2 »."""
    repeat = section.repeat
    name = words(repeat.row) if repeat and words(repeat.row) else title_of(section, here())
    return f"{name} {number or (row or '').removeprefix('r')}"


def _told(definition: Definition, whole: Mapping[str, Place], problem: Problem) -> Told:
    place = whole.get(problem.path)
    if place is not None:
        sentence = sentence_of(place, definition, problem.code, problem.facts)
        return Told(problem.path, place.page.key, label_of(place), sentence, problem.code)
    page, section = _section_of(definition, problem.path.partition(".")[0])
    label = title_of(section, here()) if section else problem.path
    sentence = section_fault(problem.code, problem.facts)
    return Told(problem.path, page.key if page else "", label, sentence, problem.code)


def sentence_of(place: Place, definition: Definition, code: str, facts: Mapping[str, Any]) -> str:
    """Give the sentence about one answer."""
    if code == "file_refused":
        return str(facts["sentence"])
    return fault(code, facts, place.field, definition)


def _section_of(definition: Definition, key: str) -> tuple[Page | None, Section | None]:
    for page in definition.pages:
        for section in page.sections:
            if section.key == key:
                return page, section
    return None, None


__all__ = ["FAULTS", "Told", "all_told", "conflicts_told", "faults_told", "problems_of"]
