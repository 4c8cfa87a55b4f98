"""What the search page shows: documents of the index, and the services that run here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from communs.core.communities.addresses import url_of
from communs.core.kit.text import fold
from communs.core.registry import queries as registry
from communs.core.registry.request import Request
from communs.core.search import queries
from communs.core.search.engine.extracts import Piece, extract, marked
from communs.core.search.engine.terms import Asked
from communs.core.search.models import Document
from communs.core.search.queries import Found, Question
from communs.core.search.readers import CORE, Reader, reader_everywhere, reader_here
from communs.core.web import catalogue

PAGE_SIZE = 20
MOST_ELSEWHERE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as the list shows it; what was asked is told apart in its title and extract."""

    title: Sequence[Piece]
    extract: Sequence[Piece]
    href: str
    kind: str
    community: str
    language: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a link."""

    label: str
    href: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A way to narrow what was found."""

    title: str
    choices: list[Choice]


def reader_of(request: Request, on: date, *, wide: bool) -> Reader:
    """Give what this request's person may find: here, or (`wide`) in the whole metropolis."""
    if wide or request.community.is_metropolis:
        return reader_everywhere(request.user, on=on)
    return reader_here(request.user, request.running)


def elsewhere(request: Request, question: Question, on: date) -> Found:
    """Give what the rest of the metropolis has published, for a commune's or territory's page."""
    others = reader_everywhere(request.user, on=on, without=request.community)
    return queries.find(question, others)


def services(request: Request, query: str) -> list[catalogue.Shown]:
    """Give the services running here that the words name."""
    asked = fold(query)
    return [
        card
        for card in catalogue.shown(request)
        if card.href and asked and asked in fold(f"{card.title} {card.summary}")
    ]


def shown(rows: Iterable[Document], asked: Sequence[Asked], here: object) -> list[Shown]:
    """Give documents as a list shows them; those of another community are told with its name."""
    return [
        Shown(
            title=marked(row.title, asked, row.language),
            extract=extract(row.text, asked, row.language),
            href=href_of(row),
            kind=_(row.kind),
            community="" if row.community == here or row.place else row.community.name,
            language=row.language,
        )
        for row in rows
    ]


def href_of(row: Document) -> str:
    """Give the address of what a document is about, in the language in force."""
    return url_of(row.place or row.community, row.route, *row.args)


def filters(found: Found, question: Question, *, wide: bool) -> list[Filter]:
    """Give the filters that would leave something, by service, then by kind."""
    services = [(key, service_title(key), n) for key, n in found.services.items()]
    kinds = [(kind, _(kind), n) for kind, n in found.kinds.items()]
    by_service = _choices("service", services, question.service, question, found, wide=wide)
    by_kind = _choices("kind", kinds, question.kind, question, found, wide=wide)
    named = (Filter(_("Narrow by service"), by_service), Filter(_("Narrow by kind"), by_kind))
    return [one for one in named if one.choices]


def service_title(key: str) -> str:
    """Give what a service is called; the house's own documents are communities."""
    service = None if key == CORE else registry.by_key(key)
    return str(service.title) if service else _("Communes and territories")


def address(question: Question, *, wide: bool, **changes: str) -> str:
    """Give the query of the search page with some of its filters changed."""
    values = {"q": question.text, "service": question.service, "kind": question.kind}
    values |= {"where": "all" if wide else ""} | changes
    return f"?{urlencode({name: value for name, value in values.items() if value})}"


def _choices(
    name: str,
    values: list[tuple[str, str, int]],
    chosen: str,
    question: Question,
    found: Found,
    *,
    wide: bool,
) -> list[Choice]:
    if len(values) < 2 and not chosen:  # noqa: PLR2004 -- one choice is none
        return []
    also = {"kind": ""} if name == "service" else {}
    rows = [("", _("All"), None), *values]
    return [
        Choice(
            label,
            address(question, wide=wide, **(also | {name: value})),
            None if found.more else count,
            current=value == chosen,
        )
        for value, label, count in rows
    ]
