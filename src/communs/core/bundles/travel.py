"""Which tables of a service go along with its configuration, and their rows as plain values.

A model says it: `class Travel` names its `title`, its natural `key` within a community, and the
`fields` that travel, each with its words; `told`, by field, puts into words a value that says
nothing by itself. A key or a field may point at another such table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from communs.core.bundles.engine.merging import Key, Row
from communs.core.communities.owned import Owned
from communs.core.registry.service import Service

_PLAIN = (bool, int, str, float, dict, list, type(None))


class NotAccepted(Exception):
    """A value that a field of a table does not take, with the field's own sentence if any."""

    def __init__(self, field: str, sentence: str = "") -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Table:
    """A table that travels."""

    model: type[Owned]
    title: Any
    key: tuple[str, ...]
    words: Mapping[str, Any]
    sayings: Mapping[str, Callable[[Any], str]]

    @property
    def name(self) -> str:
        """The table's name in documents."""
        return str(self.model._meta.model_name)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every field of its rows in documents: the key, then the others."""
        return (*self.key, *self.words)

    @property
    def naming(self) -> str:
        """The field by which a reader knows a row: `name` where there is one, or the first."""
        return "name" if "name" in self.words else next(iter(self.words), self.key[0])

    def field(self, name: str) -> Any:
        """Give the model's field of this name."""
        return self.model._meta.get_field(name)

    def points_at(self) -> dict[str, Table]:
        """Give the tables that rows point at, by field."""
        fields = {name: self.field(name).related_model for name in self.columns}
        return {name: _table(model) for name, model in fields.items() if model is not None}

    def here(self) -> dict[Key, models.Model]:
        """Give the rows of the community in force by natural key; one query."""
        rows = self.model.objects.select_related(*self._joins())
        return {self.key_of(row): row for row in rows.order_by("pk")}

    def key_of(self, row: models.Model) -> Key:
        """Give a row's natural key; what points at another row is that row's own key."""
        return tuple(frozen(self.value(row, name)) for name in self.key)

    def told(self, row: models.Model) -> Row:
        """Give the fields of a row, without its key, as plain values."""
        return {name: self.value(row, name) for name in self.words}

    def value(self, row: models.Model, name: str) -> Any:
        """Give a field of a row as JSON has it."""
        field = self.field(name)
        if field.related_model is not None:
            pointed = getattr(row, name)
            return None if pointed is None else thawed(_table(field.related_model).key_of(pointed))
        return plain(field, field.value_from_object(row))

    def accepted(self, name: str, raw: Any) -> Any:
        """Check a value of a document against the field and give it, or raise NotAccepted."""
        field = self.field(name)
        if field.related_model is not None:
            return self._accepted_key(name, raw)
        try:
            value = _cleaned(field, raw)
        except ValidationError as error:
            raise NotAccepted(name, " ".join(error.messages)) from error
        if plain(field, value) != raw or type(plain(field, value)) is not type(raw):
            raise NotAccepted(name)
        return raw

    def _accepted_key(self, name: str, raw: Any) -> Any:
        field, pointed = self.field(name), self.points_at()[name]
        if raw is None and field.null:
            return None
        if not isinstance(raw, list) or len(raw) != len(pointed.key):
            raise NotAccepted(name)
        for part, value in zip(pointed.key, raw, strict=True):
            try:
                pointed.accepted(part, value)
            except NotAccepted as error:
                raise NotAccepted(name, error.sentence) from error
        return raw

    def usual(self, name: str) -> Any:
        """Give what a field holds when nothing is said, as JSON has it."""
        field = self.field(name)
        return None if field.related_model is not None else plain(field, field.get_default())

    def set(self, row: models.Model, name: str, raw: Any, pointed: Mapping[Key, Any]) -> None:
        """Write a plain value into a row; `pointed` gives the rows it may point at."""
        field = self.field(name)
        if field.related_model is not None:
            setattr(row, name, None if raw is None else pointed[frozen(raw)])
        else:
            setattr(row, field.attname, field.to_python(raw))

    def _joins(self) -> list[str]:
        found = []
        for name, pointed in self.points_at().items():
            found += [name, *(f"{name}__{more}" for more in pointed.joins_of_key())]
        return found

    def joins_of_key(self) -> list[str]:
        """Give what a query must join for the natural key."""
        return [join for join in self._joins() if join.partition("__")[0] in self.key]


@lru_cache(maxsize=64)
def tables(service: Service) -> tuple[Table, ...]:
    """Give the tables of a service that travel, those pointed at first."""
    waiting = [_table(model) for model in service.get_models() if "Travel" in vars(model)]
    ordered: list[Table] = []
    while waiting:
        names = {table.name for table in waiting}
        ready = [t for t in waiting if not {p.name for p in t.points_at().values()} & names]
        if not ready:
            message = f"Tables that travel point at each other: {sorted(names)}"
            raise LookupError(message)
        ordered += ready
        waiting = [table for table in waiting if table not in ready]
    return tuple(ordered)


@lru_cache(maxsize=256)
def _table(model: Any) -> Table:
    said: Any = vars(model)["Travel"]
    return Table(model, said.title, tuple(said.key), dict(said.fields), getattr(said, "told", {}))


def held(
    table: Table,
    rows: Sequence[models.Model],
    leaving: Iterable[Any],
    turned: Mapping[tuple[str, str], set[Any]],
) -> set[Any]:
    """Give the keys of rows that others point at; a query a relation.

    Rows that are leaving do not count, nor those `turned` elsewhere, by table and field.
    """
    keys, gone = [row.pk for row in rows], set(leaving)
    found: set[Any] = set()
    for relation in table.model._meta.related_objects if keys else ():
        field: Any = relation.field
        model: Any = relation.related_model
        away = gone | turned.get((model._meta.model_name, field.name), set())
        pointing: models.QuerySet = models.QuerySet(model).filter(**{f"{field.name}__in": keys})
        found |= set(pointing.exclude(pk__in=away).values_list(field.name, flat=True))
    return found


def frozen(value: Any) -> Any:
    """Give lists as tuples, so that a key can be looked up."""
    return tuple(frozen(part) for part in value) if isinstance(value, (list, tuple)) else value


def thawed(value: Any) -> Any:
    """Give tuples as lists, as JSON has them."""
    return [thawed(part) for part in value] if isinstance(value, (list, tuple)) else value


def plain(field: Any, value: Any) -> Any:
    """Give a field's value as JSON has it; decimals with as many places as the column."""
    if isinstance(value, Decimal):
        places = getattr(field, "decimal_places", None)
        return str(round(value, places) if places is not None else value)
    if isinstance(value, _PLAIN):
        return value
    made: Any = field.model()
    setattr(made, field.attname, value)
    return field.value_to_string(made)


def rows_out(table: Table, rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Give rows as documents have them, in the order of their keys."""
    told = [{name: table.value(row, name) for name in table.columns} for row in rows]
    return sorted(told, key=lambda row: [str(row[name]) for name in table.key])


def _cleaned(field: Any, raw: Any) -> Any:
    value = field.to_python(raw)
    empty = value in ([], {}) and isinstance(field, models.JSONField)
    if not empty:
        field.validate(value, None)
    field.run_validators(value)
    return value
