"""Files, which `files` keeps, and words that ask nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from communs.core.forms.engine.kinds.base import Around, Fault, Given, Kind, NoSettings, line

KINDS = ("pdf", "jpg", "png", "webp", "odt", "ods", "odp", "docx", "xlsx", "pptx", "csv", "txt")
LARGEST = 20  # megabytes


class FileSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which kinds of file, how heavy, and after how many days it goes (0: with the answers)."""

    kinds: tuple[str, ...] = KINDS
    max_mb: int = 10
    days: int = 0


class FileKind(Kind[FileSettings]):
    """A file: its key in the store, its name and size, and the day on which it goes."""

    key = "file"
    settings: ClassVar[type[Any]] = FileSettings
    typed = False
    parts = ("file", "name", "size", "until")

    def amiss(self, settings: FileSettings) -> tuple[str, str] | None:
        if not settings.kinds or set(settings.kinds) - set(KINDS):
            return "kinds", "file_kinds"
        if not 1 <= settings.max_mb <= LARGEST:
            return "max_mb", "max_mb"
        return None if 0 <= settings.days <= 3653 else ("days", "days")  # noqa: PLR2004 -- ten years

    def parse(self, given: Given, settings: FileSettings, around: Around) -> dict[str, Any] | None:
        """Read what `write` gave; what a person sends comes from the store, not from a text."""
        del settings, around
        key = line(given, "file")
        if not key:
            return None
        try:
            size, until = int(line(given, "size")), line(given, "until")
            found = {"file": str(UUID(key)), "name": line(given, "name"), "size": size}
            return found | {"until": date.fromisoformat(until).isoformat() if until else None}
        except ValueError as error:
            raise Fault("file") from error

    def write(self, value: Any) -> dict[str, list[str]]:
        return {part: ["" if value[part] is None else str(value[part])] for part in self.parts}

    def text(self, value: Any, settings: FileSettings, language: str) -> str:
        del settings, language
        return str(value["name"])

    def schema(self, settings: FileSettings) -> dict[str, Any]:
        del settings
        return {
            "type": "object",
            "properties": {
                "file": {"type": "string", "format": "uuid"},
                "name": {"type": "string", "maxLength": 200},
                "size": {"type": "integer", "minimum": 1},
                "until": {"type": ["string", "null"], "format": "date"},
            },
            "required": ["file", "name", "size", "until"],
            "additionalProperties": False,
        }


class ExplanationKind(Kind[NoSettings]):
    """Words that stand between questions; nothing is answered."""

    key = "explanation"
    asks = False
    parts = ()

    def parse(self, given: Given, settings: NoSettings, around: Around) -> None:
        del given, settings, around

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"not": {}}
