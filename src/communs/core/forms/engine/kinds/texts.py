"""Texts: a line, several, an e-mail address, a telephone number."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import msgspec
import phonenumbers

from communs.core.forms.engine.kinds.base import (
    Around,
    Fault,
    Given,
    Kind,
    NoSettings,
    bounded,
    line,
    lines,
)

LONGEST = 20_000
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_EMAIL_LONGEST = 254
_REGION = "FR"


class TextSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much may be written: on how many lines shown, of how many characters."""

    rows: int = 1
    max_length: int = 300


class TextKind(Kind[TextSettings]):
    """Words."""

    key = "text"
    settings: ClassVar[type[Any]] = TextSettings

    def amiss(self, settings: TextSettings) -> tuple[str, str] | None:
        if not 1 <= settings.rows <= 40:  # noqa: PLR2004 -- lines on a screen
            return "rows", "rows"
        return None if 1 <= settings.max_length <= LONGEST else ("max_length", "max_length")

    def parse(self, given: Given, settings: TextSettings, around: Around) -> str | None:
        del around
        text = lines(given) if settings.rows > 1 else line(given)
        return bounded(text, settings.max_length) or None

    def schema(self, settings: TextSettings) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": settings.max_length}


class EmailKind(Kind[NoSettings]):
    """An e-mail address."""

    key = "email"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> str | None:
        del settings, around
        text = line(given)
        if not text:
            return None
        if len(text) > _EMAIL_LONGEST or not _EMAIL.fullmatch(text):
            raise Fault("email")
        return text

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "format": "email", "maxLength": _EMAIL_LONGEST}


class TelephoneKind(Kind[NoSettings]):
    """A telephone number, kept in international form."""

    key = "telephone"

    def parse(self, given: Given, settings: NoSettings, around: Around) -> str | None:
        del settings, around
        text = line(given)
        if not text:
            return None
        try:
            found = phonenumbers.parse(text, _REGION)
        except phonenumbers.NumberParseException as error:
            raise Fault("telephone") from error
        if not phonenumbers.is_valid_number(found) or found.extension:
            raise Fault("telephone")
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)

    def text(self, value: Any, settings: NoSettings, language: str) -> str:
        del settings, language
        found = phonenumbers.parse(value)
        national = found.country_code == phonenumbers.country_code_for_region(_REGION)
        form = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(found, form.NATIONAL if national else form.INTERNATIONAL)

    def schema(self, settings: NoSettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "pattern": r"^\+[0-9]{4,15}$"}
