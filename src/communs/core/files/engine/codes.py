"""Square codes on the pages of a PDF or in a picture, for papers that come back scanned."""

from __future__ import annotations

from typing import Any, BinaryIO

import zxingcpp
from PIL import Image
from pypdfium2 import PdfDocument

from communs.core.files.engine import images
from communs.core.files.engine.kinds import sniff
from communs.core.files.engine.verdict import Limits, Unfit

PAGES_AT_ONCE = 20  # what one bounded look reads; the next look goes on from there
_DOTS_AN_INCH, _POINTS_AN_INCH = 200, 72
_LARGEST_SIDE = 3600  # pixels of a page as it is drawn: A3 at 200 dots an inch


def read(source: BinaryIO, asked: dict[str, Any]) -> dict[str, Any]:
    """Give the texts of the codes on each page from `first` on, and how many pages there are."""
    limits = Limits(pixels=asked["pixels"], side=asked["side"])
    family, _, kind = sniff(source).partition(":")
    if family == "image":
        return {"count": 1, "pages": [_texts(images.upright(source, kind, limits))]}
    if family != "pdf":
        raise Unfit("not_taken")
    source.seek(0)
    document = PdfDocument(source.read())
    count, first = len(document), int(asked["first"])
    last = min(count, first + PAGES_AT_ONCE)
    return {"count": count, "pages": [_texts(_drawn(document[n])) for n in range(first, last)]}


def _drawn(page: Any) -> Image.Image:
    width, height = page.get_size()
    scale = min(_DOTS_AN_INCH / _POINTS_AN_INCH, _LARGEST_SIDE / max(width, height, 1))
    drawn: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return drawn


def _texts(image: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(
        image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [one.text for one in found]
