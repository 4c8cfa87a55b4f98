"""Running the test cases of a form, and saying what they did not find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communs.core.forms.engine.definition import Definition, spot_of, title_of
from communs.core.forms.engine.trying import Unmet, case_of, unmet
from communs.core.forms.enums import Expected
from communs.core.forms.models import TestCase
from communs.core.forms.rendering import communes_for
from communs.core.forms.wording import here


@dataclass(frozen=True, slots=True)
class Tried:
    """A test case with what it did not find; nothing when it passed."""

    case: TestCase
    wrong: list[str]

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.wrong


def tried(definition: Definition, cases: Iterable[TestCase]) -> list[Tried]:
    """Run test cases against a definition."""
    communes = communes_for(definition)
    found = []
    for case in cases:
        made = case_of(
            case.values,
            case.typed,
            accepted=case.expected == Expected.ACCEPTED,
            refused=case.refused,
            shown=case.shown,
            hidden=case.hidden,
        )
        wrong = [sentence(definition, one) for one in unmet(definition, made, communes)]
        found.append(Tried(case, wrong))
    return found


def sentence(definition: Definition, one: Unmet) -> str:
    """Say what a test case expected and did not find."""
    if not one.path:
        return _("The answers should be refused, and they are accepted.")
    told = {"label": label_at(definition, one.path)}
    return {
        "accepted": _("“%(label)s” should be accepted, and it is refused."),
        "refused": _("“%(label)s” should be refused, and it is accepted or not asked."),
        "shown": _("“%(label)s” should be shown, and it is not."),
        "hidden": _("“%(label)s” should be hidden, and it is shown."),
    }[one.what] % told


def label_at(definition: Definition, path: str) -> str:
    """Give the words of the question at a path."""
    spot = spot_of(definition, path.rpartition(".")[2])
    return title_of(spot.field, here()) if spot else path
