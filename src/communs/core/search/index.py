"""Keeping the index: what an action shows or hides is found or not from the same instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.text import slugify

from communs.core.communities.scope import current
from communs.core.search.backends import backend
from communs.core.search.backends.shelves import Shelf, shelf_of
from communs.core.search.documents import Searchable, subject_of
from communs.core.search.engine.nearness import sound
from communs.core.search.engine.terms import All, Term, document_terms, vocabulary
from communs.core.search.models import Document, Word
from communs.core.search.readers import mark

T = TypeVar("T")
_BATCH = 500
_TITLE_LENGTH = 300
_FIRST_DAY = date(1970, 1, 1)
_NO_DAY = 0xFFFF
_KEY_BITS = 47
_CONTENT = (
    "service", "kind", "title", "text", "language", "audience", "route", "args", "place_id",
    "number", "terms",
)  # fmt: skip
_WRITTEN = [name.removesuffix("_id") for name in _CONTENT]


def index(*things: Searchable) -> None:
    """Make things found, or found as they now are, in the community in force."""
    with transaction.atomic():
        for batch in batches(things):
            keep(batch)


def drop(*subjects: models.Model | str) -> None:
    """Make things found no more in the community in force."""
    names = [one if isinstance(one, str) else subject_of(one) for one in subjects]
    with transaction.atomic():
        for batch in batches(names):
            _forget(list(Document.objects.filter(subject__in=batch)))


def keep(things: Iterable[Searchable]) -> set[str]:
    """Write what differs from what is kept; give the subjects. The caller opens a transaction."""
    rows = {row.subject: row for row in (_document(thing) for thing in things)}
    kept = {row.subject: row for row in Document.objects.filter(subject__in=rows)}
    new = [row for name, row in rows.items() if _content(row) != _content(kept.get(name))]
    old = [kept[row.subject] for row in new if row.subject in kept]
    Document.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["community", "subject"], update_fields=_WRITTEN
    )
    for shelf in Shelf:
        backend().remove(_entries(old, shelf), shelf)
        backend().add(_entries(new, shelf), shelf)
    said = _words(new)
    _learn(said)
    _unlearn(_words(old) - said)
    return set(rows)


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Cut a long run of things into lists that fit in one statement."""
    left = iter(things)
    while batch := list(islice(left, _BATCH)):
        yield batch


def service_mark(service: str) -> str:
    """Give the term of what a service shows."""
    return f"#{service}"


def kind_mark(kind: str) -> str:
    """Give the term of a kind of thing."""
    return f"#.{slugify(kind)}"


def _forget(rows: list[Document]) -> None:
    for shelf in Shelf:
        backend().remove(_entries(rows, shelf), shelf)
    Document.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _unlearn(_words(rows))


def _document(thing: Searchable) -> Document:
    service = thing.subject._meta.app_label
    subject, title = subject_of(thing.subject), thing.title[:_TITLE_LENGTH]
    marks = [mark(current(), thing.audience), service_mark(service), kind_mark(thing.kind)]
    return Document(
        community=current(),
        service=service,
        kind=thing.kind,
        subject=subject,
        title=title,
        text=thing.text,
        language=thing.language,
        audience=thing.audience,
        route=thing.route,
        args=list(thing.args),
        place=thing.place,
        number=_number(subject, thing.on),
        terms=document_terms(title, thing.text, thing.language, marks),
    )


def _number(subject: str, on: date | None) -> int:
    """Give 63 bits that sort by day; the rest comes from the subject, so that it never moves."""
    days = _NO_DAY if on is None else min(max((on - _FIRST_DAY).days, 0), _NO_DAY - 1)
    digest = blake2b(f"{current().pk.hex} {subject}".encode(), digest_size=8).digest()
    return days << _KEY_BITS | int.from_bytes(digest) >> (64 - _KEY_BITS)


def _content(row: Document | None) -> list[Any]:
    return [getattr(row, name) for name in _CONTENT] if row else []


def _entries(rows: list[Document], shelf: Shelf) -> list[tuple[int, str]]:
    return [(row.number, row.terms) for row in rows if shelf_of(row.audience) is shelf]


def _words(rows: Iterable[Document]) -> set[tuple[str, str]]:
    return {(row.audience, word) for row in rows for word in vocabulary(row.title, row.text)}


def _learn(said: set[tuple[str, str]]) -> None:
    """Add words not known yet, in one order, so that two writers do not wait for each other."""
    words = {word for _audience, word in said}
    rows = Word.objects.filter(word__in=words, audience__in={audience for audience, _word in said})
    new = sorted(said - set(rows.values_list("audience", "word")))
    Word.objects.bulk_create(
        (Word(audience=audience, word=word, sound=sound(word)) for audience, word in new),
        ignore_conflicts=True,
    )


def _unlearn(said: set[tuple[str, str]]) -> None:
    """Remove the words that no document of their audience holds any more."""
    for audience, word in sorted(said):
        held = All([Term(word), Term(mark(current(), audience))])
        if not backend().newest(held, 1, shelf_of(audience)):
            Word.objects.filter(audience=audience, word=word).delete()
