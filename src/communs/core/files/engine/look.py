"""The look itself: which kind, is it sound, what is kept of it."""

from __future__ import annotations

from typing import Any, BinaryIO

from communs.core.files.engine import images, office, pdf, sound, text, zips
from communs.core.files.engine.kinds import sniff
from communs.core.files.engine.verdict import Found, Limits, Unfit


def look(source: BinaryIO, target: BinaryIO, asked: dict[str, Any]) -> Found:
    """Give what a file is, and write to `target` what is kept if it is not the file as it came.

    `asked` has the extension that its name claims, the kinds that are taken, and for a picture
    already kept the `width` to make.
    """
    limits = Limits(pixels=asked["pixels"], side=asked["side"])
    family, _, kind = sniff(source).partition(":")
    if family == "image" and asked.get("width"):
        return images.reduce(source, target, kind, asked["width"], limits)
    if family in {"image", "sound"} and kind not in asked["kinds"]:
        raise Unfit("not_taken")
    found = _looked(family, kind, (source, target), asked["claimed"], limits)
    if found.kind not in asked["kinds"] and kind not in asked["kinds"]:
        raise Unfit("not_taken")
    return found


def _looked(
    family: str, kind: str, ends: tuple[BinaryIO, BinaryIO], claimed: str, limits: Limits
) -> Found:
    source, target = ends
    if family == "image":
        return images.look(source, target, kind, limits)
    if family == "sound":
        return sound.look(source, target, kind)
    if family == "pdf":
        return pdf.look(source)
    if family == "zip":
        return _zip(source, limits)
    return text.look(source, target, claimed, limits)


def _zip(source: BinaryIO, limits: Limits) -> Found:
    archive = zips.Archive(source, limits)
    if office.is_document(archive):
        return Found(office.look(archive, limits))
    zips.look(source, limits)
    return Found("zip")
