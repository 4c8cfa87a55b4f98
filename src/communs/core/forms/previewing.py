"""What is typed in a preview: it stays in the session of who writes the form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from communs.core.forms import actions
from communs.core.forms.engine import sheets
from communs.core.forms.engine.definition import Definition, spots
from communs.core.forms.engine.kinds import Fault
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.trying import outcome
from communs.core.forms.engine.walking import places
from communs.core.forms.enums import Expected
from communs.core.forms.filling import Change
from communs.core.forms.models import Form, TestCase
from communs.core.forms.rendering import communes_for
from communs.core.forms.telling import Told, faults_told
from communs.core.forms.testing import label_at
from communs.core.forms.wording import section_fault
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request


@dataclass(frozen=True, slots=True)
class Tested:
    """A preview's sheet, and what was typed there and is no value."""

    sheet: Sheet
    problems: list[Told] = field(default_factory=list)


def sheet(request: Request, form: Form) -> Sheet:
    """Give what was typed in the preview of a form."""
    kept = request.session.get(_name(form))
    return Sheet(**kept) if kept else sheets.begun(form.read())


def empty(request: Request, form: Form) -> None:
    """Begin the preview anew."""
    request.session.pop(_name(form), None)


def open_case(request: Request, form: Form, case: TestCase) -> None:
    """Put a test case in the preview."""
    _keep(request, form, Sheet(values=case.values, typed=case.typed))


def apply(request: Request, form: Form, definition: Definition, change: Change) -> Tested:
    """Do what a page of the preview asks for."""
    given = {path: _made_up(one) for path, one in change.files.items()}
    taken = sheets.take(
        definition,
        sheet(request, form),
        change.page,
        change.posted,
        opened=change.revision,
        given=given,
        communes=communes_for(definition),
    )
    found, problems = taken.sheet, faults_told(definition, taken.sheet, taken.faults)
    try:
        if change.add:
            found = sheets.add_row(definition, found, change.add)
        elif change.remove:
            found = sheets.remove_row(definition, found, *change.remove)
    except Fault as fault:
        label = change.add or change.page
        problems.append(Told(label, change.page, "", section_fault(fault.code, fault.facts)))
    _keep(request, form, found)
    return Tested(found, problems)


def keep_test(request: Request, form: Form, definition: Definition) -> TestCase:
    """Keep what the preview holds as a test case, with what is expected of it."""
    found = sheet(request, form)
    now = outcome(definition, found, communes_for(definition))
    expected = request.POST.get("expected", "")
    if expected not in Expected.values:
        raise Refused(_("Say whether the answers should be accepted or refused."), field="expected")
    refused = [path for path in request.POST.getlist("refused") if path in now.refused]
    with_shown = request.POST.get("with_shown") == "on"
    asked = [place.path for place in places(definition, found.values)]
    return actions.keep_test(
        form=form,
        name=request.POST.get("name", "")[:120],
        values=found.values,
        typed=found.typed,
        expected=expected,
        refused=refused if expected == Expected.REFUSED else [],
        shown=now.shown if with_shown else [],
        hidden=[path for path in asked if path not in now.shown] if with_shown else [],
        by=request.user,
    )


def outcome_words(request: Request, form: Form, definition: Definition) -> dict[str, Any]:
    """Give what would become of what the preview holds: what is refused, in words."""
    found = sheet(request, form)
    now = outcome(definition, found, communes_for(definition))
    return {
        "refused": [(path, label_at(definition, path)) for path in now.refused],
        "answered": bool(found.trace or found.typed or found.revision),
        "asks": any(True for _spot in spots(definition)),
    }


def _made_up(one: Any) -> Any:
    """Give a file that is kept nowhere: a preview needs its name alone."""
    if one is None or isinstance(one, Fault):
        return one
    return {"file": str(uuid4()), "name": one.name[:140], "size": one.size or 1, "until": None}


def _keep(request: Request, form: Form, found: Sheet) -> None:
    request.session[_name(form)] = asdict(found)


def _name(form: Form) -> str:
    return f"forms.preview.{form.pk}"
