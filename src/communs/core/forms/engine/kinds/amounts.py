"""Numbers and money: exact decimals, never floats. Money is in euros, kept to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from babel.numbers import format_currency, format_decimal

from communs.core.forms.engine.kinds.base import Around, Fault, Given, Kind, line
from communs.core.kit import typed

LARGEST = Decimal("999999999.99")
_MOST_DECIMALS, _THOUSANDTHS = 6, 3
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


class NumberSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Bounds as decimal strings, digits after the point, and the unit shown after the number."""

    min: str = "0"
    max: str = "999999999"
    decimals: int = 0
    unit: str = ""


class MoneySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Bounds in euros, as decimal strings."""

    min: str = "0.00"
    max: str = str(LARGEST)


def locale_of(language: str) -> str:
    """Give the form in which a language writes numbers and dates here."""
    return _LOCALES.get(language[:2], "fr_FR")


def decimal(text: str, *, fine: bool = True) -> Decimal | None:
    """Read a plain decimal number as people type it, or None.

    Raises Fault where it may be thousands as well as decimals, unless three decimals are `fine`.
    """
    try:
        return typed.decimal(text, fine=fine)
    except typed.Doubtful as doubt:
        raise Fault("doubtful") from doubt


def _bounds_amiss(low: str, high: str) -> tuple[str, str] | None:
    least, most = decimal(low), decimal(high)
    if least is None or abs(least) > LARGEST:
        return "min", "bound"
    if most is None or abs(most) > LARGEST:
        return "max", "bound"
    return ("max", "bounds") if most < least else None


def _within(found: Decimal, low: str, high: str) -> Decimal:
    """Give a number within bounds, before anything is rounded: a huge one has no cents."""
    least, most = Decimal(low.replace(",", ".")), Decimal(high.replace(",", "."))
    if found < least:
        raise Fault("too_small", least=least)
    if found > most:
        raise Fault("too_large", most=most)
    return found


class NumberKind(Kind[NumberSettings]):
    """A number; whole, it is a number in JSON, otherwise a decimal string."""

    key = "number"
    settings: ClassVar[type[Any]] = NumberSettings

    def amiss(self, settings: NumberSettings) -> tuple[str, str] | None:
        if not 0 <= settings.decimals <= _MOST_DECIMALS:
            return "decimals", "decimals"
        return _bounds_amiss(settings.min, settings.max)

    def parse(self, given: Given, settings: NumberSettings, around: Around) -> int | str | None:
        del around
        text = line(given)
        if not text:
            return None
        unit = settings.unit.strip()
        fine = settings.decimals >= _THOUSANDTHS
        found = decimal(text.removesuffix(unit) if unit else text, fine=fine)
        if found is None:
            raise Fault("number")
        kept = _exactly(_within(found, settings.min, settings.max), settings.decimals)
        return str(kept) if settings.decimals else int(kept)

    def text(self, value: Any, settings: NumberSettings, language: str) -> str:
        shown = format_decimal(Decimal(str(value)), locale=locale_of(language))
        return f"{shown}\u00a0{settings.unit}" if settings.unit else shown

    def schema(self, settings: NumberSettings) -> dict[str, Any]:
        if settings.decimals:
            return {"type": "string", "pattern": rf"^-?[0-9]+\.[0-9]{{{settings.decimals}}}$"}
        least, most = Decimal(settings.min.replace(",", ".")), settings.max.replace(",", ".")
        return {"type": "integer", "minimum": int(least), "maximum": int(Decimal(most))}


class MoneyKind(Kind[MoneySettings]):
    """Euros to the cent, as a decimal string: "1250.50"."""

    key = "money"
    settings: ClassVar[type[Any]] = MoneySettings

    def amiss(self, settings: MoneySettings) -> tuple[str, str] | None:
        return _bounds_amiss(settings.min, settings.max)

    def parse(self, given: Given, settings: MoneySettings, around: Around) -> str | None:
        del around
        text = line(given)
        if not text:
            return None
        bare = text.removesuffix("€").removesuffix("EUR").removesuffix("euros")
        found = decimal(bare, fine=False)
        if found is None:
            raise Fault("money")
        kept = _within(found, settings.min, settings.max).quantize(Decimal("0.01")) + 0
        if kept != found:
            raise Fault("cents")
        return str(kept)

    def text(self, value: Any, settings: MoneySettings, language: str) -> str:
        del settings
        return format_currency(Decimal(value), "EUR", locale=locale_of(language))

    def schema(self, settings: MoneySettings) -> dict[str, Any]:
        del settings
        return {"type": "string", "pattern": r"^-?[0-9]{1,12}\.[0-9]{2}$"}


def _exactly(found: Decimal, decimals: int) -> Decimal:
    """Give a number with so many decimals; raises Fault rather than round it."""
    kept = found.quantize(Decimal(1).scaleb(-decimals)) + 0
    if kept != found:
        raise Fault("whole" if not decimals else "decimals", decimals=decimals)
    return kept
