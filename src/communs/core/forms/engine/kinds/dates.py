"""Days."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

import msgspec
from babel.dates import format_date

from communs.core.forms.engine.kinds.amounts import locale_of
from communs.core.forms.engine.kinds.base import Around, Fault, Given, Kind, line

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")


class DateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first and the last day that are taken, as 2018-11-27."""

    min: str = "1900-01-01"
    max: str = "2199-12-31"


class DateKind(Kind[DateSettings]):
    """A day, kept as 2018-11-27."""

    key = "date"
    settings: ClassVar[type[Any]] = DateSettings

    def amiss(self, settings: DateSettings) -> tuple[str, str] | None:
        for name in ("min", "max"):
            if _day(getattr(settings, name)) is None:
                return name, "day"
        return ("max", "bounds") if settings.max < settings.min else None

    def parse(self, given: Given, settings: DateSettings, around: Around) -> str | None:
        del around
        text = line(given)
        if not text:
            return None
        found = _day(text)
        if found is None:
            raise Fault("date")
        kept = found.isoformat()
        if kept < settings.min:
            raise Fault("too_early", least=settings.min)
        if kept > settings.max:
            raise Fault("too_late", most=settings.max)
        return kept

    def text(self, value: Any, settings: DateSettings, language: str) -> str:
        del settings
        return in_words(value, language)

    def schema(self, settings: DateSettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def in_words(iso: str, language: str) -> str:
    """Give a day in words: « 27 novembre 2018 »."""
    found = date.fromisoformat(iso)
    text = format_date(found, "d MMMM y", locale=locale_of(language))
    return f"1er{text[1:]}" if found.day == 1 and language.startswith("fr") else text


def _day(text: str) -> date | None:
    iso, french = _ISO.fullmatch(text), _FRENCH.fullmatch(text)
    try:
        if iso:
            return date(*map(int, iso.groups()))
        return date(*map(int, reversed(french.groups()))) if french else None
    except ValueError:
        return None
