"""The piece of a text that shows why it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communs.core.search.engine.terms import Asked
from communs.core.search.engine.words import Token, tokens

WIDTH = 180  # letters
_BEFORE = 40
_READ = 20_000  # letters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the original text, asked for or not."""

    text: str
    asked: bool = False


def marked(text: str, asked: Sequence[Asked], language: str = "fr") -> list[Piece]:
    """Cut a text into pieces, those asked for told apart."""
    return _cut(text, _found(text, asked, language), 0, len(text))


def extract(text: str, asked: Sequence[Asked], language: str = "fr") -> list[Piece]:
    """Give the piece of a text where most of what was asked stands close together."""
    text = text[:_READ]
    found = _found(text, asked, language)
    if not found:
        return [Piece(_shortened(text, 0, WIDTH))] if text else []
    best = max(found, key=lambda one: (_held(found, one.start), -one.start))
    start = _word_start(text, max(0, best.start - _BEFORE))
    end = _word_end(text, max(start + WIDTH, best.end))
    pieces = _cut(text, found, start, end)
    head = [Piece("… ")] if start else []
    return [*head, *pieces, *([Piece(" …")] if end < len(text) else [])]


def _found(text: str, asked: Sequence[Asked], language: str) -> list[Token]:
    parts = [part for one in asked for part in one.parts]
    forms, stems = {part.form for part in parts}, {stem for part in parts for stem in part.stems}
    begun = tuple(part.form for one in asked if one.begins for part in one.parts)
    return [
        token
        for token in tokens(text, language)
        if token.form in forms
        or not stems.isdisjoint(token.stems)
        or (begun and token.form.startswith(begun))
    ]


def _held(found: list[Token], start: int) -> int:
    """Count the different words found within an extract that begins here."""
    return len({t.form for t in found if start <= t.start < start + WIDTH - _BEFORE})


def _cut(text: str, found: list[Token], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for token in found:
        if token.start >= start and token.end <= end:
            pieces += [Piece(text[at : token.start]), Piece(text[token.start : token.end], True)]
            at = token.end
    return [piece for piece in (*pieces, Piece(text[at:end])) if piece.text]


def _word_start(text: str, at: int) -> int:
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return min(at, len(text))


def _shortened(text: str, start: int, width: int) -> str:
    end = _word_end(text, start + width)
    return text[start:end] + (" …" if end < len(text) else "")
