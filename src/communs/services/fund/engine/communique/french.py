"""French as communiqués print it: folded letters, numbers, dates, typography."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DATE = rf"(?P<day>[0-9]{{1,2}})(?:er)? (?P<month>{'|'.join(MONTHS)}) (?P<year>[0-9]{{4}})"
COUNT = r"(?P<count>[0-9a-z-]{1,20})"

_SMALL = (  # noqa: SIM905 -- a list of strings reads worse
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf vingt"
).split()
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:[ .][0-9]{3}){1,4}|[0-9]{1,12})(?:,(?P<cents>[0-9]{1,2}))?")
_APOSTROPHES = "'’‘ʼ´`′＇"
_HYPHENS = "-‐‑‒–—−"
_QUOTES = '"“”„«»'
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_STRAY_AFTER_HYPHEN = re.compile(r"(?<=[^\W\d_]-) (?=[^\W\d_])")
_BEFORE_HIGH_SIGN = re.compile(r" (?=[:;!?»](?: |$))")


@dataclass(frozen=True, slots=True)
class Prose:
    """The same words twice, letter for letter: as printed, and folded for searching."""

    printed: str
    folded: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Put the words on one line, whatever spaces and breaks stood between them."""
        printed = " ".join(text.split())
        return cls(printed, fold(printed))

    def part(self, start: int, end: int) -> "Prose":
        """Give a stretch of it."""
        return Prose(self.printed[start:end], self.folded[start:end])


def lines_of(text: str) -> list[str]:
    """Cut a text into lines; a page break is a line break, an unseen character is nothing."""
    return _BREAKS.split(unicodedata.normalize("NFC", text.translate(_UNSEEN)))


def fold(text: str) -> str:
    """Drop case, accents and kinds of apostrophe, hyphen, quote and space; keep the length."""
    return text.translate({ord(letter): _plain(letter) for letter in set(text)})


def _plain(letter: str) -> str:
    for family, plain in ((_APOSTROPHES, "'"), (_HYPHENS, "-"), (_QUOTES, '"')):
        if letter in family:
            return plain
    if letter.isspace():
        return letter if letter == "\t" else " "
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def key(name: str) -> str:
    """Give what two spellings of a name share: « Rosny-Sous-Bois » is `rosny sous bois`."""
    letters = fold(unicodedata.normalize("NFC", name)).replace("œ", "oe").replace("æ", "ae")
    return " ".join(re.findall(r"[0-9a-z]+", letters))


def whole_number(folded: str) -> int | None:
    """Read « 23 » or « vingt-trois »; nothing when it is no number under a million."""
    if re.fullmatch(r"[0-9]{1,6}", folded):
        return int(folded)
    if folded in _SMALL:
        return _SMALL.index(folded)
    tens, _, unit = folded.replace("-et-", "-").partition("-")
    if tens not in _TENS:
        return None
    if not unit:
        return _TENS[tens]
    small = _SMALL.index(unit) if unit in _SMALL else 0
    highest = 19 if tens == "soixante" else 9
    return _TENS[tens] + small if 0 < small <= highest else None


def amount(folded: str) -> Decimal | None:
    """Read « 923 571 », « 923.571 » or « 923 571,50 »; nothing when it is no such number."""
    found = _AMOUNT.fullmatch(folded)
    if found is None:
        return None
    whole = re.sub(r"[ .]", "", folded.partition(",")[0])
    return Decimal(f"{whole}.{found['cents']}" if found["cents"] else whole)


def day_of(found: re.Match[str]) -> date | None:
    """Give the day that a match of DATE tells; nothing when no calendar has it."""
    try:
        return date(int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:
        return None


def tidy(title: str) -> str:
    """Repair typography only: spaces, apostrophes, a space strayed after a word's hyphen."""
    spaced = " ".join(title.split())
    joined = _STRAY_AFTER_HYPHEN.sub("", spaced)
    return _BEFORE_HIGH_SIGN.sub("\u00a0", joined.replace("'", "’"))
