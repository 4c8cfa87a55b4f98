"""Official documents, written once: as PDF to read and sign, as DOCX to be corrected by hand."""

from communs.core.documents.model import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
)
from communs.core.documents.pdf import Unprintable, pages, pdf
from communs.core.documents.word import docx

__all__ = [
    "Block",
    "Bullets",
    "Document",
    "Facts",
    "Heading",
    "Note",
    "PageBreak",
    "Paragraph",
    "Signatures",
    "Table",
    "Unprintable",
    "docx",
    "pages",
    "pdf",
]
