"""Finding: what answers a question, in order, for one reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from django.utils.translation import gettext_lazy as _

from communs.core.communities.scope import current
from communs.core.kit.text import fold
from communs.core.registry import queries as registry
from communs.core.registry.service import Finding
from communs.core.search import communities
from communs.core.search.backends import backend
from communs.core.search.documents import Searchable, subject_of
from communs.core.search.engine.nearness import nearest, sounds_near
from communs.core.search.engine.ranking import score
from communs.core.search.engine.terms import All, Asked, Expression, Term, asked
from communs.core.search.index import kind_mark, service_mark
from communs.core.search.models import Document
from communs.core.search.ranked import Ranked
from communs.core.search.readers import Reader

MOST_COUNTED = 200
MOST_RANKED = 100
MOST_COMPLETED = 8
_SHORTEST_BEGUN, _SHORTEST_COMPLETED = 3, 2  # letters
_MOST_NEAR = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; an empty filter is none."""

    text: str
    service: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers: documents in order, how many there are, and how the words were understood.

    `count` stops at MOST_COUNTED (`more` tells): then `documents` are the MOST_RANKED best.
    `corrections` are pairs of the word as typed and the word it was taken for.
    """

    documents: Sequence[Document] = ()
    count: int = 0
    more: bool = False
    services: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()


def find(question: Question, reader: Reader) -> Found:
    """Give what answers a question; words that nothing holds are taken for the nearest known."""
    words = asked(question.text)
    if not words:
        return Found()
    with reader.reading():
        found = _found(question, words, reader)
        if found.services:
            return found
        meant = tuple(one for word in words for one in _meant(word, reader))
        if meant == words:
            return found
        return replace(_found(question, meant, reader), corrections=_told(meant))


def complete(text: str, reader: Reader) -> list[Document]:
    """Give the documents whose title holds what is being typed, its last word only begun."""
    words = asked(text)
    if not words or len(words[-1].written) < _SHORTEST_COMPLETED:
        return []
    last = words[-1]
    if not text[-1:].isspace() and not last.joined:
        words = (*words[:-1], replace(last, begins=True))
    with reader.reading():
        numbers = _held(words, reader, MOST_RANKED, title=True)
        return _in_order(numbers, words, reader)[:MOST_COMPLETED]


def documents() -> Iterator[Searchable]:
    """Give all that the community in force has to be found, as its services tell it now."""
    if current().is_metropolis:
        yield from communities.documents()
    for service in registry.services():
        tell = getattr(service.module_named("queries"), "documents", None)
        yield from tell() if tell else ()


def findings() -> Sequence[Finding]:
    """Tell whether the index of the community in force holds what its services tell; reads all."""
    told = {subject_of(thing.subject) for thing in documents()}
    kept = set(Document.objects.values_list("subject", flat=True))
    if told == kept:
        return ()
    words = _("The search index differs from its source: run “communs search-rebuild”.")
    return (Finding("warning", words),)


def _found(question: Question, words: tuple[Asked, ...], reader: Reader) -> Found:
    numbers = _held(words, reader, MOST_COUNTED + 1)
    if not numbers:
        return Found(asked=words)
    rows = _facets(numbers, reader)
    services, kinds = _counted(rows, question)
    marks = _filters(question)
    if marks and len(numbers) > MOST_COUNTED:
        numbers = _held(words, reader, MOST_COUNTED + 1, marks=marks)
        rows = _facets(numbers, reader)
    chosen = [number for number in numbers if number in rows and _chosen(rows[number], question)]
    ranked = chosen if len(chosen) <= MOST_COUNTED else _best(words, reader, marks, chosen)
    return Found(
        documents=_in_order(ranked, words, reader),
        count=min(len(chosen), MOST_COUNTED),
        more=len(chosen) > MOST_COUNTED,
        services=services,
        kinds=kinds,
        asked=words,
    )


def _held(
    words: Sequence[Asked],
    reader: Reader,
    limit: int,
    *,
    title: bool = False,
    exact: bool = False,
    marks: Sequence[Term] = (),
) -> list[int]:
    parts: list[Expression] = [word.expression(title=title, exact=exact) for word in words]
    found = [
        backend().newest(All([*parts, *scope, *marks]), limit, shelf)
        for shelf, scope in reader.shelves()
    ]
    return found[0] if len(found) == 1 else sorted(chain(*found), reverse=True)[:limit]


def _best(
    words: Sequence[Asked], reader: Reader, marks: Sequence[Term], newest: Sequence[int]
) -> list[int]:
    """Give, of more documents than can be ranked, those that hold the words in the best places.

    Several words as they are written are not looked for in texts: each look crosses all their
    documents again.
    """
    best: dict[int, None] = {}
    places = ((True, True), (True, False), (False, True))
    for title, exact in places if len(words) == 1 else places[:2]:
        found = _held(words, reader, MOST_RANKED, title=title, exact=exact, marks=marks)
        best |= dict.fromkeys(found)
        if len(best) >= MOST_RANKED:
            break
    return list(best | dict.fromkeys(newest))[:MOST_RANKED]


def _facets(numbers: Sequence[int], reader: Reader) -> dict[int, tuple[str, str]]:
    rows = reader.documents().filter(number__in=numbers).order_by()
    return {
        number: (service, kind)
        for number, service, kind in rows.values_list("number", "service", "kind")
    }


def _counted(
    rows: dict[int, tuple[str, str]], question: Question
) -> tuple[dict[str, int], dict[str, int]]:
    """Count by service, and by kind within the service chosen if one is."""
    services = Counter(service for service, _kind in rows.values())
    inside = (kind for service, kind in rows.values() if question.service in {"", service})
    return dict(services.most_common()), dict(Counter(inside).most_common())


def _filters(question: Question) -> list[Term]:
    marks = [service_mark(question.service)] if question.service else []
    return [Term(mark) for mark in (*marks, *([kind_mark(question.kind)] if question.kind else []))]


def _chosen(row: tuple[str, str], question: Question) -> bool:
    return question.service in {"", row[0]} and question.kind in {"", row[1]}


def _in_order(numbers: Sequence[int], words: Sequence[Asked], reader: Reader) -> Ranked:
    """Rank documents by what stands where in them; their rows are read when they are shown."""
    rows = reader.documents().filter(number__in=numbers).order_by()
    told = rows.values_list("number", "pk", "title", "terms")
    ranked = sorted(
        (-score(terms, title, words), -number, key) for number, key, title, terms in told
    )
    return Ranked([(-number, key) for _score, number, key in ranked], reader)


def _meant(word: Asked, reader: Reader) -> tuple[Asked, ...]:
    """Give the word itself if something holds it, else as a beginning, else the nearest known."""
    if _held([word], reader, 1):
        return (word,)
    if word.joined and len(word.parts) > 1:
        parts = (Asked(part.form, (part,)) for part in word.parts)
        return tuple(one for part in parts for one in _meant(part, reader))
    begun = replace(word, begins=True)
    form = word.parts[0].form
    if len(form) >= _SHORTEST_BEGUN and _held([begun], reader, 1):
        return (begun,)
    near = reader.words().filter(sound__in=sounds_near(form)).values_list("word", flat=True)
    known = nearest(form, near.distinct().order_by()[:_MOST_NEAR])
    return (replace(asked(known)[0], written=word.written) if known else word,)


def _told(meant: Sequence[Asked]) -> tuple[tuple[str, str], ...]:
    """Give each word that was replaced, as typed and as taken."""
    return tuple(
        (word.written, word.parts[0].form)
        for word in meant
        if not word.joined and fold(word.written) != word.parts[0].form
    )
