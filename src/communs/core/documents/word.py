"""The same document for a word processor (DOCX, ISO/IEC 29500)."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx as library
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from communs.core.documents.model import (
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
    printable,
)

_TAGS = {"fr": "fr-FR", "en": "en-GB"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # what is the same says the same, whenever written


def docx(document: Document) -> bytes:
    """Give the document as DOCX: real headings, lists and tables, to be corrected by hand."""
    document = printable(document)
    made = library.Document()
    _describe(made, document)
    if document.issuer:
        made.add_paragraph().add_run(document.issuer).bold = True
    head = "\n".join(line for line in (document.reference, document.dated) if line)
    if head:
        made.add_paragraph(head).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_heading(document.title, level=1)
    for block in document.blocks:
        _WRITERS[type(block)](made, block)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _describe(made: Any, document: Document) -> None:
    facts = made.core_properties
    facts.title, facts.author = document.title, document.issuer
    facts.subject, facts.language = document.reference, document.language
    facts.created = facts.modified = _LONG_AGO
    style = made.styles["Normal"]
    style.font.size = Pt(11)
    properties = style.element.get_or_add_rPr()
    language = properties.find(qn("w:lang"))
    if language is None:
        language = properties.makeelement(qn("w:lang"), {})
        properties.append(language)
    language.set(qn("w:val"), _TAGS.get(document.language, document.language))
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)


def _heading(made: Any, block: Heading) -> None:
    made.add_heading(block.text, level=block.level + 1)


def _paragraph(made: Any, block: Paragraph) -> None:
    made.add_paragraph().add_run(block.text).bold = block.strong


def _note(made: Any, block: Note) -> None:
    made.add_paragraph().add_run(block.text).font.size = Pt(9)


def _bullets(made: Any, block: Bullets) -> None:
    style = "List Number" if block.numbered else "List Bullet"
    for item in block.items:
        made.add_paragraph(item, style=style)


def _facts(made: Any, block: Facts) -> None:
    table = made.add_table(rows=0, cols=2)
    for what, value in block.rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = what, value


def _table(made: Any, block: Table) -> None:
    if block.caption:
        made.add_paragraph(block.caption, style="Caption")
    table = made.add_table(rows=1, cols=len(block.head), style="Table Grid")
    _repeat(table.rows[0])
    rows = [block.head, *block.rows, *([block.total] if block.total else [])]
    for number, row in enumerate(rows):
        cells = (table.rows[0] if number == 0 else table.add_row()).cells
        bold = number == 0 or (bool(block.total) and number == len(rows) - 1)
        for column, words in enumerate(row):
            paragraph = cells[column].paragraphs[0]
            paragraph.add_run(words).bold = bold
            if column in block.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    """Have a table's head on every page, and known as such to who listens."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 -- the library has no other way
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _signatures(made: Any, block: Signatures) -> None:
    table = made.add_table(rows=0, cols=2, style="Table Grid")
    for name, who in block.parties:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"{name}\n{who}", "\n\n\n"


def _break(made: Any, _block: PageBreak) -> None:
    made.add_page_break()


_WRITERS: dict[type, Any] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Signatures: _signatures,
    PageBreak: _break,
}
