"""Money, numbers and dates in the reader's form."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language.startswith("en") else "fr_FR")


def here() -> Locale:
    """Give the reader’s way of writing."""
    return _locale(get_language() or "fr")


def money(amount: Decimal) -> str:
    """Give euros as the reader writes them: « 923 571 € »; cents only when there are some."""
    return _money(amount, get_language() or "fr")


# By language, not by Locale: that works its hash out anew each time.
@lru_cache(maxsize=4096)
def _money(amount: Decimal, language: str) -> str:
    locale = _locale(language)
    whole = amount == amount.to_integral_value()
    pattern = locale.currency_formats["standard"].pattern
    digits = pattern.replace("0.00", "0") if whole else pattern
    return format_currency(amount, "EUR", digits, locale=locale, currency_digits=not whole)


def number(value: Decimal | float) -> str:
    """Give a number with the reader's thousands and decimal marks."""
    return _number(value, get_language() or "fr")


@lru_cache(maxsize=4096, typed=True)
def _number(value: Decimal | float, language: str) -> str:
    return str(format_decimal(value, locale=_locale(language))).replace("-", "\N{MINUS SIGN}")


def parts_thousands_by_comma() -> bool:
    """Tell whether the reader's language writes 1,250.5 and not 1 250,5."""
    return here().language == "en"


def to_type(value: Decimal, *, decimals: int = 0) -> str:
    """Write a number as it would be typed in a field, to be read back as it is.

    Decimals that are not null are all written, at least so many.
    """
    whole, _point, part = f"{value:f}".partition(".")
    part = part.rstrip("0")
    if part:
        part = part.ljust(decimals, "0")
    groups, mark = (",", ".") if parts_thousands_by_comma() else ("\N{NO-BREAK SPACE}", ",")
    grouped = f"{int(whole):,}".replace(",", groups)
    sign = "-" if value < 0 and not grouped.startswith("-") else ""
    return f"{sign}{grouped}{mark}{part}" if part else f"{sign}{grouped}"


def day(value: date) -> str:
    """Give a day in words: « 27 novembre 2018 »; of a moment, the day it is here."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    locale = here()
    text = format_date(value, "d MMMM y", locale=locale)
    return f"1er{text[1:]}" if value.day == 1 and locale.language == "fr" else text


def month(value: date) -> str:
    """Give a month in words: « novembre 2018 »."""
    return format_date(value, "MMMM y", locale=here())


def moment(value: datetime) -> str:
    """Give a day and its hour here: « 27 novembre 2018, 14:05 »."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M}"
