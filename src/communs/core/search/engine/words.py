"""A text's words as they are searched: accents, case, elisions, endings and codes forgiven."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import snowballstemmer  # type: ignore[import-untyped]

from communs.core.kit.text import fold

LANGUAGES = {"fr": "french", "en": "english"}
LONGEST = 60  # letters of a word that count
_WORD = re.compile(r"[^\W_]+")
_ELIDED = frozenset("l d j m n s t c qu jusqu lorsqu puisqu quoiqu".split())  # noqa: SIM905 -- shorter to read
_APOSTROPHES = "'’ʼ"
# Words that carry no subject, in both languages. None that also names something (est, été, son).
_STOP = frozenset(
    """
    a afin ai au aux avec ce ces cet cette ceux chez comme comment dans de des donc dont du
    elle elles en et eux il ils je la le les leur leurs lui ma mais me mes ne ni nos notre
    nous on ou par pour qu que quel quelle quelles quels qui sa sans se ses si sous sur ta te
    tes toi tu un une vos votre vous y an and are at by for from in is it its of or that the
    their these this those to was were with your
    """.split()  # noqa: SIM905 -- read as a text
)
_E_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_GAP = "[ .\u00a0\u202f]"
_CODE = (
    rf"(?<!\d)(?:\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}?\d{{5}})?|\d{{2}}(?:{_GAP}\d{{2}}){{4}})"
    r"(?!\d)"
)
_HYPHENED = r"[^\W_]+(?:[-‐‑_/.][^\W_]+){1,3}"
_COMPOUND = re.compile(f"{_CODE}|{_HYPHENED}")
_COMPOUND_OR_E_MAIL = re.compile(f"{_E_MAIL}|{_CODE}|{_HYPHENED}")  # each word is read twice


class Token(NamedTuple):
    """One word of a text: its folded form, the stems it may have, where it stands."""

    form: str
    stems: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compound:
    """Several words written as one (e-mail, SIRET, hyphens): its letters and figures in a row."""

    joined: str
    start: int
    end: int


def tokens(text: str, language: str = "fr") -> list[Token]:
    """Give the words of a text that can be searched, in their order."""
    found = []
    for match in _WORD.finditer(text):
        form, stems = forms(match[0].lower()[:LONGEST], language)
        start, end = match.span()
        elided = form in _ELIDED and text[end : end + 1] in _APOSTROPHES and end < len(text)
        if form and form not in _STOP and not elided:
            found.append(Token(form, stems, start, end))
    return found


def compounds(text: str) -> list[Compound]:
    """Give what is written with several words and meant as one."""
    found = (_COMPOUND_OR_E_MAIL if "@" in text else _COMPOUND).finditer(text)
    joined = ((fold(m[0]).replace(" ", "")[:LONGEST], m.start(), m.end()) for m in found)
    return [Compound(*one) for one in joined if one[0]]


@lru_cache(maxsize=131_072)
def forms(word: str, language: str) -> tuple[str, tuple[str, ...]]:
    """Give the folded form of a lower-case word and its stems, with and without accents."""
    form = fold(word).replace(" ", "")
    stem = _stemmer(language).stemWord
    return form, tuple(sorted({fold(stem(word)).replace(" ", ""), stem(form)} - {""}))


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(LANGUAGES.get(language, "french"))
