"""Text as people type it: accents, case and slips forgiven."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz, process

_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})
_NEAR_ENOUGH = 72.0
_KEPT = "\u00a0\u202f"  # the spaces of French typography
_SPACES = re.compile(r" {2,}")
_BLANKS = re.compile(r"\n{3,}")


def fold(text: str) -> str:
    """Give the text without accents, case or punctuation, its words parted by one space."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = plain if plain.isascii() else _ACCENTS.sub("", plain)
    return _SEPARATORS.sub(" ", letters.casefold()).strip()


def words(text: str) -> list[str]:
    """Give the folded words of a text, in their order."""
    return fold(text).split()


def nearest(word: str, vocabulary: Iterable[str], *, limit: int = 3) -> list[str]:
    """Give the known words that a misspelt one most likely meant, best first."""
    found = process.extract(
        word, list(vocabulary), scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH, limit=limit
    )
    return [known for known, _score, _key in found]


def clean_line(text: str) -> str:
    """Give one line without control characters or doubled spaces; no-break spaces stay."""
    printable = "".join(c if c.isprintable() or c in _KEPT else " " for c in text)
    return _SPACES.sub(" ", printable).strip(" ")


def clean_text(text: str) -> str:
    """Give a text of several lines, each cleaned; a blank line parts paragraphs."""
    lines = "\n".join(clean_line(line) for line in text.splitlines())
    return _BLANKS.sub("\n\n", lines).strip("\n")
