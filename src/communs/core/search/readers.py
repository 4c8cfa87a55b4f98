"""Who asks, and what they may find: decided before anything is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from communs.core.access import rules
from communs.core.communities.models import Affiliation, Community
from communs.core.communities.scope import across, current
from communs.core.kit.periods import in_force
from communs.core.registry.models import Activation
from communs.core.registry.service import Running
from communs.core.search.backends.shelves import Shelf
from communs.core.search.documents import only
from communs.core.search.engine.terms import PUBLIC, Either, Expression, Term
from communs.core.search.models import Document, Word

CORE = "communities"  # documents of the house itself, which no one switches off
_REASON = "the search reads what every community has published"


@dataclass(frozen=True, slots=True)
class Reader:
    """What one person may find from one community.

    `everywhere` adds to what they may read here what all other communities have published.
    """

    community: Community
    audiences: tuple[str, ...]
    services: Q
    everywhere: bool = False
    without: Community | None = field(default=None)

    def shelves(self) -> Iterator[tuple[Shelf, Sequence[Expression]]]:
        """Give where to look, and what a document must hold there besides to be found."""
        if self.everywhere:
            yield Shelf.PUBLIC, ()
        elif PUBLIC in self.audiences:
            yield Shelf.PUBLIC, (Term(mark(self.community, PUBLIC)),)
        own = [Term(mark(self.community, one)) for one in self.audiences if one != PUBLIC]
        if own:
            yield Shelf.OTHERS, (Either(own),)

    def reading(self) -> AbstractContextManager[Any]:
        """Open what is read: this community, or all of them to read only."""
        return across(_REASON) if self.everywhere else nullcontext()

    def documents(self) -> QuerySet[Document]:
        """Give the documents that may be found; the tables' own say, whatever the index holds."""
        rows = self._held(Document).filter(self.services)
        return rows.exclude(community=self.without) if self.without else rows

    def words(self) -> QuerySet[Word]:
        """Give the words that may be told."""
        return self._held(Word)

    def _held(self, model: Any) -> QuerySet[Any]:
        if not self.everywhere:
            return model.objects.filter(audience__in=self.audiences)
        own = Q(community=self.community, audience__in=self.audiences)
        return model.everywhere.filter(own | Q(audience=PUBLIC))


def mark(community: Community, audience: str) -> str:
    """Give the term of what one audience of one community may find."""
    return f"@{community.pk.hex}.{audience}"


def reader_here(person: Any, running: Mapping[str, Running]) -> Reader:
    """Give what a person may find in the community in force, of the services that are on."""
    on = [key for key, run in running.items() if run.on]
    return Reader(current(), audiences_of(person), Q(service__in=[CORE, *on]))


def reader_everywhere(person: Any, *, on: date, without: Community | None = None) -> Reader:
    """Give what a person may find here, and what all communities have published."""
    return Reader(current(), audiences_of(person), _running(on), everywhere=True, without=without)


def audiences_of(person: Any) -> tuple[str, ...]:
    """Give the audiences a person is of in the community in force."""
    if person is None or not person.is_authenticated:
        return (PUBLIC,)
    held = [name for name in rules.names() if rules.may(person, name)]
    return (PUBLIC, only(person), *held)


def _running(on: date) -> Q:
    """Tell which services' documents are shown, community by community, as the gate would."""
    columns = ("service", "community_id", "on", "covers_children")
    with across(_REASON):
        rows = list(Activation.everywhere.order_by().values_list(*columns))
    shown = Q(service=CORE)
    for service in {row[0] for row in rows}:
        own = {community: (on_, lends) for name, community, on_, lends in rows if name == service}
        shown |= Q(service=service) & (_own(own) | _lent(own, on))
    return shown


def _own(own: Mapping[Any, tuple[bool, bool]]) -> Q:
    return Q(community__in=[community for community, (on, _lends) in own.items() if on])


def _lent(own: Mapping[Any, tuple[bool, bool]], on: date) -> Q:
    """Keep the communities that have no say of their own and are in a group that lends."""
    lending = [community for community, (is_on, lends) in own.items() if is_on and lends]
    if not lending:
        return Q(pk__in=[])
    members = Affiliation.objects.filter(in_force(on), group__in=lending).values("member")
    return Q(community__in=members) & ~Q(community__in=list(own))
