"""The order of what was found: titles before texts, exact words before their stems.

All words asked stand in every document found, so how rare a word is weighs on all alike: what
differs is where each stands, how often, and among how many (the terms of BM25 that are left).
"""

from __future__ import annotations

from collections.abc import Sequence

from communs.core.kit.text import fold
from communs.core.search.engine.terms import Asked
from communs.core.search.engine.words import Token

_TITLE_EXACT, _TITLE_STEM, _EXACT, _STEM = 8.0, 5.0, 2.0, 1.0
_WHOLE_TITLE, _PHRASE = 20.0, 4.0
_SATURATION, _LENGTH_WEIGHT, _USUAL_LENGTH = 1.2, 0.75, 120


def score(terms: str, title: str, asked: Sequence[Asked]) -> float:
    """Give how well a document, known by its terms, answers; more is better."""
    bag = terms.split(" ")  # a few words are looked for: counting all of them would cost more
    length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(bag) / _USUAL_LENGTH
    words = [part for one in asked for part in one.parts]
    return sum(_word(part, bag, length) for part in words) + _title(title, words)


def _word(part: Token, bag: list[str], length: float) -> float:
    often = bag.count(part.form)
    worth = _EXACT * often * (_SATURATION + 1) / (often + _SATURATION * length)
    if not often:
        worth = _STEM
    if f"^{part.form}" in bag:
        return worth + _TITLE_EXACT
    in_title = any(f"^~{stem}" in bag for stem in part.stems)
    return worth + (_TITLE_STEM if in_title else 0)


def _title(title: str, words: Sequence[Token]) -> float:
    said, asked = f" {fold(title)} ", f" {' '.join(word.form for word in words)} "
    if said == asked:
        return _WHOLE_TITLE
    return _PHRASE if asked in said else 0
