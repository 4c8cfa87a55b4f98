"""What the index holds of a document, and what is asked of it.

A term is a word with a mark before it: `mot` the form, `~mot` a stem, `^mot` and `^~mot` the same
in the title; `@…` says who may read, `#…` which service and which kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from communs.core.search.engine.words import LANGUAGES, Token, compounds, forms, tokens

MOST_WORDS = 12  # of a question
MOST_LETTERS = 60_000  # of a document's text
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the index, or all that begin with it."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: Sequence[Expression]


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least must hold."""

    parts: Sequence[Expression]


Expression = Term | All | Either


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked: a word, or several meant as one; `begins` when it is only begun."""

    written: str
    parts: tuple[Token, ...]
    joined: str = ""
    begins: bool = False

    def expression(self, *, title: bool, exact: bool) -> Expression:
        """Give what the index must hold for it."""
        mark = "^" if title else ""
        whole = [All([self._part(part, mark, exact=exact) for part in self.parts])]
        return Either([*whole, Term(mark + self.joined)]) if self.joined else whole[0]

    def _part(self, part: Token, mark: str, *, exact: bool) -> Expression:
        if self.begins:
            return Term(mark + part.form, begins=True)
        if exact:
            return Term(mark + part.form)
        return Either([Term(f"{mark}~{stem}") for stem in part.stems])


def asked(text: str) -> tuple[Asked, ...]:
    """Give what a question asks for; words that carry no subject are left out."""
    whole = compounds(text)
    words = _in_both(text)
    found = {}
    for compound in whole:
        parts = tuple(w for w in words if compound.start <= w.start and w.end <= compound.end)
        if parts:
            written = text[compound.start : compound.end]
            found[compound.start] = Asked(written, parts, compound.joined)
    for word in words:
        if not any(c.start <= word.start < c.end for c in whole):
            found[word.start] = Asked(text[word.start : word.end], (word,))
    return tuple(found[start] for start in sorted(found))[:MOST_WORDS]


def document_terms(title: str, text: str, language: str, marks: Iterable[str]) -> str:
    """Give the terms of a document in one line, each word as often as it stands there."""
    text = text[:MOST_LETTERS]
    entitled, said = tokens(title, language), tokens(text, language)
    whole, told = _joined(title, language), _joined(text, language)
    terms = [token.form for token in (*entitled, *said)]
    terms += sorted({token.form for token in (*whole, *told)})
    terms += sorted(_stems(entitled + said + whole + told))
    titles = {token.form for token in entitled + whole} | _stems(entitled + whole)
    return " ".join([*terms, *sorted(f"^{term}" for term in titles), *sorted(marks)])


def _joined(text: str, language: str) -> list[Token]:
    """Give what is meant as one word, as the word it would be."""
    return [Token(*forms(c.joined, language), c.start, c.end) for c in compounds(text)]


def _stems(said: Iterable[Token]) -> set[str]:
    return {f"~{stem}" for token in said for stem in token.stems}


def vocabulary(title: str, text: str) -> set[str]:
    """Give the words of a document that may correct a misspelt one."""
    said = tokens(f"{title}\n{text[:MOST_LETTERS]}")
    return {t.form for t in said if len(t.form) > 2 and t.form.isalpha()}  # noqa: PLR2004 -- « rue », not « au »


def _in_both(text: str) -> list[Token]:
    """Give a question's words with their stems in every language: it does not say its own."""
    by_language = [tokens(text, language) for language in LANGUAGES]
    return [
        Token(same[0].form, tuple(sorted({s for t in same for s in t.stems})), *_place(same[0]))
        for same in zip(*by_language, strict=True)
    ]


def _place(token: Token) -> tuple[int, int]:
    return token.start, token.end
