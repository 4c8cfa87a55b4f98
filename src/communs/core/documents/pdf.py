"""PDF/UA-1 of a document, set by typst from one template and its blocks as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override
from pypdfium2 import PdfDocument
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode

from communs.core.documents.model import Document, printable
from communs.core.kit.errors import Refused

_HERE = Path(__file__).parent
_ACCESSIBLE = ["ua-1"]


class Unprintable(Refused):
    """A document that cannot be set, with what typst says."""


def pdf(document: Document) -> bytes:
    """Give the document as PDF/UA-1 with tags, title and language; the same blocks, the same bytes.

    With a letter that no font of ours has, the PDF is tagged but cannot claim PDF/UA.

    Raises Unprintable where it cannot be set.
    """
    document = printable(document)
    if not document.code:
        return _set(document, ())
    count = pages(_set(document, ("",)))
    return _set(document, tuple(f"{document.code}/{number}" for number in range(1, count + 1)))


def pages(content: bytes) -> int:
    """Count the pages of a PDF that this module wrote."""
    read = PdfDocument(content)
    try:
        return len(read)
    finally:
        read.close()


def _set(document: Document, codes: tuple[str, ...]) -> bytes:
    data = {**asdict(document), "blocks": [_named(block) for block in document.blocks]}
    data["codes"] = [_square(code) if code else "" for code in codes]
    with override(document.language):
        data["words"] = {
            "page": _("Page {number} of {count}"),
            "code": _("Code of page {number}"),
            "signature": _("Date and signature"),
        }
    written = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(written, _ACCESSIBLE)
    except typst.TypstError as error:
        if "could not be displayed" in str(error):  # a letter that no font of ours has
            return _compiled(written, [])
        message = _("The document “%(title)s” cannot be printed: %(why)s")
        raise Unprintable(
            message % {"title": document.title, "why": str(error).splitlines()[0]}
        ) from error


def _compiled(data: str, standards: Any) -> bytes:
    content = typst.compile(
        str(_HERE / "letter.typ"),
        root=str(_HERE),
        sys_inputs={"data": data},
        ignore_system_fonts=True,
        pdf_standards=standards,
        timestamp=0,
    )
    if not isinstance(content, bytes):
        message = "typst gave no PDF"
        raise TypeError(message)
    return content


def _named(block: Any) -> dict[str, Any]:
    return {"is": type(block).__name__.lower(), **asdict(block)}


@cache
def _square(code: str) -> str:
    made = QRCode(error_correction=ERROR_CORRECT_M, border=2, image_factory=SvgPathImage)
    made.add_data(code)
    made.make(fit=True)
    return str(made.make_image().to_string(encoding="unicode"))
