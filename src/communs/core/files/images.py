"""Images at the widths that pages use, made when first asked for."""

from __future__ import annotations

import tempfile

from django.core.files.base import File

from communs.core.files.models import StoredFile
from communs.core.files.queries import contents
from communs.core.files.sandbox import worker

WIDTHS = (320, 640, 1280)


def path_at(path: str, width: int) -> str:
    """Give where an image lies at a width."""
    return f"{path}.{width}.webp"


def delete_all(path: str) -> None:
    """Delete a content and what was made of it."""
    for each in (*(path_at(path, width) for width in WIDTHS), path):
        contents().delete(each)


def at_width(file: StoredFile, width: int) -> str:
    """Give the path of an image at a width, made now if it never was; raises FileNotFoundError."""
    path = path_at(file.path, width)
    if contents().exists(path):
        return path
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        for chunk in contents().chunks(file.path):
            source.write(chunk)
        source.flush()
        asked = {"width": width, "kinds": [], "pixels": file.use.max_pixels, "side": width}
        if "unfit" in worker.ask(asked, source, target):
            raise FileNotFoundError(path)
        target.seek(0)
        contents().save(path, File(target, name=path))
    return path
