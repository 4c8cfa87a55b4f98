"""Answers as pages show them: the controls of one page, a summary to read, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from communs.core.files.addresses import url_of_file
from communs.core.files.models import StoredFile
from communs.core.files.words import size
from communs.core.forms import queries
from communs.core.forms.drawing import Drawn, drawn
from communs.core.forms.engine.checking import Communes
from communs.core.forms.engine.definition import Definition, title_of
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.engine.walking import Place, Shown, rows_of, value_at
from communs.core.forms.filling import sheet_of
from communs.core.forms.keeping import asks_for, paths_of_files
from communs.core.forms.models import Answers
from communs.core.forms.telling import Told, all_told, label_of, problems_of, row_title
from communs.core.forms.wording import here, shown, words


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer, to be read; `href` leads to its file."""

    path: str
    label: str
    text: str
    value: Any
    kind: str
    href: str = ""

    @property
    def lines(self) -> list[str]:
        """The answer's lines; none when nothing was answered."""
        return self.text.split("\n") if self.text else []


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a summary, or one of its rows."""

    key: str
    page: str
    title: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class PageState:
    """How far a page is: what is missing or wrong in it."""

    key: str
    title: str
    missing: list[Told] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def render_page(
    answers: Answers,
    page: str,
    *,
    errors: Sequence[Told] = (),
    conflicts: Sequence[Told] = (),
    action: str,
    may_write: bool,
    request: HttpRequest,
    **more: Any,
) -> SafeString:
    """Draw the form of one page; `action` is where it is posted."""
    definition = answers.version.read()
    found = drawn_of(definition, sheet_of(answers), page, errors=errors, conflicts=conflicts)
    context = {"drawn": found, "action": action, "may_write": may_write, **more}
    return SafeString(render_to_string("forms/fields_page.html", context, request=request))


def drawn_of(
    definition: Definition,
    sheet: Sheet,
    page: str,
    *,
    errors: Sequence[Told] = (),
    conflicts: Sequence[Told] = (),
) -> Drawn:
    """Give the controls of a page, with the communes if it asks for an address."""
    communes = queries.communes() if asks_for(definition, "address") else {}
    names = [name for _code, name in communes.values()]
    return drawn(definition, sheet, page, errors=errors, conflicts=conflicts, communes=names)


def summary(answers: Answers) -> list[Part]:
    """Give every answer that is shown, by section and row; one query, for the files."""
    definition, values = answers.version.read(), answers.values
    named = paths_of_files(definition, values)
    kept = {str(f.pk): f for f in StoredFile.objects.filter(pk__in=map(UUID, named.values()))}
    return summary_of(definition, values, kept)


def summary_of(
    definition: Definition, values: Mapping[str, Any], files: Mapping[str, StoredFile]
) -> list[Part]:
    """Give every answer that is shown, by section and row."""
    seen, found = Shown(definition, values), []
    for page in definition.pages:
        for section in page.sections:
            if not seen.section(page, section):
                continue
            rows: Iterable[tuple[int, str | None]] = (
                enumerate(rows_of(section, values), 1) if section.repeat else [(0, None)]
            )
            for number, row in rows:
                places = [Place(page, section, one, row) for one in section.fields]
                told = [
                    _answer(place, values, files)
                    for place in places
                    if kind_of(place.field).asks and seen.field(place)
                ]
                title = row_title(section, row, number) if row else words(section.title)
                if told:
                    name = title or title_of(page, here())
                    found.append(Part(section.key, page.key, name, told))
    return found


def progress(answers: Answers) -> list[PageState]:
    """Give the pages that are shown, with what is missing in each; every colleague sees it."""
    definition = answers.version.read()
    found = problems_of(answers, communes=communes_for(definition))
    return pages_of(definition, answers.values, found)


def progress_of(definition: Definition, sheet: Sheet) -> list[PageState]:
    """Give the pages of a sheet that is kept nowhere."""
    found = all_told(definition, sheet, communes=communes_for(definition))
    return pages_of(definition, sheet.values, found)


def pages_of(
    definition: Definition, values: Mapping[str, Any], problems: Sequence[Told]
) -> list[PageState]:
    """Give the pages that are shown, each with its problems."""
    seen = Shown(definition, values)
    return [
        PageState(page.key, words(page.title), [one for one in problems if one.page == page.key])
        for page in definition.pages
        if seen.page(page)
    ]


def communes_for(definition: Definition) -> Communes:
    """Give the communes of the register if a form asks for an address."""
    return queries.communes() if asks_for(definition, "address") else {}


def _answer(place: Place, values: Mapping[str, Any], files: Mapping[str, StoredFile]) -> Answer:
    value = value_at(values, place.path)
    text, href = shown(place.field, value), ""
    if place.field.kind == "file" and value is not None:
        text = f"{text} ({size(value['size'])})"
        file = files.get(value["file"])
        href = url_of_file(file) if file is not None and file.name else ""
    label = label_of(place) if place.row is None else title_of(place.field, here())
    return Answer(place.path, label, text, value, place.field.kind, href)
