"""One community's rows as lines of JSON, and back; true of every table that belongs to one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from communs.core.communities.models import Affiliation, Community, Outline, Population
from communs.core.communities.owned import Owned, owned_models
from communs.core.communities.scope import current
from communs.core.communities.walls import parents
from communs.core.people.models import Person

_BATCH = 1000
_MADE_AGAIN = {"search"}  # parts whose rows are made anew from the others
_PLAIN = (bool, int, str, float, dict, list, type(None))

Keys = Mapping[type[models.Model], Mapping[UUID, UUID]]


def tables() -> list[type[Owned]]:
    """Give every table that a community's backup holds, those pointed at first."""
    ordered: dict[type[Owned], None] = {}

    def place(model: type[Owned], coming: frozenset[type[Owned]]) -> None:
        for field in sorted(parents(model), key=lambda f: f.name):
            related: Any = field.related_model
            if related not in coming and related not in ordered:
                place(related, coming | {related})
        ordered.setdefault(model)

    for model in sorted(owned_models(apps), key=lambda m: m._meta.label):
        if model._meta.app_label not in _MADE_AGAIN and model._meta.managed:
            place(model, frozenset({model}))
    return list(ordered)


def of_here(model: type[Owned]) -> Iterator[Any]:
    """Give the rows of the community in force, whatever the table's own manager leaves out."""
    rows: models.QuerySet = models.QuerySet(model)
    return rows.filter(community_id=current().pk).order_by("pk").iterator(_BATCH)


def lines(rows: Iterable[models.Model]) -> Iterator[bytes]:
    """Write each row as one line, its columns in alphabetical order."""
    for row in rows:
        told = {field.name: _told(field, row) for field in _columns(type(row))}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield text.encode() + b"\n"


def digest_here() -> str:
    """Give the SHA-256 of all that the community in force holds: alike on every database."""
    total = hashlib.sha256()
    for model in tables():
        total.update(f"{model._meta.label}\n".encode())
        for line in lines(of_here(model)):
            total.update(line)
    return total.hexdigest()


def keep(model: type[models.Model], source: Iterable[bytes], keys: Keys) -> int:
    """Insert rows as they were written, no date touched; give how many.

    `keys` says under which key this installation knows a person or a community.
    """
    columns = _columns(model)
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 -- from the models
    kept, left = 0, iter(source)
    with connection.cursor() as cursor:
        while batch := list(islice(left, _BATCH)):
            told = [json.loads(line) for line in batch]
            cursor.executemany(
                statement, [[_read(field, row, keys) for field in columns] for row in told]
            )
            kept += len(batch)
    return kept


def drop_here() -> None:
    """Delete all rows of the community in force, those that point at others first."""
    with connection.cursor() as cursor:
        key = Community._meta.pk.get_db_prep_value(current().pk, connection)
        for model in reversed(tables()):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table} WHERE community_id = %s", [key])  # noqa: S608


def pointed_at(model: type[models.Model]) -> set[UUID]:
    """Give the keys of a shared table that the rows of the community in force point at."""
    found: set[UUID] = set()
    for owned in tables():
        for field in _columns(owned):
            if field.related_model is model and field.name != "community":
                rows: models.QuerySet = models.QuerySet(owned)
                here = rows.filter(community_id=current().pk).order_by()
                found |= set(here.values_list(field.attname, flat=True).distinct())
    return found - {None}


def people() -> models.QuerySet[Person]:
    """Give the accounts that the rows of the community in force name."""
    return Person.objects.filter(pk__in=pointed_at(Person)).order_by("pk")


def places() -> list[Community]:
    """Give the community in force and every other that it or its rows point at, groups first."""
    wanted = {current().pk} | pointed_at(Community)
    wanted |= set(Affiliation.objects.filter(member=current()).values_list("group", flat=True))
    while True:
        found = Community.objects.filter(pk__in=wanted)
        heirs = {p.merged_into_id for p in found if p.merged_into_id} - wanted
        if not heirs:
            break
        wanted |= heirs
    return sorted(found, key=lambda place: (place.merged_into_id is not None, place.pk))


def reference(chosen: Iterable[Community]) -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    """Give the public rows about these communities, by table."""
    keys = [place.pk for place in chosen]
    yield Affiliation, Affiliation.objects.filter(member__in=keys, group__in=keys).order_by("pk")
    yield Population, Population.objects.filter(community__in=keys).order_by("pk")
    yield Outline, Outline.objects.filter(community__in=keys).order_by("pk")


def _columns(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", 0)]


def _told(field: Any, row: models.Model) -> Any:
    value = field.value_from_object(row)
    return value if isinstance(value, _PLAIN) else field.value_to_string(row)


def _read(field: Any, row: Mapping[str, Any], keys: Keys) -> Any:
    value = field.to_python(row[field.name])
    if field.related_model in keys:
        value = keys[field.related_model].get(value, value)
    return field.get_db_prep_save(value, connection)
