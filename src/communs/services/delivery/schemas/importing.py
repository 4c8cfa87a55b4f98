"""What a CurbLR file holds for delivery bays."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Schema

from communs.services.delivery.models import CurbFile


class LeftOutOut(Schema):
    """Something that is not taken: why, of what in the file's words, how often, and where first."""

    reason: str
    about: str
    count: int
    first: int


class CurbFileOut(Schema):
    """A file that was read: how many bays and rules it would make, and what is left out."""

    id: UUID
    features: int
    bays: int
    rules: int
    left_out: list[LeftOutOut]


class InstalledOut(Schema):
    """How many bays and rules were made."""

    bays: int
    rules: int


def curb_file_row(file: CurbFile) -> dict[str, Any]:
    """Give a file as its schema has it."""
    said = file.reading
    counts = {name: len(said[name]) for name in ("bays", "rules")}
    return {"id": file.pk, "features": said["features"], "left_out": said["left_out"]} | counts
