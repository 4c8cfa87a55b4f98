"""A document is written once, and says the same as PDF and for a word processor."""

from __future__ import annotations

from io import BytesIO

import docx as library
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from communs.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
    docx,
    pages,
    pdf,
)

ALL = [
    Heading("Le dossier"),
    Facts([("Numéro", "2026-0001"), ("Projet", "Prêt de tablettes")]),
    Paragraph("Votre dossier est complet.", strong=True),
    Table(
        ["Dépense", "Hors taxes"],
        [["Tablettes", "12 000,00 €"], ["Médiation", "8 000,00 €"]],
        caption="Plan de financement",
        figures=[1],
        total=["Total", "20 000,00 €"],
    ),
    Bullets(["lire", "signer"], numbered=True),
    Note("Voies et délais de recours."),
    Signatures([("Métropole", "Le président"), ("Sceaux", "Le maire")]),
    PageBreak(),
    Heading("Annexe", 2),
    Paragraph("Fin."),
]
LETTER = Document(
    "Accusé de réception",
    "fr",
    ALL,
    issuer="Métropole du Grand Paris",
    reference="FMIN-2026-0001",
    dated="Le 3 mars 2026",
    code="fmin-2026-0001",
)


def words_of(content: bytes) -> str:
    read = PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in read)
    finally:
        read.close()


def test_a_pdf_holds_every_word_in_order_and_says_its_title_and_language() -> None:
    content = pdf(LETTER)
    text = words_of(content)
    said = ["Métropole du Grand Paris", "Accusé de réception", "Le dossier", "Prêt de tablettes"]
    said += ["Votre dossier est complet.", "Plan de financement", "20 000,00 €", "lire", "signer"]
    said += ["Voies et délais de recours.", "Le président", "Annexe", "Fin."]
    places = [text.find(words) for words in said]
    assert -1 not in places
    assert places == sorted(places)
    assert pages(content) == 2
    assert "Page 1 sur 2" in text
    assert b"/Lang (fr)" in content or b"/Lang(fr)" in content
    assert b"pdfuaid" in content


def test_the_same_document_is_the_same_bytes() -> None:
    assert pdf(LETTER) == pdf(LETTER)
    assert docx(LETTER) == docx(LETTER)


def test_each_page_carries_its_own_code_that_a_scan_gives_back() -> None:
    read = PdfDocument(pdf(LETTER))
    try:
        scans = [page.render(scale=2).to_pil() for page in read]
    finally:
        read.close()
    found = [[code.text for code in zxingcpp.read_barcodes(scan)] for scan in scans]
    assert found == [["fmin-2026-0001/1"], ["fmin-2026-0001/2"]]


def test_a_word_processor_finds_real_headings_tables_and_lists() -> None:
    made = library.Document(BytesIO(docx(LETTER)))
    headings = [p.text for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["Accusé de réception", "Le dossier", "Annexe"]
    facts, plan, signed = made.tables
    assert [[c.text for c in row.cells] for row in plan.rows] == [
        ["Dépense", "Hors taxes"],
        ["Tablettes", "12 000,00 €"],
        ["Médiation", "8 000,00 €"],
        ["Total", "20 000,00 €"],
    ]
    assert facts.rows[1].cells[1].text == "Prêt de tablettes"
    assert signed.rows[1].cells[0].text == "Sceaux\nLe maire"
    assert [p.text for p in made.paragraphs if p.style.name == "List Number"] == ["lire", "signer"]
    assert made.core_properties.title == "Accusé de réception"


def test_a_row_of_another_width_is_a_mistake_of_the_writer() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table(["a", "b"], [["1"]])


@settings(max_examples=30)
@given(st.text(min_size=1, max_size=200))
def test_whatever_people_typed_is_set_as_words_never_as_commands(typed: str) -> None:
    document = Document("Essai", "fr", [Paragraph(typed), Facts([(typed, typed)])])
    assert pages(pdf(document)) >= 1
    assert docx(document)[:2] == b"PK"


def test_what_looks_like_a_command_is_printed_as_it_is() -> None:
    typed = '#read("/etc/passwd") $x$ *gras* <b>'
    assert typed in words_of(pdf(Document("Essai", "fr", [Paragraph(typed)])))
