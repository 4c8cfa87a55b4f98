"""Everything that is kept about one person, in every table and every community."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from communs.core.communities.models import Community
from communs.core.communities.scope import across, within
from communs.core.kit.privacy import Fate
from communs.core.people.models import Person
from communs.core.privacy.declarations import Declaration, declarations, value_for

_REASON = "what is kept about one person, wherever it is"


@dataclass(frozen=True, slots=True)
class Holding:
    """The rows of a table in which a person stands at one place; None: shared by all communities.

    `facts` are plain values by column, without secrets and without who else stands in the row.
    """

    declaration: Declaration
    path: str
    community: Community | None
    facts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def fate(self) -> Fate:
        return self.declaration.whose[self.path]

    def rows(self, person: Person) -> Any:
        """Give the rows to be changed, inside `opened()`."""
        model: Any = self.declaration.model
        return model.objects.filter(**_where(self.declaration, self.path, person))

    def opened(self) -> AbstractContextManager[Any]:
        """Open the community of these rows, so that they can be changed."""
        return within(self.community) if self.community else nullcontext()


def holdings(person: Person) -> list[Holding]:
    """Give all that is kept about a person: one query a table and place, for all communities."""
    found = []
    for declaration in declarations():
        for path in declaration.whose:
            found += list(_held(declaration, path, person))
    return found


def _held(declaration: Declaration, path: str, person: Person) -> Iterator[Holding]:
    columns = _columns(declaration, path)
    rows = _read(declaration, path, person, columns)
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.pop("community_id", None), []).append(row)
    places = Community.objects.in_bulk([key for key in groups if key is not None])
    for key, facts in groups.items():
        yield Holding(declaration, path, places.get(key), facts)


def _read(
    declaration: Declaration, path: str, person: Person, columns: list[str]
) -> list[dict[str, Any]]:
    model: Any = declaration.model
    if not declaration.is_owned:
        rows = model.objects.filter(**_where(declaration, path, person))
        return list(rows.values(*columns))
    with across(_REASON):
        rows = model.everywhere.filter(**_where(declaration, path, person))
        return list(rows.order_by("pk").values("community_id", *columns))


def _where(declaration: Declaration, path: str, person: Person) -> dict[str, Any]:
    return {path: value_for(declaration, path, person)}


def _columns(declaration: Declaration, path: str) -> list[str]:
    """Give what may be told: no secret, nobody else's key, no number of the index."""
    others = {other.partition("__")[0] for other in declaration.whose} - {path.partition("__")[0]}
    hidden = {*declaration.secret, *others, "community"}
    return [
        f.attname
        for f in declaration.model._meta.concrete_fields
        if f.name not in hidden and not isinstance(f, models.BinaryField)
    ]
