"""A form as its writer sees it: pages, sections and questions, one a line."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from communs.core.forms.editor_words import condition
from communs.core.forms.engine.definition import Definition, Field, Node, Section, title_of
from communs.core.forms.wording import KINDS, here, words


@dataclass(frozen=True, slots=True)
class Line:
    """A page, a section or a question, and what is in it."""

    key: str
    title: str
    notes: list[str]
    inside: list[Line] = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False


def outline(definition: Definition) -> list[Line]:
    """Give the lines of a form."""
    count = len(definition.pages)
    return [
        _line(
            page,
            definition,
            [
                _line(
                    section,
                    definition,
                    [_line(one, definition, []) for one in section.fields],
                )
                for section in page.sections
            ],
            is_first=n == 0,
            is_last=n == count - 1,
        )
        for n, page in enumerate(definition.pages)
    ]


def _line(
    node: Node,
    definition: Definition,
    inside: list[Line],
    *,
    is_first: bool = False,
    is_last: bool = False,
) -> Line:
    notes = []
    if isinstance(node, Field):
        notes.append(str(KINDS[node.kind]))
        if node.required:
            notes.append(_("required"))
    repeat = getattr(node, "repeat", None)
    if repeat:
        notes.append(_("repeats, up to %(most)s rows") % {"most": repeat.max})
    if node.when:
        notes.append(_("asked if %(condition)s") % {"condition": condition(node.when, definition)})
    untitled = isinstance(node, Section) and not words(node.title)
    title = _("Section without a title") if untitled else title_of(node, here())
    return Line(node.key, title, notes, inside, is_first, is_last)
