"""What looks like a person in a text: addresses, numbers, plates. It must not alarm for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

import phonenumbers

_SPACE = "\u00a0\u202f\u2009 "


class Kind(StrEnum):
    """What was found."""

    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    NIR = "nir"
    PLATE = "plate"


def found_in(text: str) -> Iterator[tuple[Kind, str]]:
    """Give what looks like personal data in a text: its kind, and how it is written."""
    for kind, find in _FINDERS:
        for piece in find(text):
            yield kind, piece


_AT = re.compile(
    rf"@|[{_SPACE}]?[(\[][{_SPACE}]?(?:at|arobase|@)[{_SPACE}]?[)\]][{_SPACE}]?", re.IGNORECASE
)
_LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[^\s@<>()\[\]\"',;:«»“”]+\Z")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24}")


def _emails(text: str) -> Iterator[str]:
    for mark in _AT.finditer(text):
        local = _LOCAL.search(text[max(0, mark.start() - _LONGEST_LOCAL) : mark.start()])
        domain = _DOMAIN.match(text, mark.end())
        if local and domain:
            yield f"{local.group()}{mark.group()}{domain.group()}"


# Five pairs of digits with one mark between them all, or ten digits together. Numbers in 08 are
# nobody's: they are paid for by a service.
_FRENCH = re.compile(
    rf"(?<![\w.,/+-])(?<!\d[{_SPACE}])0[1-79](?:\d{{8}}|([{_SPACE}.\-])\d\d(?:\1\d\d){{3}})"
    rf"(?![\w/]|[.,\-]\d|[{_SPACE}]\d\d\d)"
)
_ABROAD = re.compile(
    rf"(?<![\w.,+])(?<!\d[{_SPACE}])(?:\+|00)[1-9](?:[{_SPACE}.\-()/]{{0,3}}\d){{7,14}}(?!\w)"
)


def _phones(text: str) -> Iterator[str]:
    yield from (found.group() for found in _FRENCH.finditer(text))
    for found in _ABROAD.finditer(text):
        written = found.group()
        plain = re.sub(r"\(0\)|\D", "", written).removeprefix("00")
        if _exists(f"+{plain}"):
            yield written


def _exists(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


# Lengths of the countries that use IBANs in euros, and of their neighbours (ISO 13616).
_IBANS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
_IBAN = re.compile(rf"(?<!\w)[A-Z]{{2}}\d\d(?:[{_SPACE}\-.]?[A-Z0-9]){{11,30}}", re.IGNORECASE)
_CHECKED = 97


def _ibans(text: str) -> Iterator[str]:
    for found in _IBAN.finditer(text):
        plain = re.sub(r"[\W_]", "", found.group()).upper()
        plain = plain[: _IBANS.get(plain[:2], 0)]
        turned = plain[4:] + plain[:4]
        if plain and int("".join(str(int(c, 36)) for c in turned)) % _CHECKED == 1:
            yield plain


# Sex, year, month, department, commune, order, and the key that proves it; without the key, only
# where it is spaced as on the card. Thirteen digits in a row are a bar code too.
_NIR = re.compile(
    rf"(?<![\w.,])([12])([{_SPACE}.\-]?)(\d\d)\2(\d\d)\2(\d\d|2[AB])\2(\d{{3}})\2(\d{{3}})"
    rf"(?:[{_SPACE}.\-]?(\d\d))?(?!\w)",
    re.IGNORECASE,
)
_CORSICA = {"2A": "19", "2B": "18"}


def _nirs(text: str) -> Iterator[str]:
    for found in _NIR.finditer(text):
        sex, mark, year, month, place, commune, order, key = found.groups()
        number = int(sex + year + month + _CORSICA.get(place.upper(), place) + commune + order)
        months = set(range(1, 13)) | set(range(20, 43)) | set(range(50, 100))
        if int(month) in months and (_proves(number, key) if key else mark):
            yield found.group()


def _proves(number: int, key: str) -> bool:
    return int(key) == _CHECKED - number % _CHECKED


_SIV = re.compile(
    r"(?<![\w-])(?:([A-HJ-NP-TV-Z]{2})([- ]?)(\d{3})\2([A-HJ-NP-TV-Z]{2})"
    r"|[a-hj-np-tv-z]{2}-\d{3}-[a-hj-np-tv-z]{2})(?![\w-])"
)
_FORMER = re.compile(
    r"(?<![\w.,-])\d{2,4}([ -])([A-HJ-NP-TV-Z]{2,3})\1(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])(?![\w.,-])"
)
# Short words of signs and orders written in capitals: « RD 920 EN TRAVAUX », « 100 KM 92 ».
_WORDS = {
    "RD", "RN", "DE", "LE", "LA", "ET", "EN", "ES", "SE", "CE", "NE", "ME", "TE", "SA", "MA",
    "TA", "PM", "AM", "KM", "CM", "MM", "KG", "HT", "TTC", "KW", "CV", "PL", "VL", "AV", "BD",
    "ST", "STE", "LES", "DES", "SNCF", "RER", "EST", "MAR", "JAN", "SEP", "DEC", "MAX", "MN",
    "RP", "PK", "HZ", "VAC", "DB", "AN", "ANS", "PR", "CL", "ML", "LED", "NF", "GR", "VS",
}  # fmt: skip


def _plates(text: str) -> Iterator[str]:
    for found in _SIV.finditer(text):
        spaced = found.group(2) == " "
        if not (spaced and {found.group(1), found.group(4)} & _WORDS):
            yield found.group()
    for found in _FORMER.finditer(text):
        if found.group(2) not in _WORDS:
            yield found.group()


_FINDERS = (
    (Kind.EMAIL, _emails),
    (Kind.PHONE, _phones),
    (Kind.IBAN, _ibans),
    (Kind.NIR, _nirs),
    (Kind.PLATE, _plates),
)
