"""What every table says of the people in it, read from its `class Privacy`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import Basis, Fate
from communs.core.people.models import Person
from communs.core.people.privacy import THIRD_PARTY

_AGENTS = _("The agents whose work needs it")


@dataclass(frozen=True, slots=True)
class Declaration:
    """A table that keeps personal data: which, whose, why, how long."""

    model: type[models.Model]
    personal: tuple[str, ...]
    secret: tuple[str, ...]
    what: Promise | str
    purpose: Promise | str
    basis: Basis
    readers: Promise | str
    keep_days: int | None
    kept_from: str | None
    whose: Mapping[str, Fate]

    @property
    def label(self) -> str:
        """The table's name: « access.Membership »."""
        return self.model._meta.label

    @property
    def is_owned(self) -> bool:
        """Tell whether its rows belong to a community."""
        return issubclass(self.model, Owned)


@lru_cache(maxsize=1)
def declarations() -> tuple[Declaration, ...]:
    """Give every installed table that keeps personal data, those pointed at before the others."""
    found = [_read(model) for model in apps.get_models(include_auto_created=True)]
    return tuple(_parents_first([one for one in found if one is not None]))


def value_for(declaration: Declaration, path: str, person: Person) -> Any:
    """Give what a person's rows hold at `path`: their key, or their address."""
    field = column(declaration.model, path)
    return person.email if isinstance(field, models.EmailField) else person.pk


def column(model: Any, path: str) -> models.Field:
    """Give the column at the end of a path: « notification__person »."""
    first, _, rest = path.partition("__")
    field = model._meta.pk if first == "pk" else model._meta.get_field(first)
    return column(field.related_model, rest) if rest else field


def _read(model: type[models.Model]) -> Declaration | None:
    said: Any = THIRD_PARTY.get(model._meta.label) or vars(model).get("Privacy")
    if said is None or not said.personal:
        return None
    return Declaration(
        model=model,
        personal=tuple(said.personal),
        secret=tuple(getattr(said, "secret", ())),
        what=said.what,
        purpose=said.purpose,
        basis=getattr(said, "basis", Basis.PUBLIC_TASK),
        readers=getattr(said, "readers", _AGENTS),
        keep_days=said.keep_days,
        kept_from=getattr(said, "kept_from", None),
        whose=said.whose,
    )


def _parents_first(found: list[Declaration]) -> list[Declaration]:
    """Order tables so that none comes before one that it points at."""
    waiting, order = list(found), []
    while waiting:
        left = {one.model for one in waiting}
        ready = [one for one in waiting if not _pointed_at(one.model) & left] or waiting[:1]
        order += ready
        waiting = [one for one in waiting if one not in ready]
    return order


def _pointed_at(model: type[models.Model]) -> set[Any]:
    return {f.related_model for f in model._meta.concrete_fields if f.is_relation} - {model}
